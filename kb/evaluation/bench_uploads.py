"""`python -m kb.evaluation.bench_uploads SHARED_DIR`: two hundred files in one upload, while somebody else searches.

A copy of the library of the government gold set is served as readers have it: the real server and its worker. A
browser searches, one query after the other: before the upload, while the files are read, and after. The files are made
of passages that are held, in an order of their own, so that every passage is new and has to be embedded. Writes the
section `uploads` of `docs/measurements.md`.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import numpy as np
import requests
import typer
from rich.console import Console

from kb.evaluation.bench_process import family, peak_kb
from kb.evaluation.bench_queries import read_queries
from kb.evaluation.bench_start import QUERY, await_health, browser_without_window, server
from kb.evaluation.libraries import KEPT
from kb.evaluation.tables import Figures, write_section
from kb.library.uploads import upload_page
from kb.settings import PROJECT_DIR, Settings, load_settings
from kb.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

FILES = 200
QUERIES_AROUND = 40
"""Searches before the upload, and after it."""

_SEED = 16
_FILE_CHARACTERS = 3_000
_PATIENCE_S = 3_600.0
_ANSWER_TIMEOUT_MS = 60_000
_NEW_ANSWER = "#results:not([data-seen])"

_out = Console(stderr=True, highlight=False)


@dataclass(slots=True)
class Course:
    """What was seen of an upload: searches in seconds, files done at each look, and what the page said beside it."""

    received_s: float = 0.0
    read_s: float = 0.0
    searches_s: list[float] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    contradictions: int = 0
    peak_mb: dict[str, int] = field(default_factory=dict)
    added: int = 0
    load: float = 0.0
    """Load average of the machine before the upload: others may be using it too."""


def made_files(store: Store, count: int, random_: random.Random) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of Markdown files, each of passages of several documents put together anew."""
    texts = [passage.text for version in store.versions.list() for passage in store.passages.list(version.id)]
    for number in range(count):
        text = ""
        while len(text) < _FILE_CHARACTERS:
            text += random_.choice(texts) + "\n\n"
        yield f"made-{number:03}.md", f"# Made document {number}\n\n{text}".encode()


def search(page: Page, query: str) -> float:
    """Seconds from the Enter key to the answer on the page."""
    page.evaluate("document.querySelector('#results')?.setAttribute('data-seen', '')")
    page.fill("#q", query)
    started = time.perf_counter()
    page.press("#q", "Enter")
    page.wait_for_selector(_NEW_ANSWER, timeout=_ANSWER_TIMEOUT_MS)
    return time.perf_counter() - started


def watch_upload(
    address: str, store: Store, page: Page, queries: Sequence[str], files: Sequence[tuple[str, bytes]], pid: int
) -> Course:
    """Send `files` as one form and search until all are read."""
    course = Course(load=os.getloadavg()[0])
    started = time.perf_counter()
    answer = requests.post(
        f"{address}/uploads?lang=en",
        files=[("files", each) for each in files],
        headers={"Accept": "application/json"},
        timeout=_PATIENCE_S,
    )
    answer.raise_for_status()
    course.received_s = time.perf_counter() - started
    number = 0
    while time.perf_counter() - started < _PATIENCE_S:
        course.searches_s.append(search(page, queries[number % len(queries)]))
        number += 1
        (state,) = upload_page(store).batches
        course.finished.append(state.batch.finished)
        told = requests.get(f"{address}/uploads?lang=en", timeout=60).text
        (later,) = upload_page(store).batches
        between = range(state.batch.finished, later.batch.finished + 1)
        course.contradictions += not any(f"{done:,} of {len(files):,} files done." in told for done in between)
        for member in family(pid):
            name = "server" if member == pid else "worker and its parser"
            course.peak_mb[name] = max(course.peak_mb.get(name, 0), peak_kb(member) // 1_000)
        if state.batch.finished == state.batch.total:
            course.added = state.batch.added
            break
    course.read_s = time.perf_counter() - started
    return course


def measure(settings: Settings, topics: Path, *, say: Callable[[str], None]) -> tuple[Course, list[float]]:
    """The upload, and the searches before and after it in seconds; needs Chromium."""
    queries, others = read_queries(topics)
    store = Store(settings)
    files = list(made_files(store, FILES, random.Random(_SEED)))
    with server(settings) as (address, _, pid), browser_without_window() as browser:
        assert browser is not None, "this needs Chromium: see make e2e"
        await_health(address, time.perf_counter(), lambda answer: answer["search"] == "ready")
        page = browser.new_page()
        page.goto(f"{address}/?q={quote(QUERY)}&lang=en")
        page.wait_for_selector("#results", timeout=_ANSWER_TIMEOUT_MS)
        for query in others:
            search(page, query)
        say(f"Searching {QUERIES_AROUND} times while nothing is read")
        calm = [search(page, query) for query in queries[:QUERIES_AROUND]]
        say(f"Sending {FILES} files and searching while they are read")
        course = watch_upload(address, store, page, queries, files, pid)
        say(f"Searching {QUERIES_AROUND} times after it")
        calm += [search(page, query) for query in queries[QUERIES_AROUND : 2 * QUERIES_AROUND]]
    store.close()
    return course, calm


def table(course: Course, calm: Sequence[float]) -> Figures:
    """Searches with and without the upload beside them, and what the upload took."""
    rows = [
        (name, len(seconds), f"{_ms(seconds, 50):.0f}", f"{_ms(seconds, 95):.0f}")
        for name, seconds in (("nothing is read", calm), ("200 files are read", course.searches_s))
    ]
    ratio = _ms(course.searches_s, 95) / _ms(calm, 95)
    is_steady = course.finished == sorted(course.finished) and not course.contradictions
    progress = "it never went back and the page said the same" if is_steady else "it was wrong"
    memory = ", ".join(f"{name} {peak:,} MB" for name, peak in course.peak_mb.items())
    return Figures(
        "Searches in a browser while two hundred files are read, milliseconds",
        "python -m kb.evaluation.bench_uploads ../shared",
        ("meanwhile", "searches", "p50", "p95"),
        tuple(rows),
        note=f"p95 is {ratio:.2f} times what it is otherwise. {FILES} files in one form were received in "
        f"{course.received_s:.1f} seconds and read in {course.read_s:.0f}; {course.added} were added. Progress was "
        f"looked at {len(course.finished)} times: {progress}. Peak memory: {memory}. "
        f"Load average of the machine before the upload: {course.load:.1f} on {os.cpu_count()} cores.",
    )


def main(shared: Annotated[Path, typer.Argument(help="The evaluation material.")], keep: Path = KEPT) -> None:
    """Measure and write the section."""
    with tempfile.TemporaryDirectory(prefix="kakehashi-uploads-") as temporary:
        data = Path(temporary) / "library"
        shutil.copytree(keep / "government", data)
        settings = load_settings(data_dir=data, index_dir=data / "index")
        figures = table(*measure(settings, shared / "eval/government/topics.tsv", say=lambda text: _out.print(text)))
    _out.print(figures.as_markdown(), soft_wrap=True)
    write_section(PROJECT_DIR / "docs" / "measurements.md", "uploads", [figures])


def _ms(seconds: Sequence[float], percentile: int) -> float:
    return float(np.percentile(seconds, percentile)) * 1_000


if __name__ == "__main__":
    typer.run(main)
