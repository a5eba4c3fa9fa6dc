"""Latency and memory of a search in libraries of a thousand to a million passages, and what their builds cost.

The libraries are filled by `kb.evaluation.made_passages`; every search embeds its query as always. Building and
searching are measured in processes of their own: run as a program, this module does either and prints what it found.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from kb.app import open_library
from kb.embedding.loading import load_embedder
from kb.evaluation.bench_ingest import read_rows
from kb.evaluation.bench_process import Cost, Resident, measure, resident
from kb.evaluation.made_passages import fill
from kb.evaluation.tables import Figures
from kb.library.rebuild import rebuild
from kb.model.hits import Filters
from kb.settings import PROJECT_DIR, Settings, load_settings
from kb.text.language import LANGUAGES

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
QUERIES_PER_LANGUAGE = 50
WARM_UP_QUERIES = 4


def read_queries(topics: Path) -> tuple[list[str], list[str]]:
    """Queries to measure, as many of each language, in turn; and a few others to warm up with."""
    asked: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for row in read_rows(topics):
        asked[row["lang"]].append(row["query"])
    measured = [q for pair in zip(*(some[:QUERIES_PER_LANGUAGE] for some in asked.values()), strict=True) for q in pair]
    others = [q for some in asked.values() for q in some[QUERIES_PER_LANGUAGE : QUERIES_PER_LANGUAGE + WARM_UP_QUERIES]]
    return measured, others


def time_searches(search: Callable[[str], object], measured: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    """Median and 95th percentile of a search, in milliseconds of processor time and by the clock."""
    for query in others:
        search(query)
    clock, processor = [], []
    for query in measured:
        started_s, before_s = time.perf_counter(), time.process_time()
        search(query)
        processor.append(time.process_time() - before_s)
        clock.append(time.perf_counter() - started_s)
    return {
        "cpu_p50_ms": _percentile_ms(processor, 50),
        "cpu_p95_ms": _percentile_ms(processor, 95),
        "wall_p50_ms": _percentile_ms(clock, 50),
        "wall_p95_ms": _percentile_ms(clock, 95),
    }


def measure_sizes(
    source: Settings, topics: Path, folder: Path, *, sizes: Sequence[int] = SIZES, say: Callable[[str], None]
) -> list[dict[str, float]]:
    """Figures for each size: searches without a filter and restricted to one country, their memory, the build.

    The libraries are left in `folder`; one that was finished there before is searched as it is.
    """
    figures = []
    for size in sizes:
        target = source.model_copy(update={"data_dir": folder / str(size), "index_dir": None})
        made = target.data_dir / "made.json"
        if not made.is_file():
            say(f"Filling a library of {size:,} passages")
            fill(source, target, size)
            say("Writing its index")
            cost = _run("build", target.data_dir)
            made.write_text(json.dumps({"build_cpu_s": round(cost.cpu_s), "build_peak_mb": cost.peak_mb}))
        say(f"Searching {size:,} passages")
        figures.append(
            {
                "passages": size,
                **json.loads(made.read_text()),
                "build_mb": _size_mb(target.index_path / "builds"),
                "library_mb": _size_mb(target.data_dir / "library.sqlite3"),
                **_run("search", target.data_dir, str(topics)).answer,
            }
        )
    return figures


def completed(figures: Sequence[dict[str, float]], before: Sequence[dict[str, float]]) -> list[dict[str, float]]:
    """`figures`, and those of `before` for sizes that were not measured again; smallest first."""
    by_size = {row["passages"]: row for row in (*before, *figures)}
    return [by_size[size] for size in sorted(by_size)]


def tables(figures: Sequence[dict[str, float]]) -> list[Figures]:
    """The figures as rows: of a search, and of the index."""
    latency = _table(
        "Latency of one search, milliseconds, and memory, MB",
        {
            "passages": "passages",
            "cpu_p50_ms": "CPU p50",
            "cpu_p95_ms": "CPU p95",
            "wall_p50_ms": "clock p50",
            "wall_p95_ms": "clock p95",
            "filtered_cpu_p50_ms": "CPU p50, one country only",
            "resident_mb": "resident memory",
            "mapped_mb": "of it mapped files",
        },
        figures,
        note=f"{figures[0]['queries']} queries, half of them English and half Japanese, one after the other; the "
        "query's embedding, both languages' rankings and the reading of the passages shown are included. The embedding "
        f"alone has a CPU p50 of {figures[0]['embedding_cpu_p50_ms']:.1f}. Memory is that of the whole process, the "
        "model included, after these queries; pages of mapped files are given back where memory is short.",
    )
    index = _table(
        "Making and size of an index",
        {
            "passages": "passages",
            "build_cpu_s": "CPU-seconds",
            "build_peak_mb": "peak memory, MB",
            "build_mb": "index on disk, MB",
            "library_mb": "library it is made of, MB",
        },
        figures,
        note="Peak memory is that of the process that writes the index. Nothing is embedded for it.",
    )
    return [latency, index]


def _table(title: str, columns: Mapping[str, str], figures: Sequence[Mapping[str, float]], *, note: str) -> Figures:
    rows = tuple(tuple(_shown(row[key]) for key in columns) for row in figures)
    return Figures(title, "make bench", tuple(columns.values()), rows, note=note)


def _run(what: str, *arguments: Path | str) -> Cost:
    """What this module costs as a program."""
    command = [sys.executable, "-m", "kb.evaluation.bench_queries", what, *map(str, arguments)]
    return measure(command, environment={}, cwd=PROJECT_DIR)


def _build(settings: Settings) -> dict[str, float]:
    rebuild(settings)
    return {}


def _search(settings: Settings, topics: Path) -> dict[str, float]:
    """Figures of searches in this process, which does nothing else."""
    measured, others = read_queries(topics)
    whole, memory = _time_library(settings, measured, others, Filters())
    narrow, _ = _time_library(settings, measured, others, Filters(countries=("uk",)))
    embedding = time_searches(load_embedder(settings).embed_query, measured, others)
    return {
        "queries": len(measured),
        **whole,
        "filtered_cpu_p50_ms": narrow["cpu_p50_ms"],
        "embedding_cpu_p50_ms": embedding["cpu_p50_ms"],
        "resident_mb": memory.whole_mb,
        "mapped_mb": memory.mapped_mb,
    }


def _time_library(
    settings: Settings, measured: Sequence[str], others: Sequence[str], filters: Filters
) -> tuple[dict[str, float], Resident]:
    """Times of a library opened for this alone, so that no query is remembered from before, and the memory it takes."""
    library = open_library(settings)
    library.load()
    times = time_searches(lambda query: library.search(query, filters=filters), measured, others)
    memory = resident()
    library.close()
    return times, memory


def _size_mb(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) // 1_000_000


def _shown(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}"


def _percentile_ms(seconds: Sequence[float], percentile: int) -> float:
    return round(float(np.percentile(seconds, percentile)) * 1_000, 1)


if __name__ == "__main__":
    own = load_settings(data_dir=Path(sys.argv[2]))
    answer = _build(own) if sys.argv[1] == "build" else _search(own, Path(sys.argv[3]))
    sys.stdout.write(json.dumps(answer) + "\n")
