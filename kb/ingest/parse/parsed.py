"""What reading a file gives: clean page texts with their headings, and what should be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.model.passages import PageSource
from kb.model.receipts import Notice, OcrState
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: `level` counts from 1, outermost; `start` is where the section begins in the page's text."""

    level: int
    title: str
    start: int


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """Clean text of one page, with its headings in order of their starts.

    `number` counts from 1 in the file, and pages without text are there too, with empty text. `label` is what the
    file itself prints for the page ("iv", "12"), empty where unknown.
    """

    number: int
    text: str
    language: Language
    label: str = ""
    headings: tuple[Heading, ...] = ()
    source: PageSource = "text"


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file, read.

    `paged` is False for Markdown, HTML, DOCX and text, which are one page with number 1. `published` is a date as
    precise as known. `front_matter` holds plain values only (dates as ISO 8601 text).
    `pages_without_text` are the numbers of pages without a letter or digit, `blank_pages` those of them with nothing
    drawn either, and `garbled_pages` those whose characters mean nothing, with a few of these as `garbled_example`.
    `pictures` and `tables` are how many stand on each page that has some.
    """

    media_type: str
    paged: bool
    pages: tuple[ParsedPage, ...]
    title: str = ""
    published: str = ""
    author: str = ""
    front_matter: Mapping[str, object] = field(default_factory=dict)
    pages_without_text: tuple[int, ...] = ()
    blank_pages: tuple[int, ...] = ()
    garbled_pages: tuple[int, ...] = ()
    garbled_example: str = ""
    pictures: Mapping[int, int] = field(default_factory=dict)
    tables: Mapping[int, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    ocr: OcrState = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words made out in a picture of a page. `confidence`, 0 to 100, is how sure the program is of its letters."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one document is read before it is refused."""

    max_pages: int
    max_characters: int
