"""Pictures of pages: on PDFs made here, the box is where the words are."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageChops
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kb.errors import DamagedFileError, EncryptedPdfError, LimitExceededError
from kb.ingest.parse.drawing import draw
from kb.ingest.parse.places import letters
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.parse.wire import picture_from_wire, picture_to_wire
from kb.settings import Settings

JAPANESE = "HeiseiMin-W3"
SCALE = 1.5
PASSAGE = "Departments publish what they learn from the people who use their services."
OTHER = "Something else altogether stands on the lines around it."


def made(
    *pages: Callable[[Canvas], None], size: tuple[float, float] = A4, rotate: int = 0, crop: object = None
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(JAPANESE))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    if not rotate and crop is None:
        return out.getvalue()
    writer = pypdf.PdfWriter(clone_from=out)
    for each in writer.pages:
        each.rotate(rotate)
        if crop is not None:
            each.cropbox = crop
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def lines(*texts: str, left: float = 60, top: float = 700, font: str = "Helvetica") -> Callable[[Canvas], None]:
    def paint(canvas: Canvas) -> None:
        canvas.setFont(font, 12)
        for number, text in enumerate(texts):
            canvas.drawString(left, top - 18 * number, text)

    return paint


def both(*painters: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    return lambda canvas: [painter(canvas) for painter in painters] and None


def tinted(jpeg: bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is tinted, in points of the picture, y downwards."""
    red, _, blue = Image.open(io.BytesIO(jpeg)).split()
    mask = ImageChops.subtract(red, blue).point(lambda value: 255 if 45 < value < 110 else 0)
    box = mask.getbbox()
    assert box is not None, "nothing is tinted"
    return tuple(round(value / SCALE) for value in box)


def near(found: tuple[int, ...], wanted: tuple[float, ...], *, by: float = 7) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def width(text: str, font: str = "Helvetica") -> float:
    return pdfmetrics.stringWidth(text, font, 12)


def test_a_page_is_a_jpeg_of_its_size_with_nothing_marked():
    picture = draw(made(lines(PASSAGE)), page=1)
    image = Image.open(io.BytesIO(picture.jpeg))
    assert image.format == "JPEG"
    assert image.size == (picture.width_px, picture.height_px) == (893, 1263)
    assert not picture.boxed
    assert ImageChops.subtract(image.getchannel("R"), image.getchannel("B")).getextrema()[1] < 20


def test_the_box_is_where_the_words_are():
    picture = draw(made(lines(OTHER, PASSAGE, OTHER)), page=1, passage=PASSAGE, before=len(letters(OTHER)))
    baseline = 842 - (700 - 18)
    assert picture.boxed
    assert near(tinted(picture.jpeg), (60, baseline - 10, 60 + width(PASSAGE), baseline + 4))


def test_a_japanese_passage_over_two_lines_is_one_box():
    first, second = "各府省は、情報システムの利用者の意見を", "毎年度把握し、これを公表するものとします。"
    page = lines("前の段落です。", first, second, "次の段落です。", font=JAPANESE)
    picture = draw(made(page), page=1, passage=first + second, before=6)
    top = 842 - (700 - 18)
    assert near(tinted(picture.jpeg), (60, top - 11, 60 + 12 * len(second), top + 18 + 3))


def test_a_passage_over_two_columns_is_boxed_in_both():
    left, right = lines(OTHER[:30], PASSAGE[:37]), lines(PASSAGE[37:], OTHER[:30], left=330)
    picture = draw(made(both(left, right)), page=1, passage=PASSAGE, before=len(letters(OTHER[:30])))
    found = tinted(picture.jpeg)
    assert near(found, (60, 842 - 700 - 10, 330 + width(PASSAGE[37:]), 842 - 682 + 4))
    image = Image.open(io.BytesIO(picture.jpeg))
    assert image.getpixel((int(310 * SCALE), int((842 - 690) * SCALE)))[2] > 240  # the gutter stays white


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_turned_is_boxed_where_it_is_turned_to(rotate):
    picture = draw(made(lines(PASSAGE), rotate=rotate), page=1, passage=PASSAGE)
    left, bottom, right, top = 60, 696, 60 + width(PASSAGE), 710
    wide, high = A4
    wanted = {
        90: (bottom, left, top, right),
        180: (wide - right, bottom, wide - left, top),
        270: (high - top, wide - right, high - bottom, wide - left),
    }[rotate]
    assert (picture.width_px > picture.height_px) == (rotate != 180)
    assert near(tinted(picture.jpeg), wanted)


def test_a_page_that_is_cropped_is_boxed_within_what_is_left():
    data = made(lines(PASSAGE), crop=pypdf.generic.RectangleObject((40, 600, 595, 800)))
    picture = draw(data, page=1, passage=PASSAGE)
    assert near(tinted(picture.jpeg), (20, 800 - 710, 20 + width(PASSAGE), 800 - 696))


