"""What stands on a page beside its words, counted on PDFs made here."""

from __future__ import annotations

import io

from made_library import make_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kb.ingest.parse import pdf
from kb.ingest.parse.parsed import Limits, Parsed

LIMITS = Limits(100, 100_000)


def read(*pages) -> Parsed:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return pdf.parse(out.getvalue(), limits=LIMITS, on_progress=lambda *_: None, wordless=True)


def picture(canvas: Canvas, *, size: float = 200) -> None:
    canvas.drawImage(ImageReader(Image.effect_noise((60, 60), 40)), 60, 300, size, size)


def words(canvas: Canvas) -> None:
    canvas.drawString(60, 700, "Words on the page")


def nothing(canvas: Canvas) -> None:
    del canvas


def test_pictures_are_counted_on_the_page_where_they_stand():
    parsed = read(words, lambda c: (words(c), picture(c), picture(c)), words)
    assert parsed.pictures == {2: 2}


def test_an_ornament_is_no_picture():
    assert read(lambda c: (words(c), picture(c, size=20))).pictures == {}


def test_a_picture_inside_a_form_is_counted_at_the_size_it_has_on_the_page():
    def stamped(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        picture(canvas, size=20)
        canvas.endForm()
        canvas.saveState()
        canvas.scale(12, 12)
        canvas.doForm("stamp")
        canvas.restoreState()
        words(canvas)

    assert read(stamped).pictures == {1: 1}


def test_a_table_drawn_with_lines_is_counted():
    parsed = read(lambda c: (words(c), c.grid([60, 160, 260], [500, 530, 560])))
    assert parsed.tables == {1: 1}


def test_a_blank_page_is_told_from_a_picture_of_a_page():
    parsed = read(words, nothing, picture)
    assert parsed.pages_without_text == (2, 3)
    assert parsed.blank_pages == (2,)


def test_a_page_of_words_alone_has_neither():
    parsed = pdf.parse(make_pdf("One\nTwo\nThree"), limits=LIMITS, on_progress=lambda *_: None)
    assert (parsed.pictures, parsed.tables, parsed.blank_pages) == ({}, {}, ())
