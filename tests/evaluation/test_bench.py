"""The parts of the benchmark that can be wrong without anyone noticing."""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation import bench, bench_ingest, bench_queries, bench_start, made_passages
from kb.evaluation.bench_process import CommandFailedError, Cost, family, measure, peak_kb
from kb.index.builder import write_build
from kb.index.builds import Builds
from kb.settings import PROJECT_DIR
from kb.store import Store

LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured where there is a /proc")


def test_a_sample_is_spread_evenly_and_begins_at_the_first():
    rows = [{"path": str(n)} for n in range(10)]
    assert [row["path"] for row in bench_ingest.evenly_spread(rows, 4)] == ["0", "2", "5", "7"]


@given(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 50)))
def test_a_sample_has_the_size_asked_for_and_nothing_twice(total: int, count: int | None):
    rows = [{"path": str(n)} for n in range(total)]
    chosen = [row["path"] for row in bench_ingest.evenly_spread(rows, count)]
    assert len(chosen) == len(set(chosen)) == min(total, count or total)


def test_a_copied_sample_reads_back_as_it_was(tmp_path):
    corpus, copy = tmp_path / "corpus", tmp_path / "copy"
    (corpus / "uk").mkdir(parents=True)
    (corpus / "uk" / "a.md").write_text("A")
    rows = [{"path": "uk/a.md", "title": 'A "title"', "pages": ""}]
    bench_ingest.copy_sample(corpus, rows, copy)
    assert bench_ingest.read_rows(copy / bench_ingest.MANIFEST) == rows
    assert (copy / "uk" / "a.md").read_text() == "A"


def test_a_document_without_pages_counts_as_one():
    assert bench_ingest.page_count([{"pages": "12"}, {"pages": ""}, {"pages": "3"}]) == 16


def test_the_cost_of_a_command_includes_what_it_started(tmp_path):
    spin = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    program = (
        f"import subprocess, sys, json\nsubprocess.run([sys.executable, '-c', {spin!r}])\nprint(json.dumps({{'a': 1}}))"
    )
    cost = measure([sys.executable, "-c", program], environment={}, cwd=tmp_path)
    assert cost.cpu_s >= 0.3
    assert cost.answer == {"a": 1}


