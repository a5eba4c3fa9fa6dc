"""The real application on a small library of its own, and a browser that must not leave this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("KB_CHROMIUM") or shutil.which("chromium") or ""
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
READY_S = 120

MANIFEST = """path\ttitle\tpublisher\tlanguage\tcountry\ttype\tdate
uk-cloud.pdf\tGovernment Cloud First policy\tGovernment Digital Service\ten\tuk\tguidance\t2013-05-05
jp-cloud.pdf\tクラウドサービスの適切な利用に係る基本方針\tデジタル庁\tja\tjp\tstrategy\t2022-12-28
briefing.md\tTwo ways to the cloud\tKakehashi editors\ten\tboth\tbriefing\t2026-01-15
"""
ENGLISH = [
    ["Purpose", "Public sector organisations should consider and fully evaluate potential cloud solutions first,"],
    ["Costs", "Departments must record the cost of every service over its whole life before they choose."],
]
JAPANESE = [
    ["基本方針", "クラウドサービスの利用を第一候補として検討します。"],
    ["費用", "各府省は、情報システムの費用を毎年度把握します。"],
]


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the application answers."""
    folder = tmp_path_factory.mktemp("e2e")
    data = folder / "data"
    _documents(folder / "in")
    _playbook(folder / "corpus")
    _lists(folder / "corpus")
    environment = {**os.environ, "KB_DATA_DIR": str(data), "KB_CORPUS_DIR": str(folder / "corpus")}
    subprocess.run(
        [sys.executable, "-m", "kb", "ingest", str(folder / "in"), "--manifest", str(folder / "in" / "MANIFEST.tsv")],
        cwd=ROOT, env=environment, check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    with serving(folder) as found:
        yield found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The application on the library in `data` and the corpus in `corpus` of a folder; gives where it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KB_DATA_DIR": str(folder / "data"), "KB_CORPUS_DIR": str(folder / "corpus")}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(found := f"http://127.0.0.1:{port}")
            yield found
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("needs Chromium: apt-get install chromium, or KB_CHROMIUM=/path/to/it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, address: str):
    """Opens a page of the given width and language; at the end, nothing may have been asked of another host."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []

    def opened(path: str = "/", *, width: int = 1280, locale: str = "en-GB") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        context.on("request", lambda request: asked.append(request.url))
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [
        url for url in asked if not url.startswith((address, "data:", "blob:", address.replace("http", "ws")))
    ] == []


def _documents(folder: Path) -> None:
    folder.mkdir(parents=True)
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    for name, font, pages in (
        ("uk-cloud.pdf", "Helvetica", ENGLISH),
        ("jp-cloud.pdf", "HeiseiKakuGo-W5", JAPANESE),
    ):
        canvas = Canvas(str(folder / name), pagesize=A4)
        for heading, text in pages:
            canvas.setFont(font, 20)
            canvas.drawString(60, 780, heading)
            canvas.setFont(font, 11)
            canvas.drawString(60, 740, text)
            canvas.showPage()
        canvas.save()
    (folder / "briefing.md").write_text(
        "# Two ways to the cloud\n\n## In short\n\nBoth governments prefer public cloud, each in its own way.\n",
        encoding="utf-8",
    )
    (folder / "MANIFEST.tsv").write_text(MANIFEST, encoding="utf-8")


def _playbook(corpus: Path) -> None:
    filler = "A sentence that fills the page so that headings are far apart.\n\n" * 30
    japanese = f"導入。\n\n## 英国 {{#uk}}\n\n{filler}\n\n## 日本 {{#japan}}\n\n{filler}"
    english = f"Lead.\n\n## In the UK {{#uk}}\n\n{filler}\n\n## In Japan {{#japan}}\n\n{filler}"
    pages = {
        "en": f"---\ntitle: Cloud first\nsummary: Where services run.\ntheme: Technology\n---\n{english}",
        "ja": f"---\ntitle: クラウドファースト\ntheme: 技術\n---\n{japanese}",
    }
    for language, text in pages.items():
        folder = corpus / "playbook" / language
        folder.mkdir(parents=True)
        (folder / "cloud-first.md").write_text(text, encoding="utf-8")


def _lists(corpus: Path) -> None:
    (corpus / "glossary.toml").write_text(
        '[[term]]\nid = "cloud-first"\nen = "Cloud First"\nja = "クラウドファースト"\nacronyms = ["CF"]\n'
        'definition_en = "Public cloud is considered before anything else."\n'
        'definition_ja = "パブリッククラウドを最初に検討する方針。"\nsource = "uk-cloud-first"\n'
        + "".join(f'[[term]]\nid = "term-{n}"\nen = "Term {n}"\nja = "用語{n}"\n' for n in range(40)),
        encoding="utf-8",
    )
    (corpus / "sources.toml").write_text(
        '[[source]]\nid = "uk-cloud-first"\ntitle = "Government Cloud First policy"\nlanguage = "en"\ncountry = "uk"\n'
        'title_ja = "クラウドファースト方針"\nurl = "https://www.gov.uk/guidance/government-cloud-first-policy"\n'
        'licence = "OGL v3.0"\npublisher = "Government Digital Service"\npublished = "2013-05-05"\n',
        encoding="utf-8",
    )


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                if b'"ready"' in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError("The application did not become ready.")
