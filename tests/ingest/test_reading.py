"""OCR of pages without usable text: with a stand-in for Tesseract, and with itself where it is installed."""

from __future__ import annotations

import io
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pypdfium2
import pytest
from made_library import make_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kb.errors import NoTextLayerError
from kb.ingest.parse import tesseract
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.reading import Reader, reader
from kb.model.passages import Page

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
STAND_IN = """#!{python}
import os, sys, time
if "--list-langs" in sys.argv:
    print("List of available languages (2):\\neng\\njpn")
    sys.exit()
picture = sys.stdin.buffer.read()
assert picture.startswith(b"P5"), picture[:20]
open({log!r}, "a").write(str(os.getpid()) + "\\n")
{body}
"""
SAYS = """print({head!r})
for n, word in enumerate({words!r}.split()):
    print("5\\t1\\t1\\t1\\t1\\t1\\t%d\\t0\\t80\\t20\\t{confidence}\\t%s" % (100 * n, word))
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a program in Tesseract's place; gives the file in which it notes each run."""
    folder = tmp_path / "programs"
    folder.mkdir()
    log = tmp_path / "runs.txt"
    log.touch()

    def put(body: str) -> Path:
        program = folder / "tesseract"
        program.write_text(STAND_IN.format(python=sys.executable, log=str(log), body=body), encoding="utf-8")
        program.chmod(0o755)
        return log

    monkeypatch.setenv("PATH", str(folder))
    tesseract.installed_languages.cache_clear()
    yield put
    tesseract.installed_languages.cache_clear()


def says(words: str, confidence: float = 92) -> str:
    return SAYS.format(head=HEAD, words=words, confidence=confidence)