@LINUX
def test_memory_is_that_of_the_command_and_not_of_its_parent(tmp_path):
    ballast = bytearray(300_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    program = "import json, time\nheld = b'x' * 50_000_000\ntime.sleep(0.5)\nprint(json.dumps({}))"
    cost = measure([sys.executable, "-c", program], environment={}, cwd=tmp_path)
    assert 50 <= cost.peak_mb < 200


MAPPING = """
import json, mmap
from kb.evaluation.bench_process import resident
before = resident()
held = b"x" * 30_000_000
with open("file", "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
    assert len(held) + mapped[::4096].count(b"x")
    after = resident()
whole, mapped = after.whole_mb - before.whole_mb, after.mapped_mb - before.mapped_mb
print(json.dumps({"whole_mb": whole, "mapped_mb": mapped}))
"""


@LINUX
def test_pages_of_a_mapped_file_are_told_from_memory_of_the_process(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 60_000_000)
    environment = {"PYTHONPATH": str(PROJECT_DIR)}
    grown = measure([sys.executable, "-c", MAPPING], environment=environment, cwd=tmp_path).answer
    assert grown["mapped_mb"] >= 55
    assert 85 <= grown["whole_mb"] < 150


@LINUX
def test_a_process_that_is_gone_takes_no_memory():
    assert peak_kb(2**22 + 1) == 0
    assert list(family(2**22 + 1)) == [2**22 + 1]


def test_a_command_that_fails_says_what_it_said(tmp_path):
    with pytest.raises(CommandFailedError, match="no such thing"):
        measure([sys.executable, "-c", "raise SystemExit('no such thing')"], environment={}, cwd=tmp_path)


def test_the_ratio_is_that_of_characters_for_a_second_of_processor_time():
    ours = Cost(30.0, 40.0, 500, 60, {"characters": 1_000, "passages": 10, "ingest_cpu_s": 10.0})
    peer = Cost(60.0, 70.0, 900, 0, {"chars": 1_500, "chunks": 5, "ingest_cpu_s": 45.0})
    figures = bench_ingest.compare(ours, peer, pages=20)
    assert figures["ratio"] == pytest.approx(3.0)
    assert figures["ratio_whole_process"] == pytest.approx(1.33, abs=0.01)
    assert figures["ours"]["peak_mb"] == 560
    shown = bench_ingest.table(figures, documents=2, pages=20).as_markdown()
    assert "| characters per CPU-second | 100 | 33 |" in shown
    assert "**3.0 times**" in shown


def test_without_the_yardstick_there_is_no_ratio():
    ours = Cost(30.0, 40.0, 500, 60, {"characters": 1_000, "passages": 10, "ingest_cpu_s": 10.0})
    figures = bench_ingest.compare(ours, None, pages=20)
    assert "ratio" not in figures
    assert bench_ingest.table(figures, documents=2, pages=20).columns == ("", "Kakehashi")


def test_a_moved_vector_stays_near_and_of_unit_length():
    random = np.random.default_rng(1)
    vector = np.eye(1, 384, dtype=np.float32)[0]
    moved = made_passages.perturbed(vector, random)
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
    assert 0.8 < float(moved @ vector) < 0.95


def test_queries_alternate_between_the_languages(tmp_path):
    lines = [f"e{n}\ten\tenglish {n}" for n in range(60)] + [f"j{n}\tja\t日本語 {n}" for n in range(52)]
    (tmp_path / "topics.tsv").write_text("\n".join(["qid\tlang\tquery", *lines]) + "\n", encoding="utf-8")
    measured, others = bench_queries.read_queries(tmp_path / "topics.tsv")
    assert measured[:2] == ["english 0", "日本語 0"]
    assert len(measured) == 100
    assert len(others) == 6
    assert not set(measured) & set(others)


def test_a_filled_library_has_the_size_asked_for_and_both_languages(small_library, tmp_path):
    target = small_library.settings.model_copy(update={"data_dir": tmp_path / "filled"})
    made_passages.fill(small_library.settings, target, 500)
    store = Store(target)
    languages = {version.metadata.language for version in store.versions.list_all()}
    assert abs(store.passages.count() - 500) <= 1
    assert languages == {"en", "ja"}
    store.close()


def peak_bytes(work):
    """Most memory that was taken while `work` ran, beyond what was taken before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_neither_filling_nor_building_takes_memory_for_the_texts_and_vectors_of_all_passages(
    small_library, tmp_path, monkeypatch
):
    monkeypatch.setattr("kb.store.passages._BLOCK_ROWS", 50)
    monkeypatch.setattr("kb.index.spool.BLOCK_VECTORS", 50)
    monkeypatch.setattr(made_passages, "_PASSAGES_PER_VERSION", 50)
    embedder = small_library.embedder
    filling, building = {}, {}
    for size in (100, 200, 800):  # the first loads what is loaded once
        target = small_library.settings.model_copy(update={"data_dir": tmp_path / str(size)})
        filling[size] = peak_bytes(partial(made_passages.fill, small_library.settings, target, size))
        store = Store(target)
        build = partial(write_build, store, Builds(target.index_path), embedder.model_id, embedder=embedder)
        building[size] = peak_bytes(build)
        store.close()
    for peaks in (filling, building):
        assert (peaks[800] - peaks[200]) / 600 < 250, "a passage is some thousand bytes"


def test_times_are_those_of_the_measured_queries_alone():
    def search(query: str) -> None:
        time.sleep(0.2 if query == "warm up" else 0.01)

    times = bench_queries.time_searches(search, ["a", "b", "c"], ["warm up"])
    assert 10 <= times["wall_p50_ms"] < 150
    assert times["cpu_p50_ms"] < 10


def test_a_size_that_is_measured_again_takes_the_place_of_what_was_measured_before():
    before = [{"passages": 1_000, "cpu_p50_ms": 1.0}, {"passages": 1_000_000, "cpu_p50_ms": 9.0}]
    again = [{"passages": 10_000, "cpu_p50_ms": 2.0}, {"passages": 1_000, "cpu_p50_ms": 3.0}]
    assert [tuple(row.values()) for row in bench_queries.completed(again, before)] == [
        (1_000, 3.0),
        (10_000, 2.0),
        (1_000_000, 9.0),
    ]


def test_the_tables_tell_of_latency_memory_and_the_index():
    row = dict.fromkeys(
        ("cpu_p50_ms", "cpu_p95_ms", "wall_p50_ms", "wall_p95_ms", "filtered_cpu_p50_ms", "embedding_cpu_p50_ms"), 12.5
    )
    counted = {"queries": 100, "resident_mb": 900, "mapped_mb": 300, "build_cpu_s": 70, "build_peak_mb": 350}
    figures = [{"passages": 1_000_000, **row, **counted, "build_mb": 16_000, "library_mb": 18_000}]
    latency, index = bench_queries.tables(figures)
    assert "| 1,000,000 | 12.5 | 12.5 | 12.5 | 12.5 | 12.5 | 900 | 300 |" in latency.as_markdown()
    assert "| 1,000,000 | 70 | 350 | 16,000 | 18,000 |" in index.as_markdown()


def test_moments_that_were_not_measured_are_left_out_of_the_table():
    table = bench_start.table([{"healthy_s": 1.0}, {"healthy_s": 3.0}, {"healthy_s": 2.0}])
    assert table.rows == (("server answers, after its start", "2.0", "1.0", "3.0"),)


def test_the_section_shows_the_newest_figures_of_every_part_there_is(tmp_path):
    figures = {"runs": [{"healthy_s": 1.0}]}
    record = {"layout": 1, "when": "2026-11-22T10:00:00+00:00", "machine": "2 cores", "figures": figures}
    (tmp_path / "start.json").write_text(json.dumps(record))
    (tmp_path / "queries.json").write_text(json.dumps({"layout": 0, "figures": {}}))
    (table,) = bench.newest_tables(tmp_path)
    assert table.title.startswith("Start")
    assert "Measured 2026-11-22, 2 cores." in table.note
