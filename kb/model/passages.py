"""Pages and the passages cut from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.text.language import Language

PageSource = Literal["text", "ocr"]
"""Where the words of a page come from: the file's own text, or recognition of a picture of it, which may err."""


@dataclass(frozen=True, slots=True)
class Page:
    """Clean text of one page: normalised, running headers removed, broken lines joined.

    `number` counts from 1 in the file; `label` is what the file itself prints ("iv", "12"), empty where unknown.
    A document without pages (Markdown, HTML, DOCX, text) is one page with number 1 and `paged` False on its version.
    """

    number: int
    text: str
    language: Language
    label: str = ""
    source: PageSource = "text"


@dataclass(frozen=True, slots=True)
class PlacedHeading:
    """A heading of a version: its level from 1, and the page and character where it stands."""

    level: int
    title: str
    page: int
    start: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous run of one page's text: the unit we embed, rank and cite.

    `page_text[start:end] == text` always holds, so a citation can be shown in its place on the page. `page` is None
    where the document has no pages. `section` is the path of headings above the passage, outermost first. `source` is
    that of its page.
    """

    id: str
    version_id: str
    page: int | None
    ordinal: int
    start: int
    end: int
    text: str
    language: Language
    section: tuple[str, ...] = ()
    source: PageSource = "text"

    def stands_in(self, page: Page) -> bool:
        """Whether the page still has these words in their place; not so where it was read anew since."""
        return page.number == (self.page or 1) and page.text[self.start : self.end] == self.text


def embedded_text(title: str, passage: Passage) -> str:
    """Text that is embedded for `passage`: title and section path in front, so that it knows what it is about."""
    heading = " > ".join(dict.fromkeys((title, *passage.section)))
    return f"{heading}\n{passage.text}" if heading else passage.text


def heading_end(passage: Passage) -> int:
    """Where the text of a passage goes on after the headings it begins with."""
    headings = {heading.strip() for heading in passage.section}
    rest = passage.text
    while True:
        first, _, after = rest.lstrip().partition("\n")
        if not after.strip() or first.strip() not in headings:
            return len(passage.text) - len(rest.lstrip()) if rest != passage.text else 0
        rest = after
