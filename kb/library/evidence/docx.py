"""Evidence as a Word document."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kb.library.evidence.sheet import Entry, Fact, Sheet, SheetPicture
from kb.text.language import Language

_LATIN, _JAPANESE = "Arial", "Yu Gothic"
_TAGS: dict[Language, str] = {"en": "en-GB", "ja": "ja-JP"}
_INK, _SECOND, _LINK = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F), RGBColor(0x1D, 0x4F, 0x91)
_TEXT_WIDTH_CM, _MOST_PICTURE_CM = 16.0, 13.6
"""Between the margins of A4, and how high a picture may be so that it mostly stands on the page of its facts."""


def word_document(sheet: Sheet) -> bytes:
    """The sheet as the bytes of a .docx: real headings, the language of every run, words in place of each picture."""
    document = docx.Document()
    _set_up(document, sheet)
    document.add_heading(level=0)
    _run(document.paragraphs[-1], sheet.title, sheet.language)
    _run(document.add_paragraph(), sheet.lead, sheet.language)
    for entry in sheet.entries:
        _add(document, sheet, entry)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Document, sheet: Sheet) -> None:
    core = document.core_properties
    core.title, core.author, core.language = sheet.title, "Kakehashi", _TAGS[sheet.language]
    core.comments = ""
    core.created = core.modified = datetime.fromisoformat(sheet.made_on)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    styles: Any = document.styles
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 14)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _JAPANESE)
        fonts.set(qn("w:hAnsi"), _LATIN)
    styles["Heading 1"].paragraph_format.space_before = Pt(22)
    quotation = styles.add_style("Quotation", WD_STYLE_TYPE.PARAGRAPH)
    quotation.base_style = styles["Normal"]
    quotation.paragraph_format.left_indent = Cm(0.7)
    quotation.paragraph_format.space_after = Pt(4)
    _left_border(quotation.element.get_or_add_pPr())


def _left_border(properties: Any) -> None:
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "10"), ("color", "1D4F91")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _add(document: Document, sheet: Sheet, entry: Entry) -> None:
    _run(document.add_heading(level=1), entry.heading, entry.language)
    for line in entry.quotation:
        _run(document.add_paragraph(style="Quotation"), line, entry.language)
    for line in (entry.standing, entry.remark):
        if line:
            _run(document.add_paragraph(), line, sheet.language)
    if entry.note:
        paragraph = document.add_paragraph()
        _run(
            paragraph,
            f"{sheet.note_term}: " if sheet.language == "en" else f"{sheet.note_term}：",
            sheet.language,
            bold=True,
        )
        for number, line in enumerate(entry.note):
            if number:
                paragraph.add_run().add_break()
            _run(paragraph, line, sheet.language)
    for fact in entry.facts:
        _fact(document.add_paragraph(), fact, sheet.language)
    if entry.picture:
        _picture(document, entry.picture)


def _fact(paragraph: Paragraph, fact: Fact, language: Language) -> None:
    paragraph.paragraph_format.space_after = Pt(1)
    _run(paragraph, f"{fact.term}: " if language == "en" else f"{fact.term}：", language, colour=_SECOND)
    if fact.href:
        _link(paragraph, fact)
    else:
        _run(paragraph, fact.value, fact.language)


def _run(
    paragraph: Paragraph, text: str, language: Language, *, bold: bool = False, colour: RGBColor | None = None
) -> Any:
    run: Any = paragraph.add_run(text)
    run.bold = bold or None
    if colour is not None:
        run.font.color.rgb = colour
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), _TAGS[language])
    tag.set(qn("w:eastAsia"), _TAGS[language] if language == "ja" else "ja-JP")
    run._element.get_or_add_rPr().append(tag)
    return run


def _link(paragraph: Paragraph, fact: Fact) -> None:
    """A hyperlink; python-docx has no call of its own for one."""
    run = _run(paragraph, fact.value, fact.language, colour=_LINK)
    run.underline = True
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(fact.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run._element.addprevious(link)
    link.append(run._element)


def _picture(document: Document, picture: SheetPicture) -> None:
    width_cm = min(_TEXT_WIDTH_CM, _MOST_PICTURE_CM * picture.width_px / picture.height_px)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    run: Any = paragraph.add_run()
    shape: Any = run.add_picture(io.BytesIO(picture.jpeg), width=Cm(width_cm))
    properties = shape._inline.docPr
    properties.set("descr", picture.alternative)
    properties.set("title", "")
