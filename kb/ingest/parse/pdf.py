"""PDF: words and their places from PDFium, structure from pypdf; `drawing` draws pages.

pypdf never sees a content stream: it would unpack what PDFium only walks over, and takes ten times as long.
"""

from __future__ import annotations

import ctypes
import io
import logging
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pypdf.generic import Destination

from kb.ingest.parse import refusals
from kb.ingest.parse.assembly import RawPage, assemble, listed
from kb.ingest.parse.contents import contents_of
from kb.ingest.parse.garble import example_of
from kb.ingest.parse.headings import Entry
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.parse.layout import HYPHEN, Line
from kb.ingest.parse.lines import tidy
from kb.ingest.parse.parsed import Limits, Parsed
from kb.model.receipts import Notice
from kb.text.normalise import normalise, one_line

_BOLD = 600
_MOST_ENTRIES = 5_000
_DEEPEST_ENTRY = 8
_PROGRESS_STEP = 20
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_CJK = r"\u3001-\u30ff\u4e00-\u9fff"
_GAP = re.compile(f"(?<=[{_CJK}]) (?=[A-Za-z0-9{_CJK}])|(?<=[A-Za-z0-9]) (?=[{_CJK}])")
_NARROW_EM, _NARROWEST_EM = 0.7, 0.35
"""Space narrower than this is no space: between Japanese and Latin, and between Japanese characters."""
_LINE_BREAK = re.compile(f"(\r\n|\n|\r|{HYPHEN})")
_POOR_TITLE = re.compile(
    r"untitled.*|\(?anonymous\)?|無題.*|slide 1|<[0-9a-f]+>?|[\w-]{0,16}"
    r"|.*\.(?:docx?|pdf|xlsx?|pptx?|indd|jtd|rtf|txt|odt)\b.*",
    re.IGNORECASE,
)
_PRINTED_FROM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ")


@dataclass(frozen=True, slots=True)
class _Structure:
    title: str = ""
    author: str = ""
    published: str = ""
    outline: tuple[Entry, ...] = field(default=())


def parse(data: bytes, *, limits: Limits, on_progress: Callable[[int, int], None], wordless: bool = False) -> Parsed:
    """A PDF page by page; raises the `UnreadableDocumentError` that fits where there is nothing to read.

    `wordless` as in `assembly.assemble`.
    """
    document = opened(data)
    try:
        return _parse(document, data, limits, on_progress, wordless=wordless)
    finally:
        document.close()


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document, to be closed by the caller; raises the `UnreadableDocumentError` that fits where it cannot be."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise refusals.encrypted() from error
        raise refusals.damaged(str(error)) from error


def _parse(
    document: pypdfium2.PdfDocument,
    data: bytes,
    limits: Limits,
    on_progress: Callable[[int, int], None],
    *,
    wordless: bool,
) -> Parsed:
    total = len(document)
    refusals.check_pages(total, limits)
    pages: list[RawPage] = []
    unreadable: list[int] = []
    characters = 0
    for index in range(total):
        page = _read_page(document, index)
        if page is None:
            unreadable.append(index + 1)
            page = RawPage(index + 1)
        characters += len(page.raw)
        refusals.check_text(characters, limits)
        pages.append(page)
        if (index + 1) % _PROGRESS_STEP == 0 or index + 1 == total:
            on_progress(index + 1, total)
    if len(unreadable) == total:
        raise refusals.damaged("no page can be opened")
    structure = _structure(data)
    clean = assemble(pages, structure.outline, wordless=wordless)
    notices = list(clean.notices)
    if unreadable:
        notices.append(Notice("unreadable-pages", listed(unreadable)))
    if pdfium.FPDF_GetFormType(document.raw) == pdfium.FORMTYPE_XFA_FULL:
        notices.append(Notice("xfa-form"))
    return Parsed(
        MEDIA_TYPES["pdf"],
        paged=True,
        pages=clean.pages,
        title=structure.title or clean.title,
        published=structure.published,
        author=structure.author,
        pages_without_text=tuple(n for n in clean.pages_without_text if n not in unreadable),
        blank_pages=tuple(page.number for page in pages if page.contents.is_blank),
        garbled_pages=clean.garbled_pages,
        garbled_example=next((example_of(p.raw) for p in pages if p.number in clean.garbled_pages), ""),
        pictures={page.number: page.contents.pictures for page in pages if page.contents.pictures},
        tables={page.number: page.contents.tables for page in pages if page.contents.tables and page.has_words},
        notices=tuple(notices),
    )


