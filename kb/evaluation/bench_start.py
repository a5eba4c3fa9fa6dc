"""From the start of the server to the first page and the first answer, with an index that is ready."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from kb.evaluation.tables import Figures
from kb.settings import PROJECT_DIR, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUERY = "cloud first policy"
RUNS = 3
_POLL_S = 0.05
_PATIENCE_S = 120.0
_BOX, _ANSWER = "#q", "#results"
"""The search box, the first thing a reader can use, and the heading above what was found."""
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_SWITCHES = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

NAMES: Mapping[str, str] = {
    "healthy_s": "server answers, after its start",
    "first_paint_s": "first words on the page, after opening the address",
    "usable_s": "search box there, after opening the address",
    "ready_s": "search is ready, after the start of the server",
    "answered_s": "first search answered on the page, after the start of the server",
}


def measure_start(settings: Settings, *, say: Callable[[str], None]) -> list[dict[str, float]]:
    """Seconds of each moment in `NAMES`, one dictionary a run; those of the page only where there is a browser."""
    figures = []
    with browser_without_window() as browser:
        if browser is None:
            say("There is no Chromium: what a reader sees is not measured")
        for number in range(RUNS):
            say(f"Starting the server, run {number + 1} of {RUNS}")
            figures.append({**_open_home(settings, browser), **_open_search(settings, browser)})
    return figures


def table(figures: Sequence[Mapping[str, float]]) -> Figures:
    """Median, lowest and highest of each moment."""
    rows = []
    for key, name in NAMES.items():
        seconds = [figure[key] for figure in figures if key in figure]
        if seconds:
            rows.append((name, *(f"{s:.1f}" for s in (statistics.median(seconds), min(seconds), max(seconds)))))
    return Figures(
        "Start with an index that is ready, seconds",
        "make bench",
        ("moment", "median", "lowest", "highest"),
        tuple(rows),
        note=f"{len(figures)} starts, by the clock. The page never waits for the model.",
    )


def _open_home(settings: Settings, browser: Browser | None) -> dict[str, float]:
    with server(settings) as (address, started, _):
        figures = {"healthy_s": await_health(address, started, lambda _: True)}
        if browser is not None:
            page = browser.new_page()
            opened = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(_BOX, timeout=_PATIENCE_S * 1_000)
            figures["usable_s"] = time.perf_counter() - opened
            figures["first_paint_s"] = float(page.evaluate(_FIRST_PAINT) or 0) / 1_000
            page.close()
        figures["ready_s"] = await_health(address, started, lambda answer: answer["search"] == "ready")
    return figures


def _open_search(settings: Settings, browser: Browser | None) -> dict[str, float]:
    if browser is None:
        return {}
    with server(settings) as (address, started, _):
        await_health(address, started, lambda _: True)
        page = browser.new_page()
        page.goto(f"{address}/?q={quote(QUERY)}", wait_until="commit")
        page.wait_for_selector(_ANSWER, timeout=_PATIENCE_S * 1_000)
        seconds = time.perf_counter() - started
        page.close()
    return {"answered_s": seconds}


class Served(NamedTuple):
    """An application that runs: its address, the moment of its start, the number of its process."""

    address: str
    started: float
    pid: int


@contextmanager
def server(settings: Settings) -> Iterator[Served]:
    """The application on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KB_DATA_DIR": str(settings.data_dir), "KB_INDEX_DIR": str(settings.index_path)}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)],
        cwd=PROJECT_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Served(f"http://127.0.0.1:{port}", started, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_health(address: str, started: float, wanted: Callable[[Mapping[str, str]], bool]) -> float:
    """Seconds from `started` until `/healthz` says what is `wanted`."""
    while time.perf_counter() - started < _PATIENCE_S:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if wanted(json.load(answer)):
                    return time.perf_counter() - started
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(_POLL_S)
    raise TimeoutError(f"The server did not get ready within {_PATIENCE_S:.0f} seconds.")


@contextmanager
def browser_without_window() -> Iterator[Browser | None]:
    """Chromium without a window, None where it or what drives it is not installed."""
    program = os.environ.get("KB_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        with nullcontext() as nothing:
            yield nothing
        return
    with sync_playwright() as playwright:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(
            executable_path=program, args=[*_SWITCHES, *(["--no-sandbox"] if is_root else [])]
        )
        yield browser
        browser.close()
