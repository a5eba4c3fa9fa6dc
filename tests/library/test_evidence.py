"""Evidence as a document: what has become of each passage, and files that say it when they are opened again."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pypdf
import pypdfium2
import pytest
from markdown_it import MarkdownIt
from PIL import Image

from kb.i18n import Texts
from kb.library.evidence.docx import word_document
from kb.library.evidence.markdown import escaped, markdown
from kb.library.evidence.pdf import pdf
from kb.library.evidence.sheet import Entry, Fact, Sheet, SheetPicture

LINK = "https://kb.example/c/p1"
HOSTILE = '#import "x" $y$ *bold* _it_ <script>alert(1)</script> [a](b) `c` | & \\ @ref #evil(1)'


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (893, 1263), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    picture = SheetPicture(jpeg(), 893, 1263, "https://kb.example/files/v/page-3.jpg?passage=p1", "Page 3 of 計画")
    facts = (Fact("Publisher", "デジタル庁", "ja"), Fact("Permanent link", LINK, "en", LINK))
    japanese = Entry(
        "1. 重点計画",
        "ja",
        facts,
        "The newer edition words this differently.",
        False,
        quotation=("政府情報システムは、クラウドサービスの利用を第一候補とする。", "𠮷野家と髙島屋、①②㈱。"),
        note=("First line", "second line"),
        picture=picture,
    )
    english = Entry(f"2. {HOSTILE}", "en", (Fact("Licence", HOSTILE, "en"),), HOSTILE, True, quotation=(HOSTILE,))
    lost = Entry("3. A passage that is no longer held", "en", (), "It was deleted.", False, remark="Not shown.")
    return Sheet("en", "Evidence from Kakehashi", "3 passages", "Your note", "2026-11-25", (japanese, english, lost))


def test_markdown_shows_every_word_as_it_is_and_nothing_as_markup(sheet):
    html = MarkdownIt("commonmark").render(markdown(sheet))
    assert "<script>" not in html
    assert html.count("<blockquote>") == 2
    assert "$y$ *bold* _it_ &lt;script&gt;alert(1)&lt;/script&gt; [a](b) `c` | &amp; \\ @ref" in html
    assert f'<a href="{LINK}">' in html
    assert '<img src="https://kb.example/files/v/page-3.jpg?passage=p1" alt="Page 3 of 計画"' in html
    assert "<h2>1. 重点計画</h2>" in html
    assert "First line<br />\nsecond line" in html


@pytest.mark.parametrize("line", ["1. one", "12) x", "- a", "+ b", "=== x", "---", "# h", "> q", "1986\\. a", "&amp;"])
def test_a_line_of_markdown_stays_a_line_of_text(line):
    html = MarkdownIt("commonmark").render(escaped(line))
    assert html.startswith("<p>")
    assert "<li>" not in html


def test_a_word_document_has_headings_languages_links_and_a_picture_with_words(sheet):
    opened = docx.Document(io.BytesIO(word_document(sheet)))
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings == [entry.heading for entry in sheet.entries]
    assert [p.text for p in opened.paragraphs if p.style.name == "Quotation"][:2] == list(sheet.entries[0].quotation)
    assert opened.core_properties.title == "Evidence from Kakehashi"
    xml = opened.element.xml
    assert 'w:lang w:val="ja-JP" w:eastAsia="ja-JP"' in xml
    assert 'descr="Page 3 of 計画"' in xml
    assert LINK in [rel.target_ref for rel in opened.part.rels.values() if rel.is_external]
    assert len(opened.inline_shapes) == 1
    assert "Your note: First line" in "\n".join(p.text for p in opened.paragraphs)


def test_a_pdf_shows_japanese_with_its_font_inside_and_says_what_it_is(sheet):
    made = pdf(sheet)
    with pypdfium2.PdfDocument(made) as opened:
        text = "".join(page.get_textpage().get_text_range() for page in opened)
        assert opened.is_tagged()
    bare = "".join(text.split())
    for line in (*sheet.entries[0].quotation, sheet.entries[0].standing, HOSTILE, LINK):
        assert "".join(line.split()) in bare
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert reader.metadata.title == "Evidence from Kakehashi"
    assert reader.trailer["/Root"]["/Lang"].startswith("en")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/FontFile3" in font["/DescendantFonts"][0]["/FontDescriptor"]
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    assert [a["/A"]["/URI"] for a in links] == [LINK]
    assert sum(len(page.images) for page in reader.pages) == 1


def test_a_character_that_no_font_has_does_not_keep_the_rest_from_being_read(sheet):
    strange = replace(sheet.entries[0], quotation=("古代エジプト \U00013080 の文字",), picture=None)
    with pypdfium2.PdfDocument(pdf(replace(sheet, entries=(strange,)))) as opened:
        assert "古代エジプト" in opened[0].get_textpage().get_text_range()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_empty_sheet_is_still_a_document(sheet, language):
    empty = replace(sheet, language=language, title=Texts(language)("basket.sheet.title"), entries=())
    assert pdf(empty).startswith(b"%PDF")
    assert word_document(empty)
