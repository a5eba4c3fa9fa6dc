"""Word documents (.docx): paragraphs, lists and tables in their order, headings by style."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from kb.ingest.parse import refusals
from kb.ingest.parse.blocks import TextBuilder
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.parse.parsed import Limits, Parsed
from kb.text.language import language_of
from kb.text.normalise import normalise, one_line

_MOST_UNPACKED_BYTES = 400_000_000
_MOST_XML_BYTES = 60_000_000
"""Of one part that has to be parsed; a document of a thousand pages has about ten million."""
_MOST_PARTS = 20_000
_HEADING = re.compile(r"(?:heading|見出し|표제|標題)\s*([1-9])", re.IGNORECASE)
_TITLES = frozenset(("title", "表題", "タイトル"))
_TABLE_OF_CONTENTS = re.compile(r"(?:toc|目次)(?:\s*\d|\s*heading|の見出し)", re.IGNORECASE)
_DEEPEST_TABLE = 5


def parse(data: bytes, *, limits: Limits) -> Parsed:
    """A Word document as one page; bombs are refused before they are unpacked."""
    _check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise refusals.damaged(repr(error)) from error
    builder = TextBuilder(limits, language_of("".join(p.text for p in document.paragraphs[:200])))
    title = _add_body(builder, document)
    properties = document.core_properties
    published = properties.created
    return Parsed(
        MEDIA_TYPES["docx"],
        paged=False,
        pages=(builder.page(),),
        title=one_line(normalise(properties.title or "")) or title or builder.title,
        published=published.date().isoformat() if published else "",
        author=one_line(normalise(properties.author or "")),
    )


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise refusals.damaged(repr(error)) from error
    if any(part.flag_bits & 1 for part in parts):
        raise refusals.encrypted()
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED_BYTES or largest > _MOST_XML_BYTES:
        raise refusals.too_large_unpacked(_MOST_UNPACKED_BYTES // 1_000_000)


def _add_body(builder: TextBuilder, document: Document) -> str:
    """Add everything in its order; gives the text of a paragraph in the style Title, empty where there is none."""
    title = ""
    for element in document.iter_inner_content():
        if isinstance(element, Table):
            _add_table(builder, element, 1)
            continue
        style = (element.style.name or "") if element.style is not None else ""
        heading = _HEADING.match(style)
        if _TABLE_OF_CONTENTS.match(style):
            continue
        if heading:
            builder.heading(int(heading.group(1)), element.text)
        elif style.lower() in _TITLES:
            title = title or one_line(normalise(element.text))
            builder.heading(1, element.text)
        elif _is_item(element, style):
            builder.item(f"- {element.text.lstrip('•・ ')}" if element.text.strip() else "")
        else:
            builder.lines(element.text)
    return title


def _is_item(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return numbered or style.startswith(("List", "箇条書き", "リスト"))


def _add_table(builder: TextBuilder, table: Table, depth: int) -> None:
    for row in table.rows:
        cells = list(_distinct(row.cells))
        builder.row(cell.text for cell in cells)
        if depth < _DEEPEST_TABLE:
            for cell in cells:
                for inner in cell.tables:
                    _add_table(builder, inner, depth + 1)


def _distinct(cells: tuple[_Cell, ...]) -> Iterator[_Cell]:
    """Cells of a row, a merged one only once."""
    before = None
    for cell in cells:
        if cell._tc is not before:
            yield cell
        before = cell._tc