def test_text_that_runs_up_the_page_is_boxed():
    def upwards(canvas: Canvas) -> None:
        canvas.rotate(90)
        lines(PASSAGE, left=100, top=-200)(canvas)

    picture = draw(made(upwards), page=1, passage=PASSAGE)
    assert near(tinted(picture.jpeg), (190, 842 - 100 - width(PASSAGE), 204, 842 - 100))


def test_words_that_are_not_on_the_page_leave_the_picture_unmarked():
    picture = draw(made(lines(OTHER)), page=1, passage=PASSAGE)
    assert not picture.boxed
    assert picture.jpeg == draw(made(lines(OTHER)), page=1).jpeg


def test_a_poster_is_drawn_no_larger_than_a_page_needs():
    picture = draw(made(lines(OTHER), size=(14_000, 7_000)), page=1)
    assert (picture.width_px, picture.height_px) == (2_000, 1_000)


def test_a_page_that_is_not_there_or_a_file_that_is_no_pdf_is_damaged():
    for data, page in ((made(lines(OTHER)), 2), (b"%PDF-1.7 nothing", 1)):
        with pytest.raises(DamagedFileError):
            draw(data, page=page)


def test_a_file_with_a_password_is_not_drawn():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made(lines(OTHER))))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(EncryptedPdfError):
        draw(out.getvalue(), page=1)


def test_a_page_is_drawn_in_the_process_that_opens_files(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "plan"
    path.write_bytes(made(lines(OTHER), lines(PASSAGE)))
    picture = parser.draw(path, page=2, passage=PASSAGE)
    assert picture == draw(path.read_bytes(), page=2, passage=PASSAGE)
    assert parser.parse(path, filename="plan.pdf").pages[1].text == PASSAGE
    with pytest.raises(DamagedFileError):
        parser.draw(path, page=9)
    with pytest.raises(FileNotFoundError):
        parser.draw(tmp_path / "gone", page=1)


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_a_page_that_takes_too_much_is_stopped_and_the_next_one_is_drawn(
    heavy_pdf: Path, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "plan"
    path.write_bytes(made(lines(PASSAGE)))
    with ParserProcess(settings.model_copy(update={"parse_memory_mb": 300})) as process:
        with pytest.raises(LimitExceededError):
            process.draw(heavy_pdf, page=1)
        assert process.draw(path, page=1, passage=PASSAGE).boxed


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"jpeg": "PHN2Zz4=", "width": 9, "height": 9, "boxed": False},
        {"jpeg": "/9j/", "width": 0, "height": 9, "boxed": False},
        {"jpeg": "no base64", "width": 9, "height": 9, "boxed": False},
    ],
)
def test_an_answer_that_is_no_picture_is_refused(answer):
    with pytest.raises((KeyError, ValueError)):
        picture_from_wire(answer)


def test_a_picture_crosses_from_one_process_to_the_other():
    picture = draw(made(lines(PASSAGE)), page=1, passage=PASSAGE)
    assert picture_from_wire(picture_to_wire(picture)) == picture


def underlined(jpeg: bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is tinted as a word, in points of the picture, y downwards."""
    red, _, blue = Image.open(io.BytesIO(jpeg)).split()
    box = ImageChops.subtract(red, blue).point(lambda value: 255 if value > 120 else 0).getbbox()
    assert box is not None, "no word is tinted"
    return tuple(round(value / SCALE) for value in box)


def test_a_word_is_underlined_where_it_stands_and_not_inside_another_one():
    picture = draw(made(lines("categories and a cat", OTHER)), page=1, words=["cat"])
    left = 60 + width("categories and a ")
    assert picture.underlined
    assert not picture.boxed
    assert near(underlined(picture.jpeg), (left, 842 - 700 - 11, left + width("cat"), 842 - 700 + 4), by=4)


def test_words_are_underlined_inside_the_box_of_a_passage_and_outside_it():
    picture = draw(made(lines(PASSAGE, OTHER)), page=1, passage=PASSAGE, words=["people", "altogether"])
    found = underlined(picture.jpeg)
    assert picture.boxed
    assert near((found[1], found[3]), (842 - 700 - 11, 842 - 682 + 4))


def test_a_japanese_word_is_found_within_what_stands_around_it():
    picture = draw(made(lines("各府省の情報システムの利用者の意見", font=JAPANESE)), page=1, words=["利用者"])
    left = 60 + 12 * len("各府省の情報システムの")
    assert near(underlined(picture.jpeg), (left, 842 - 700 - 12, left + 36, 842 - 700 + 4))


def test_a_large_picture_has_twice_the_pixels():
    picture = draw(made(lines(PASSAGE)), page=1, passage=PASSAGE, large=True)
    assert (picture.width_px, picture.height_px) == (1786, 2526)
    assert picture_from_wire(picture_to_wire(picture)) == picture
