"""Ingest beside the stack a tutorial would build, on the same documents and with the same model.

Both run in a process of their own, one after the other, on one thread: threads that wait by spinning would otherwise
count against whichever the machine happens to disturb. Both are given credit for the characters of what they index and
charged for everything after their model is loaded; the whole process is shown as well.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder, OnTokens, QueryVectors, Spans
from kb.embedding.folder import prepare_model
from kb.evaluation.bench_process import Cost, measure
from kb.evaluation.tables import Figures
from kb.settings import PROJECT_DIR, Settings, load_settings

MANIFEST = "MANIFEST.tsv"
Row = Mapping[str, str]
_PARTS = ("embedding_cpu_s", "tokens_cpu_s", "reading_cpu_s")
PEER_PYTHON = PROJECT_DIR / ".venv-peer" / "bin" / "python"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "KB_THREADS": "1"}


def read_rows(manifest: Path) -> list[Row]:
    """Rows of a manifest."""
    with manifest.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def evenly_spread(rows: Sequence[Row], count: int | None) -> list[Row]:
    """`count` rows at even distances over all of them, the first included; all where there are no more."""
    if not count or count >= len(rows):
        return list(rows)
    return [rows[i * len(rows) // count] for i in range(count)]


def copy_sample(corpus: Path, rows: Sequence[Row], folder: Path) -> None:
    """A corpus of only these documents, with its manifest."""
    for row in rows:
        place = folder / row["path"]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / row["path"], place)
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def page_count(rows: Sequence[Row]) -> int:
    """Pages that a manifest names; a document without pages counts as one."""
    return sum(int(row["pages"]) if row.get("pages", "").isdigit() else 1 for row in rows)


def run_ours(corpus: Path, data_dir: Path, settings: Settings) -> Cost:
    """Ingest a corpus into a new library at `data_dir`."""
    return measure(
        [sys.executable, "-m", "kb.evaluation.bench_ingest", str(corpus), str(data_dir)],
        environment={
            **_ONE_THREAD,
            "KB_MODEL": settings.model,
            "KB_MODEL_CACHE_DIR": str(settings.model_cache_dir),
            "KB_INDEX_DIR": str(data_dir / "index"),
        },
        cwd=PROJECT_DIR,
    )


def run_peer(script: Path, corpus: Path, settings: Settings) -> Cost:
    """Ingest a corpus with the yardstick, in its own environment and with the folder of our model."""
    folder = prepare_model(settings)
    return measure(
        [str(PEER_PYTHON), str(script), "--model", str(folder.path), "--corpus", str(corpus)],
        environment=_ONE_THREAD,
        cwd=corpus,
    )


def compare(ours: Cost, peer: Cost | None, *, pages: int) -> dict[str, object]:
    """The figures of both, and how many times as many characters ours gets through for a second of processor time."""
    figures: dict[str, object] = {"ours": _figures(ours, ours.answer, pages)}
    if peer is not None:
        answer = {**peer.answer, "characters": peer.answer["chars"], "passages": peer.answer["chunks"]}
        answer["ingest_cpu_s"] = peer.answer["ingest_cpu_s"]
        figures["peer"] = _figures(peer, answer, pages)
        figures["ratio"] = round(
            _rate(ours.answer["characters"], ours.answer["ingest_cpu_s"])
            / _rate(answer["characters"], answer["ingest_cpu_s"]),
            2,
        )
        figures["ratio_whole_process"] = round(
            _rate(ours.answer["characters"], ours.cpu_s) / _rate(answer["characters"], peer.cpu_s), 2
        )
    return figures


def table(figures: Mapping[str, object], *, documents: int, pages: int) -> Figures:
    """The comparison as rows."""
    names = {
        "characters_per_cpu_s": "characters per CPU-second",
        "pages_per_cpu_s": "pages per CPU-second",
        "ingest_cpu_s": "CPU-seconds of ingest",
        "process_cpu_s": "CPU-seconds of the whole process, imports and model included",
        "wall_s": "seconds by the clock, whole process",
        "passages": "passages",
        "characters": "characters in passages",
        "peak_mb": "peak memory, MB",
    }
    ours, peer = figures["ours"], figures.get("peer")
    assert isinstance(ours, dict)
    columns = [ours, *([peer] if isinstance(peer, dict) else [])]
    rows: list[tuple[str | float | int, ...]] = [
        (name, *(f"{column[key]:,}" for column in columns)) for key, name in names.items()
    ]
    note = (
        "One thread each. Memory of ours is that of the process plus that of the process that reads files, "
        f"{ours['own_peak_mb']} + {ours['children_peak_mb']} MB."
    )
    if "embedding_cpu_s" in ours:
        note += (
            f" Of its CPU-seconds {ours['embedding_cpu_s']} went into embedding and {ours['reading_cpu_s']} into "
            "reading files."
        )
    if "tokens_cpu_s" in ours:
        without = ours["ingest_cpu_s"] - ours["tokens_cpu_s"]
        note += (
            f" Making the codes of token vectors took {ours['tokens_cpu_s']} of them: ingest costs "
            f"{ours['ingest_cpu_s'] / without:.2f} times what it would without."
        )
    if "ratio" in figures:
        note = (
            f"Ours reads **{figures['ratio']} times** as many characters for a second of processor time; counted with "
            f"imports and the loading of the model, {figures['ratio_whole_process']} times. {note}"
        )
    return Figures(
        f"Ingest of {documents} documents, {pages} pages",
        "make bench",
        ("", "Kakehashi", *(["yardstick"] if len(columns) == 2 else [])),
        tuple(rows),
        note=note,
    )


def _figures(cost: Cost, answer: Mapping[str, float], pages: int) -> dict[str, int | float]:
    return {
        "characters_per_cpu_s": round(_rate(answer["characters"], answer["ingest_cpu_s"])),
        "pages_per_cpu_s": round(_rate(pages, answer["ingest_cpu_s"]), 2),
        "ingest_cpu_s": round(answer["ingest_cpu_s"], 1),
        "process_cpu_s": round(cost.cpu_s, 1),
        "wall_s": round(cost.wall_s, 1),
        "passages": int(answer["passages"]),
        "characters": int(answer["characters"]),
        "peak_mb": cost.peak_mb + cost.children_peak_mb,
        "own_peak_mb": cost.peak_mb,
        "children_peak_mb": cost.children_peak_mb,
        **{part: answer[part] for part in _PARTS if part in answer},
    }


def _rate(amount: float, cpu_s: float) -> float:
    return amount / cpu_s if cpu_s else 0.0


def _ingest(corpus: Path, settings: Settings) -> dict[str, object]:
    """Ingest in this process; gives the figures that `run_ours` reads."""
    started = time.perf_counter()
    from kb.app import open_library
    from kb.embedding.loading import load_embedder
    from kb.index.builder import write_build
    from kb.ingest.collections import open_collection
    from kb.ingest.pipeline import Pipeline
    from kb.store.passages import live

    library = open_library(settings)
    embedder = _Metered(load_embedder(settings))
    start_s, before_s, wall = time.perf_counter() - started, _cpu_s(), time.perf_counter()
    with Pipeline(settings, library.store, embedder) as pipeline:
        receipts = pipeline.ingest(open_collection(corpus))
    write_build(library.store, library.builds, embedder.model_id, embedder=embedder)
    spent_s, ingest_wall_s = _cpu_s() - before_s, time.perf_counter() - wall
    with library.store.database.read() as connection:
        lengths = [len(stored.passage.text) for stored in live(connection)]
    library.close()
    times = os.times()
    return {
        "embedding_cpu_s": round(embedder.spent_s, 2),
        "tokens_cpu_s": round(embedder.on_tokens_s, 2),
        "reading_cpu_s": round(times.children_user + times.children_system, 2),
        "documents": len(receipts),
        "failed": [receipt.path for receipt in receipts if receipt.outcome == "failed"],
        "passages": len(lengths),
        "characters": sum(lengths),
        "start_s": round(start_s, 2),
        "ingest_cpu_s": round(spent_s, 2),
        "ingest_wall_s": round(ingest_wall_s, 2),
        "model_id": embedder.model_id,
    }


class _Metered:
    """An `Embedder` that adds up the processor time of embedding passages, and of what is made of their tokens."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.spent_s = self.on_tokens_s = 0.0

    @property
    def model_id(self) -> str:
        return self._inner.model_id

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    @property
    def max_tokens(self) -> int:
        return self._inner.max_tokens

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        on_progress: Callable[[int], None] | None = None,
        on_tokens: OnTokens | None = None,
    ) -> NDArray[np.float32]:
        def metered(place: int, states: NDArray[np.float32]) -> None:
            began_s = time.thread_time()
            if on_tokens is not None:
                on_tokens(place, states)
            self.on_tokens_s += time.thread_time() - began_s

        before_s = time.process_time()
        vectors = self._inner.embed_passages(texts, on_progress=on_progress, on_tokens=metered)
        self.spent_s += time.process_time() - before_s
        return vectors

    def embed_query(self, text: str) -> QueryVectors:
        return self._inner.embed_query(text)

    def embed_queries(self, texts: Sequence[str], *, on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        return self._inner.embed_queries(texts, on_tokens=on_tokens)

    def passage_spans(self, texts: Sequence[str]) -> list[Spans]:
        return self._inner.passage_spans(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)


def _cpu_s() -> float:
    """Processor time of this process and of the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    answer = _ingest(Path(sys.argv[1]), load_settings(data_dir=Path(sys.argv[2]), ocr="off"))
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
