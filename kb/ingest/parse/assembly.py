"""A PDF's pages from its lines: noise left out, margins removed, paragraphs joined, headings placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.ingest.parse import headings, refusals
from kb.ingest.parse.contents import Contents
from kb.ingest.parse.garble import example_of, is_garbled
from kb.ingest.parse.headings import Entry, PlacedBlock
from kb.ingest.parse.hyphens import count_words
from kb.ingest.parse.layout import Line, paragraphs, title_first
from kb.ingest.parse.lines import glue
from kb.ingest.parse.parsed import ParsedPage
from kb.ingest.parse.running import without_margins
from kb.model.receipts import Notice
from kb.text.language import Language, language_of
from kb.text.normalise import squash

_MOST_GARBLED = 0.5
"""Share of a document's characters above which nothing of it is trusted."""
_LONGEST_TITLE = 120
_MOST_TITLE_BLOCKS = 3
_AS_LARGE = 0.97
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as the PDF gives it: its characters, its height in points, its label and its lines."""

    number: int
    raw: str = ""
    height: float = 0.0
    label: str = ""
    lines: tuple[Line, ...] = field(default=())
    contents: Contents = field(default=Contents())

    @property
    def has_words(self) -> bool:
        """Whether a letter or digit stands on the page."""
        return any(map(str.isalnum, self.raw))


@dataclass(frozen=True, slots=True)
class Clean:
    """Pages with clean text, and the title printed on the first of them, if any stands out."""

    pages: tuple[ParsedPage, ...]
    title: str
    pages_without_text: tuple[int, ...]
    garbled_pages: tuple[int, ...]
    notices: tuple[Notice, ...]


def assemble(pages: Sequence[RawPage], outline: Sequence[Entry], *, wordless: bool = False) -> Clean:
    """Clean pages; raises `NoTextLayerError` or `GarbledTextError` where there is nothing to trust.

    Where `wordless` pages are wanted all the same, as they are when their pictures will be read, it raises neither: the
    text of what cannot be trusted is left out.
    """
    garbled = _garbled(pages, wordless=wordless)
    without_text = tuple(page.number for page in pages if not page.has_words)
    if len(without_text) == len(pages) and not wordless:
        raise refusals.no_text_layer(len(pages))
    kept = without_margins(
        [() if page.number in garbled else page.lines for page in pages], [page.height for page in pages]
    )
    words = count_words([line.text for page in kept for line in page])
    language = language_of("".join(line.text for page in kept[:50] for line in page))
    placed: list[list[PlacedBlock]] = []
    texts: list[str] = []
    languages: list[Language] = []
    entries = headings.useful(outline)
    titles = frozenset(squash(entry.title) for entry in entries)
    for lines in kept:
        here = language_of(" ".join(line.text for line in lines), language)
        text = ""
        blocks: list[PlacedBlock] = []
        for block in paragraphs(title_first(lines), here, words, titles):
            text += ("\n\n" if block.apart else "\n") if text else ""
            blocks.append(PlacedBlock(block, len(text)))
            text += block.text
        texts.append(text)
        languages.append(here)
        placed.append(blocks)
    title = _title(placed)
    found = (
        [headings.from_outline(entries, index, text) for index, text in enumerate(texts)]
        if entries
        else headings.from_print(placed, title)
    )
    return Clean(
        pages=tuple(
            ParsedPage(page.number, text, here, page.label, page_headings)
            for page, text, here, page_headings in zip(pages, texts, languages, found, strict=True)
        ),
        title=title,
        pages_without_text=without_text,
        garbled_pages=garbled,
        notices=(Notice("garbled-pages", listed(garbled)),) if garbled else (),
    )


def listed(numbers: Sequence[int]) -> dict[str, str | int]:
    """Facts of a notice about pages: their numbers, the first twenty, and how many they are."""
    shown = ", ".join(map(str, numbers[:_MOST_LISTED]))
    return {"pages": f"{shown} ..." if len(numbers) > _MOST_LISTED else shown, "n": len(numbers)}


def _garbled(pages: Sequence[RawPage], *, wordless: bool) -> tuple[int, ...]:
    """Numbers of pages that read like noise. Where most of the document does it is refused, or all its pages count."""
    numbers = tuple(page.number for page in pages if is_garbled(page.raw))
    noise = sum(len(page.raw) for page in pages if page.number in set(numbers))
    if noise > _MOST_GARBLED * sum(len(page.raw) for page in pages):
        if not wordless:
            raise refusals.garbled(len(pages), example_of(next(page.raw for page in pages if page.number in numbers)))
        return tuple(page.number for page in pages if page.has_words)
    return numbers


def _title(pages: Sequence[Sequence[PlacedBlock]]) -> str:
    """What is printed largest on the first page, where something is: the first blocks that stand together."""
    first = [placed.block for placed in pages[0]] if pages else []
    sizes = [max(line.size for line in block.lines) for block in first]
    largest = max(sizes, default=0.0)
    if not sizes or largest < headings.LARGER * headings.body_size(pages):
        return ""
    start = next(index for index, size in enumerate(sizes) if size >= _AS_LARGE * largest)
    title = ""
    for block, size in zip(first[start : start + _MOST_TITLE_BLOCKS], sizes[start:], strict=False):
        if size < _AS_LARGE * largest:
            break
        title += glue(title, block.text, "ja") + block.text
    return title if len(title) <= _LONGEST_TITLE and any(map(str.isalpha, title)) else ""
