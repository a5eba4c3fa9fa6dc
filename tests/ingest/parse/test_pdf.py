from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from kb.errors import DamagedFileError, EncryptedPdfError, GarbledTextError, LimitExceededError, NoTextLayerError
from kb.ingest.parse import pdf
from kb.ingest.parse.parsed import Limits, Parsed

JAPANESE = "HeiseiKakuGo-W5"
SENTENCE = "Services must work for everyone who needs them, wherever they are and whatever device they use. "


def read(data: bytes, limits: Limits | None = None) -> Parsed:
    return pdf.parse(data, limits=limits or Limits(100, 1_000_000), on_progress=lambda done, total: None)


def drawn(*pages: Callable[[Canvas], None], **metadata: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    if "title" in metadata:
        canvas.setTitle(metadata["title"])
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, font: str = "Helvetica", size: float = 11, top: float = 700) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        if font == JAPANESE:
            pdfmetrics.registerFont(UnicodeCIDFont(JAPANESE))
        canvas.setFont(font, size)
        for number, text in enumerate(texts):
            canvas.drawString(72, top - number * size * 1.5, text)

    return draw


def test_lines_of_an_english_paragraph_are_joined_with_spaces() -> None:
    buffer = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(buffer, pagesize=A4).build([Paragraph(SENTENCE * 4, style), Paragraph(SENTENCE * 2, style)])
    paragraphs = read(buffer.getvalue()).pages[0].text.split("\n\n")
    assert paragraphs == [(SENTENCE * 4).strip(), (SENTENCE * 2).strip()]


def test_broken_japanese_lines_are_joined_without_a_space() -> None:
    first = "行政手続のデジタル化を進めるに当たっては利用者の視点に立って手続"
    page = read(drawn(lines(first, "の流れ全体を見直すことが必要である。", font=JAPANESE))).pages[0]
    assert page.text == first + "の流れ全体を見直すことが必要である。"
    assert page.language == "ja"


def test_list_items_keep_their_own_lines() -> None:
    text = read(drawn(lines("You need:", "• a plan", "• a team", "1. Start small", "2. Learn"))).pages[0].text
    assert text.split("\n")[-4:] == ["• a plan", "• a team", "1. Start small", "2. Learn"]


def test_running_headers_and_page_numbers_are_left_out() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 9)
            canvas.drawString(72, 815, "Digital Strategy 2030")
            canvas.drawString(290, 25, f"Page {number} of 5")
            lines(f"Point {'abcde'[number - 1]} is about people.")(canvas)

        return draw

    parsed = read(drawn(*(page(number) for number in range(1, 6))))
    assert [p.text for p in parsed.pages[1:]] == [f"Point {letter} is about people." for letter in "bcde"]
    assert "Page 1 of 5" not in parsed.pages[0].text


def test_the_outline_gives_headings_with_their_places() -> None:
    def first(canvas: Canvas) -> None:
        canvas.bookmarkPage("one")
        canvas.addOutlineEntry("1 Aims", "one", level=0)
        lines("Foreword", "1 Aims", "We aim high.")(canvas)

    def second(canvas: Canvas) -> None:
        canvas.bookmarkPage("two")
        canvas.addOutlineEntry("1.1 Scope", "two", level=1)
        lines("1.1 Scope", "All services.")(canvas)

    parsed = read(drawn(first, second))
    headings = [[(h.level, h.title, p.text[h.start :].split("\n")[0]) for h in p.headings] for p in parsed.pages]
    assert headings == [[(1, "1 Aims", "1 Aims")], [(2, "1.1 Scope", "1.1 Scope")]]


def test_without_an_outline_larger_type_makes_headings() -> None:
    buffer = io.BytesIO()
    styles = getSampleStyleSheet()
    story = [
        Paragraph("Accessible services", styles["Title"]),
        Paragraph(SENTENCE * 4, styles["BodyText"]),
        PageBreak(),
        Paragraph("Test with people", styles["Heading1"]),
        Paragraph(SENTENCE * 3, styles["BodyText"]),
        Paragraph("Find participants", styles["Heading2"]),
        Paragraph(SENTENCE * 3, styles["BodyText"]),
    ]
    SimpleDocTemplate(buffer, pagesize=A4).build(story)
    parsed = read(buffer.getvalue())
    assert parsed.title == "Accessible services"
    assert [(h.level, h.title) for h in parsed.pages[1].headings] == [(1, "Test with people"), (2, "Find participants")]


def test_title_and_date_come_from_the_metadata() -> None:
    parsed = read(drawn(lines("Text of the plan"), title="A plan for digital inclusion"))
    assert parsed.title == "A plan for digital inclusion"
    assert len(parsed.published) == len("2030-01-01")


def test_a_file_name_in_the_metadata_is_no_title() -> None:
    assert read(drawn(lines("Text of the plan"), title="Microsoft Word - plan_v3 FINAL.docx")).title == ""


def test_pages_without_text_are_named() -> None:
    parsed = read(drawn(lines("First"), lambda canvas: canvas.rect(100, 100, 50, 50), lines("Third")))
    assert parsed.pages_without_text == (2,)
    assert [page.number for page in parsed.pages] == [1, 2, 3]


def test_progress_ends_with_all_pages() -> None:
    told: list[tuple[int, int]] = []
    data = drawn(*[lines("Text")] * 45)
    pdf.parse(data, limits=Limits(100, 10_000), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (45, 45)
    assert told == sorted(told)


def test_a_file_of_pictures_has_no_text_layer() -> None:
    with pytest.raises(NoTextLayerError):
        read(drawn(lambda canvas: canvas.rect(100, 100, 50, 50)))


def test_a_file_with_a_password_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(lines("Secret"))))
    writer.encrypt("word", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(EncryptedPdfError):
        read(buffer.getvalue())


def test_a_truncated_file_is_damaged_or_read_in_part() -> None:
    data = drawn(*[lines(SENTENCE)] * 3)
    for share in (0.2, 0.5, 0.9):
        try:
            parsed = read(data[: int(len(data) * share)])
        except (DamagedFileError, NoTextLayerError):
            continue
        assert parsed.pages


def test_limits_of_pages_and_of_text_are_kept() -> None:
    data = drawn(*[lines(SENTENCE)] * 3)
    with pytest.raises(LimitExceededError) as pages:
        read(data, Limits(2, 10_000))
    assert pages.value.facts["reason"] == "limit-pages"
    with pytest.raises(LimitExceededError) as text:
        read(data, Limits(3, 200))
    assert text.value.facts["reason"] == "limit-text"


def shifted(text: str) -> str:
    return "".join(chr(ord(character) - 29) if character > " " else character for character in text)


def test_a_garbled_document_is_refused() -> None:
    noise = [shifted(SENTENCE)] * 4
    with pytest.raises(GarbledTextError):
        read(drawn(lines(*noise), lines(*noise)))


def test_a_garbled_page_is_left_out_and_named() -> None:
    good = lines(*[SENTENCE] * 20, size=9)
    parsed = read(drawn(good, lines(*[shifted(SENTENCE)] * 4), good))
    assert parsed.pages[1].text == ""
    assert [(notice.code, notice.facts["pages"]) for notice in parsed.notices] == [("garbled-pages", "2")]
    assert parsed.pages_without_text == ()
