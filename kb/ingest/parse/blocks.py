"""Building the text of a document without pages, block by block, with the offsets of its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.ingest.parse import refusals
from kb.ingest.parse.lines import close_up, glue, tidy
from kb.ingest.parse.parsed import Heading, Limits, ParsedPage
from kb.text.language import Language, language_of
from kb.text.normalise import normalise

_HEADING_ID = re.compile(r"\s*\{#[^}]*\}\s*$")


class TextBuilder:
    """Collects tidied blocks; `page` gives them as one page. Stops with an error at the limit of characters."""

    def __init__(self, limits: Limits, language: Language = "en") -> None:
        self._limits = limits
        self._language = language
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def paragraph(self, text: str) -> None:
        """A paragraph; its line feeds are only breaks of the source."""
        self._add(self._joined(text), "\n\n")

    def lines(self, text: str) -> None:
        """A block whose line feeds are meant."""
        kept = [line for line in map(tidy, text.split("\n")) if line]
        self._add("\n".join(kept), "\n\n")

    def item(self, text: str) -> None:
        """A list item or a row of a table: a line of its own."""
        self._add(self._joined(text), "\n")

    def row(self, cells: Iterable[str]) -> None:
        """A row of a table, as `cell | cell`."""
        tidied = [tidy(cell.replace("\n", " ")) for cell in cells]
        if any(tidied):
            self._add(" | ".join(tidied), "\n")

    def code(self, text: str) -> None:
        """A block kept as it stands, spaces at the start of lines included."""
        self._add(normalise(text.expandtabs(4)).strip("\n"), "\n\n")

    def heading(self, level: int, title: str) -> None:
        """A heading on a line of its own; an id in braces at its end is left out."""
        text = close_up(self._joined(_HEADING_ID.sub("", title)))
        if text:
            start = self._add(text, "\n\n")
            self._headings.append(Heading(level, text, start))

    def page(self) -> ParsedPage:
        """Everything collected, as one page; raises `EmptyFileError` where there are no words."""
        text = "".join(self._parts)
        page = ParsedPage(1, text, language_of(text, self._language), headings=tuple(self._headings))
        refusals.check_words((page,))
        return page

    @property
    def title(self) -> str:
        """First heading of the outermost level that occurs, empty without headings."""
        if not self._headings:
            return ""
        top = min(heading.level for heading in self._headings)
        return next(heading.title for heading in self._headings if heading.level == top)

    def _joined(self, text: str) -> str:
        joined = ""
        for line in map(tidy, text.split("\n")):
            joined += glue(joined, line, self._language) + line
        return joined

    def _add(self, text: str, separator: str) -> int:
        if not text.strip():
            return self._length
        between = separator if self._parts else ""
        start = self._length + len(between)
        self._parts.append(between + text)
        self._length = start + len(text)
        refusals.check_text(self._length, self._limits)
        return start