def _read_page(document: pypdfium2.PdfDocument, index: int) -> RawPage | None:
    """Lines of one page with their places, None where the page cannot be opened."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return None
    try:
        raw = textpage.get_text_range().replace("\xad", "-")  # a soft hyphen that was printed is a hyphen
        label = tidy(document.get_page_label(index))
        lines = tuple(_lines(textpage, raw))
        return RawPage(index + 1, raw, page.get_height(), label, lines, contents_of(page))
    finally:
        textpage.close()
        page.close()


def _lines(textpage: pypdfium2.PdfTextPage, raw: str) -> Iterator[Line]:
    """Tidied lines of a page. Only the first and the last character of a line are asked for their boxes."""
    wide = bool(raw) and max(raw) > "\uffff"
    straight = textpage.count_chars() == _units(raw, wide)
    pieces = _LINE_BREAK.split(raw)
    start = 0
    for index in range(0, len(pieces), 2):
        piece, separator = pieces[index], pieces[index + 1] if index + 1 < len(pieces) else ""
        text = tidy(_without_narrow_gaps(textpage, piece, start, wide))
        if text:
            first = start + _units(piece[: len(piece) - len(piece.lstrip())], wide)
            last = start + _units(piece.rstrip(), wide) - 1
            if not straight:
                first, last = (pdfium.FPDFText_GetCharIndexFromTextIndex(textpage.raw, unit) for unit in (first, last))
            yield _placed(textpage, text, first, last, hyphenated=separator == HYPHEN)
        start += _units(piece, wide) + len(separator)


def _without_narrow_gaps(textpage: pypdfium2.PdfTextPage, piece: str, start: int, wide: bool) -> str:
    """`piece` without spaces that PDFium inferred from the quarter em by which Japanese is set off from Latin."""
    if piece.isascii():
        return piece
    kept: list[str] = []
    end = 0
    for match in _GAP.finditer(piece):
        unit = start + _units(piece[: match.start()], wide)
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage.raw, unit)
        if pdfium.FPDFText_IsGenerated(textpage.raw, index) == 1:
            before, after = _box(textpage.raw, index - 1), _box(textpage.raw, index + 1)
            narrow = _NARROW_EM if _is_latin(piece, match.start()) else _NARROWEST_EM
            if 0 <= after.left - before.right < narrow * _size(textpage.raw, index - 1):
                kept.append(piece[end : match.start()])
                end = match.end()
    return "".join((*kept, piece[end:]))


def _is_latin(text: str, space: int) -> bool:
    """Whether one side of the space at `space` is Latin or a figure."""
    return text[space - 1].isascii() or text[space + 1].isascii()


def _units(text: str, wide: bool) -> int:
    """UTF-16 units, in which PDFium counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if wide else len(text)


def _placed(textpage: pypdfium2.PdfTextPage, text: str, begin: int, end: int, *, hyphenated: bool) -> Line:
    """A line between two indices of characters, which are not indices of the text where PDFium left some out."""
    raw = textpage.raw
    left, right = _box(raw, begin), _box(raw, end)
    bold = all(pdfium.FPDFText_GetFontWeight(raw, index) >= _BOLD for index in (begin, (begin + end) // 2, end))
    return Line(
        text,
        left=min(left.left, right.left),
        right=max(left.right, right.right),
        bottom=min(left.bottom, right.bottom),
        top=max(left.top, right.top),
        size=_size(raw, begin),
        bold=bold,
        hyphenated=hyphenated,
    )


def _box(textpage: object, index: int) -> pdfium.FS_RECTF:
    """Box of a character with the whole height of its type, all zero where PDFium knows none."""
    box = pdfium.FS_RECTF()
    if index >= 0:
        pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box))
    return box


def _size(textpage: object, index: int) -> float:
    """Size of type in points: boxes of different fonts differ at the same size."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
    return round(float(pdfium.FPDFText_GetFontSize(textpage, index)) * math.hypot(matrix.c, matrix.d), 1)


def _structure(data: bytes) -> _Structure:
    """Title, author, date and outline as pypdf reads them; empty where it stumbles over what PDFium could read."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        information = {key: str(value or "") for key, value in (reader.metadata or {}).items()}
        outline = tuple(_entries(reader, reader.outline, 1))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a broken file can make pypdf raise anything; only structure is lost
        logging.getLogger(__name__).info("No structure: %r", error)
        return _Structure()
    title = one_line(normalise(_PRINTED_FROM.sub("", information.get("/Title", ""))))
    date = _DATE.match(information.get("/CreationDate", ""))
    return _Structure(
        title="" if _POOR_TITLE.fullmatch(title) else title,
        author=one_line(normalise(information.get("/Author", ""))),
        published="-".join(part for part in date.groups() if part) if date else "",
        outline=outline[:_MOST_ENTRIES],
    )


def _entries(reader: pypdf.PdfReader, items: Sequence[object], level: int) -> Iterator[Entry]:
    for item in items:
        if isinstance(item, list):
            if level < _DEEPEST_ENTRY:
                yield from _entries(reader, item, level + 1)
        elif isinstance(item, Destination) and item.title:
            page = reader.get_destination_page_number(item)
            if page is not None and page >= 0:
                yield Entry(level, str(item.title), page)
