"""What the library costs: `python -m kb.evaluation.bench SHARED_DIR`, the program behind `make bench`.

Three parts: ingest beside a yardstick, start of the server, searches of libraries of several sizes. Each leaves its
figures under `index/bench/`, and the section `bench` of `docs/measurements.md` shows the newest of every part. Nothing
here fails because of a time: machines differ, and shared ones are busy. Read ratios and processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from kb.embedding.loading import load_embedder
from kb.evaluation import bench_ingest, bench_queries, bench_start
from kb.evaluation.tables import Figures, write_section
from kb.settings import PROJECT_DIR, Settings, load_settings

PARTS = ("ingest", "start", "queries")
DOCUMENT = PROJECT_DIR / "docs" / "measurements.md"
_LAYOUTS = {"ingest": 1, "start": 1, "queries": 2}
"""Raised when the figures of a part are kept differently; older ones are then no longer shown."""
_YARDSTICK = Path("bench") / "stock_pipeline.py"

_out = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, keep the figures, write the section."""
    asked = _parser().parse_args(arguments)
    asked.part = asked.part or PARTS
    settings = load_settings()
    load_embedder(settings, _say)  # whatever is made of a model once is made now, and charged to nobody
    kept = settings.index_path / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-") as temporary:
        folder = Path(temporary)
        corpus, rows = _corpus(asked.shared / "corpus", asked.limit, folder)
        library = settings.model_copy(update={"data_dir": folder / "library", "index_dir": None})
        ingest = _measure_ingest(asked, corpus, rows, library)
        if "ingest" in asked.part:
            _keep(kept, "ingest", ingest)
        if "start" in asked.part:
            _keep(kept, "start", {"runs": bench_start.measure_start(library, say=_say)})
        if "queries" in asked.part:
            topics = asked.shared / "eval" / "government" / "topics.tsv"
            sizes = [*asked.sizes, *([bench_queries.MILLION] if asked.million else [])]
            measured = bench_queries.measure_sizes(
                library, topics, asked.folder or folder / "sizes", sizes=sizes, say=_say
            )
            before = _newest(kept, "queries").get("figures", {"sizes": []})["sizes"]
            _keep(kept, "queries", {"sizes": bench_queries.completed(measured, before)})
    tables = newest_tables(kept)
    for each in tables:
        _out.print(each.as_markdown(), soft_wrap=True)
    write_section(DOCUMENT, "bench", tables)


def newest_tables(kept: Path) -> list[Figures]:
    """The tables of every part that was ever measured here, from its newest figures."""
    tables: list[Figures] = []
    for part in PARTS:
        measured = _newest(kept, part)
        if not measured:
            continue
        figures, when = measured["figures"], f"{measured['when'][:10]}, {measured['machine']}."
        match part:
            case "ingest":
                made = [bench_ingest.table(figures, documents=figures["documents"], pages=figures["pages"])]
            case "start":
                made = [bench_start.table(figures["runs"])]
            case _:
                made = bench_queries.tables(figures["sizes"])
        tables += [replace(each, note=f"{each.note} Measured {when}") for each in made]
    return tables


def _newest(kept: Path, part: str) -> Mapping[str, Any]:
    """What was measured of a part last; nothing where it was never, or is kept in another way now."""
    file = kept / f"{part}.json"
    measured: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return measured if measured.get("layout") == _LAYOUTS[part] else {}


def _measure_ingest(
    asked: argparse.Namespace, corpus: Path, rows: Sequence[bench_ingest.Row], library: Settings
) -> Mapping[str, Any]:
    """Ingest into `library`, which the other parts use, and beside it the yardstick where it is asked for."""
    pages = bench_ingest.page_count(rows)
    _say(f"Reading {len(rows)} documents, {pages} pages")
    ours = bench_ingest.run_ours(corpus, library.data_dir, library)
    peer = None
    script = asked.shared.resolve() / _YARDSTICK
    if "ingest" in asked.part and script.is_file() and bench_ingest.PEER_PYTHON.is_file():
        _say("Reading them with the yardstick")
        peer = bench_ingest.run_peer(script, corpus, library)
    figures = bench_ingest.compare(ours, peer, pages=pages)
    return {"documents": len(rows), "pages": pages, "failed": ours.answer["failed"], **figures}


def _corpus(corpus: Path, limit: int | None, folder: Path) -> tuple[Path, list[bench_ingest.Row]]:
    rows = bench_ingest.read_rows(corpus / bench_ingest.MANIFEST)
    chosen = bench_ingest.evenly_spread(rows, limit)
    if len(chosen) == len(rows):
        return corpus.resolve(), rows
    bench_ingest.copy_sample(corpus, chosen, folder / "corpus")
    return folder / "corpus", chosen


def _keep(kept: Path, part: str, figures: Mapping[str, Any]) -> None:
    record = {
        "layout": _LAYOUTS[part],
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else [],
        "figures": figures,
    }
    (kept / f"{part}.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kb.evaluation.bench", description="Measure cost and latency.")
    parser.add_argument("shared", type=Path, metavar="SHARED_DIR", help="folder with corpus/, eval/ and bench/")
    parser.add_argument("--limit", type=int, help="read only so many documents, evenly spread over the corpus")
    parser.add_argument("--part", choices=PARTS, action="append", help="measure only this part; may be repeated")
    parser.add_argument("--sizes", type=int, nargs="+", default=bench_queries.SIZES, help="passages of the libraries")
    parser.add_argument("--folder", type=Path, help="make the libraries of several sizes here, and use them again")
    parser.add_argument(
        "--million", action="store_true", help="a library of a million too: an hour more, and 40 GB of disk"
    )
    return parser


def _say(message: str) -> None:
    _out.print(message, style="dim")


if __name__ == "__main__":
    main()
