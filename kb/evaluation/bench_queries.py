"""Latency and memory of a search in libraries of a thousand to a million passages, and what their builds cost.

Beyond the passages there are, a library is filled with made ones: sentences of real passages put together anew, with
the vector of one of them moved at random and its token vectors as they are. Nothing is embedded for that; every search
embeds its query as always. Building and searching are measured in processes of their own: run as a program, this module
does either and prints what it found.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.app import open_library
from kb.embedding.loading import load_embedder
from kb.evaluation.bench_ingest import read_rows
from kb.evaluation.bench_process import Cost, Resident, measure, resident
from kb.evaluation.tables import Figures
from kb.index.builds import Builds, read_manifest
from kb.index.means import token_codec
from kb.library.rebuild import rebuild
from kb.model.hits import Filters
from kb.model.passages import Passage, embedded_text
from kb.model.works import Version
from kb.settings import PROJECT_DIR, Settings, load_settings
from kb.store import Store, embeddings, passages, versions
from kb.store.database import next_revision
from kb.store.passages import live, text_hash
from kb.text.language import LANGUAGES, Language

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
QUERIES_PER_LANGUAGE = 50
WARM_UP_QUERIES = 4

_PASSAGES_PER_VERSION = 200
_NOISE = 0.5
"""Length of the random vector added to one of unit length: the cosine between the two is about 0.9."""
_SENTENCE = re.compile(r"[^。！？.!?\n]+[。！？.!?\n]*\s*")
_SEED = 20_261_122


class Embedded(NamedTuple):
    """A text with its vector (dimension,) and the codes of its token vectors."""

    text: str
    vector: NDArray[np.float32]
    codes: bytes


@dataclass(frozen=True, slots=True)
class Sample:
    """What made passages of one language are made of: real ones, their vectors (n, dimension) and token codes."""

    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    codes: Sequence[bytes]

    def made(self, count: int, random: np.random.Generator) -> Iterator[Embedded]:
        """`count` texts of sentences put together anew, each with a vector near that of a real passage."""
        sentences = [s for passage in self.passages for s in _SENTENCE.findall(passage.text)]
        for origin in random.integers(len(self.passages), size=count):
            wanted, text = len(self.passages[origin].text), ""
            while len(text) < wanted:
                text += sentences[random.integers(len(sentences))]
            vector = perturbed(self.vectors[origin], random)
            yield Embedded(text[: wanted + 200].strip(), vector, self.codes[origin])


def perturbed(vector: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """A unit vector whose cosine with `vector` (dimension,) is about 0.9."""
    noise = random.standard_normal(len(vector))
    moved = vector + _NOISE * noise / np.linalg.norm(noise)
    return (moved / np.linalg.norm(moved)).astype(np.float32)


def read_queries(topics: Path) -> tuple[list[str], list[str]]:
    """Queries to measure, as many of each language, in turn; and a few others to warm up with."""
    asked: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for row in read_rows(topics):
        asked[row["lang"]].append(row["query"])
    measured = [q for pair in zip(*(some[:QUERIES_PER_LANGUAGE] for some in asked.values()), strict=True) for q in pair]
    others = [q for some in asked.values() for q in some[QUERIES_PER_LANGUAGE : QUERIES_PER_LANGUAGE + WARM_UP_QUERIES]]
    return measured, others


def fill(source: Settings, target: Settings, size: int) -> None:
    """Write a library of `size` passages at `target`: real ones of `source`, and made ones for the rest."""
    folder = Builds(source.index_path).current()
    assert folder is not None, "the library that passages are taken from has no index"
    model_id = read_manifest(folder).model_id
    real, samples = _read(source, model_id)
    random = np.random.default_rng(_SEED)
    store = Store(target)
    share = {
        language: len(sample.passages) / sum(len(s.passages) for s in samples.values())
        for language, sample in samples.items()
    }
    for language, sample in samples.items():
        wanted = round(size * share[language])
        described = [version for version in real.values() if version.metadata.language == language]
        there = zip(sample.passages[:wanted], sample.vectors, sample.codes, strict=False)
        kept = (Embedded(passage.text, vector, codes) for passage, vector, codes in there)
        rest = sample.made(max(wanted - len(sample.passages), 0), random)
        for number, block in enumerate(_blocks(chain(kept, rest))):
            _save(store, model_id, described[number % len(described)], language, number, block)
    store.close()


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


def _read(source: Settings, model_id: str) -> tuple[dict[str, Version], dict[Language, Sample]]:
    store = Store(source)
    by_id = {version.id: version for version in store.versions.list_all()}
    with store.database.read() as connection:
        stored = list(live(connection))
        hashes = [each.text_hash for each in stored]
        vectors = embeddings.find(connection, model_id, hashes)
        codes = {
            hashed: some
            for language in LANGUAGES
            for hashed, some in embeddings.find_codes(connection, model_id, token_codec(language), hashes).items()
        }
    store.close()
    samples = {}
    for language in LANGUAGES:
        members = [each for each in stored if each.passage.language == language]
        matrix = np.array([vectors[each.text_hash] for each in members], np.float32)
        samples[language] = Sample(
            [each.passage for each in members], matrix, [codes[each.text_hash] for each in members]
        )
    return by_id, samples


def _blocks(made: Iterator[Embedded]) -> Iterator[Sequence[Embedded]]:
    while block := list(islice(made, _PASSAGES_PER_VERSION)):
        yield block


def _save(
    store: Store,
    model_id: str,
    like: Version,
    language: Language,
    number: int,
    block: Sequence[Embedded],
) -> None:
    """One version of these passages, described like a real one."""
    name = f"{language}-{number}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    version_id = base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:12]
    version = replace(
        like,
        id=version_id,
        work_id=version_id,
        sha256=sha256,
        path=f"{name}.txt",
        passage_count=len(block),
        metadata=replace(like.metadata, title=f"{like.title} {number}", supersedes=""),
        slug="",
    )
    members = [
        Passage(f"{name}-{ordinal}", version_id, None, ordinal, 0, len(one.text), one.text, language)
        for ordinal, one in enumerate(block)
    ]
    hashes = [text_hash(embedded_text(version.title, passage)) for passage in members]
    with store.database.write() as connection:
        versions.insert_version(connection, version)
        embeddings.save(connection, model_id, hashes, np.stack([one.vector for one in block]))
        codes = {hashed: one.codes for hashed, one in zip(hashes, block, strict=True)}
        embeddings.save_codes(connection, model_id, token_codec(language), codes)
        passages.replace_passages(connection, version_id, version.title, members, revision=next_revision(connection))


if __name__ == "__main__":
    own = load_settings(data_dir=Path(sys.argv[2]))
    answer = _build(own) if sys.argv[1] == "build" else _search(own, Path(sys.argv[3]))
    sys.stdout.write(json.dumps(answer) + "\n")