def scanned(*texts: str, own: tuple[str, ...] = (), dpi: int = 150) -> bytes:
    """Pages with text of their own, then pictures of pages, then a blank one."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for text in own:
        canvas.drawString(60, 700, text)
        canvas.showPage()
    for text in texts:
        document = pypdfium2.PdfDocument(make_pdf(text))
        image = document[0].render(scale=dpi / 72).to_pil().convert("L")
        canvas.drawImage(ImageReader(image), 0, 0, *canvas._pagesize)
        canvas.showPage()
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned("Services for everyone", own=("The first page has words of its own",)))
    return path


def test_pages_without_text_are_read_and_labelled(install, settings, file):
    log = install(says("Services for everyone"))
    told = []
    with ParserProcess(settings) as parser:
        found = reader(settings.model_copy(update={"ocr": "auto"}), parser)
        assert found.languages == ("jpn", "eng")
        parsed = found.read(file, filename="scan.pdf", on_progress=lambda *step: told.append(step))
    assert [(page.source, page.text) for page in parsed.pages[:2]] == [
        ("text", "The first page has words of its own"),
        ("ocr", "Services for everyone"),
    ]
    assert parsed.ocr == "done"
    assert parsed.pages_without_text == parsed.blank_pages == (3,)
    assert told[-1] == (1, 1)
    assert len(log.read_text().split()) == 1  # the blank page was not sent


def test_what_it_is_not_sure_of_is_no_text(install, settings, file):
    install(says("~ | wnat", 31))
    with ParserProcess(settings) as parser:
        parsed = reader(settings.model_copy(update={"ocr": "auto"}), parser).read(file, filename="scan.pdf")
    assert parsed.pages_without_text == (2, 3)
    assert parsed.pages[1].source == "text"
    assert parsed.ocr == "done"


def test_a_file_without_any_legible_word_is_refused_with_what_to_do(install, settings, tmp_path):
    install(says("~", 12))
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned("Services"))
    with ParserProcess(settings) as parser, pytest.raises(NoTextLayerError) as caught:
        reader(settings.model_copy(update={"ocr": "auto"}), parser).read(path, filename="scan.pdf")
    assert caught.value.facts["reason"] == "no-text-layer-illegible"


def test_where_it_is_missing_the_refusal_says_what_would_help(tmp_path, settings):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned("Services"))
    with ParserProcess(settings) as parser, pytest.raises(NoTextLayerError) as caught:
        Reader(parser, (), 60).read(path, filename="scan.pdf")
    assert caught.value.facts["reason"] == "no-text-layer-readable"
    assert "Tesseract" in caught.value.remedy


@pytest.mark.parametrize("absent", ["missing", "off"])
def test_pages_it_could_read_are_named_where_it_is_not_used(settings, file, absent):
    with ParserProcess(settings) as parser:
        parsed = Reader(parser, (), 60, absent).read(file, filename="scan.pdf")
    assert parsed.ocr == absent
    assert parsed.pages_without_text == (2, 3)


def test_what_was_read_before_is_kept_where_it_is_gone(settings, file):
    known = {2: Page(2, "Services for everyone", "en", source="ocr")}
    with ParserProcess(settings) as parser:
        parsed = Reader(parser, (), 60).read(file, filename="scan.pdf", known=known)
    assert parsed.pages[1].text == "Services for everyone"
    assert parsed.pages[1].source == "ocr"
    assert parsed.ocr == "done"


def test_a_program_that_does_not_end_is_killed_with_the_page_left_as_it_is(install, settings, file):
    log = install("time.sleep(600)")
    hasty = settings.model_copy(update={"ocr": "auto", "parse_timeout_s": 4})
    started = time.monotonic()
    with ParserProcess(hasty) as parser:
        parsed = reader(hasty, parser).read(file, filename="scan.pdf")
        assert parser.parse(file, filename="scan.pdf").pages[0].text  # the next file is read
    assert time.monotonic() - started < 30
    assert parsed.pages_without_text == (2, 3)
    assert ended(log)


def test_what_the_reading_process_started_ends_with_it(install, settings, file):
    log = install("time.sleep(600)")
    with ParserProcess(settings) as parser:
        found = reader(settings.model_copy(update={"ocr": "auto"}), parser)

        def end() -> None:
            while not log.read_text():
                time.sleep(0.05)
            assert parser._child is not None
            os.kill(parser._child.pid, 9)

        killer = threading.Thread(target=end)
        killer.start()
        parsed = found.read(file, filename="scan.pdf")
        killer.join()
    assert parsed.pages_without_text == (2, 3)
    assert ended(log)


def test_it_stops_when_the_time_for_a_file_is_over(install, settings, tmp_path):
    install("time.sleep(0.7)\n" + says("Words"))
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned("One", "Two", "Three", own=("Own words",)))
    with ParserProcess(settings) as parser:
        parsed = Reader(parser, ("eng",), 0.5).read(path, filename="scan.pdf")
    assert parsed.ocr == "stopped"
    assert [page.source for page in parsed.pages] == ["text", "ocr", "text", "text", "text"]


def test_a_receipt_of_pages_left_out_has_them_read_once_it_can_be(install, make_library):
    library = make_library({"scan.pdf": scanned("Services", own=("Own words of the first page",))}, build=False)
    first = library.store.receipts.of_version(library.version("scan.pdf").id)
    assert (first.ocr, first.unread_pages, first.health) == ("off", (2,), "partial")
    install(says("Services for everyone"))
    library.settings = library.settings.model_copy(update={"ocr": "auto"})
    library.parser = ParserProcess(library.settings)
    try:
        assert library.ingest()["scan.pdf"].ocr_pages == (2,)
        assert library.ingest()["scan.pdf"].outcome == "unchanged"
    finally:
        library.parser.close()
    version = library.version("scan.pdf")
    assert library.store.pages.get(version.id, 2).source == "ocr"
    assert [each.source for each in library.store.passages.list(version.id)] == ["text", "ocr"]
    library.build()
    hit = library.hits("services for everyone")[0]
    assert hit.passage.source == "ocr"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_tesseract_reads_english_japanese_and_vertical_text(settings, tmp_path):
    languages = tesseract.installed_languages()
    if not {"eng", "jpn", "jpn_vert"} <= set(languages):
        pytest.skip("Tesseract has not all of eng, jpn and jpn_vert")
    path = tmp_path / "scan.pdf"
    english = "Departments publish what they learn from the people\nwho use their services every day of the year."
    path.write_bytes(scanned(english, dpi=300))
    with ParserProcess(settings) as parser:
        parsed = Reader(parser, languages, 120).read(path, filename="scan.pdf")
        assert "publish what they learn from the people" in parsed.pages[0].text
        path.write_bytes(vertical())
        parsed = Reader(parser, languages, 120).read(path, filename="scan.pdf")
        assert parsed.pages[0].language == "ja"
        assert "利用者の視点" in parsed.pages[0].text.replace("\n", "")


def vertical() -> bytes:
    """A picture of three columns of Japanese, set downwards."""
    from PIL import ImageDraw, ImageFont

    fonts = sorted(Path("/usr/share/fonts").rglob("NotoS*CJK-Regular.ttc"))
    if not fonts:
        pytest.skip("no Japanese font to draw a vertical page with")
    image = Image.new("L", (1240, 1754), 255)
    drawing = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(fonts[0]), 46)
    columns = (
        "行政の手続は利用者の視点に立って見直す",
        "情報の活用により国民の利便性を高める",
        "全ての府省が協力して取組を進めていく",
    )
    for number, column in enumerate(columns * 4):
        for place, character in enumerate(column):
            drawing.text((1100 - 84 * number, 120 + 56 * place), character, fill=0, font=font)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def ended(log: Path) -> bool:
    """Whether every process that noted its number ends within two seconds: a killed one takes a moment to be gone."""
    numbers = [int(number) for number in log.read_text().split()]
    deadline = time.monotonic() + 2
    while any(map(is_running, numbers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(numbers) and not any(map(is_running, numbers))


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if sys.platform != "linux":
        pytest.skip("whether a process runs is asked on Linux only")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
