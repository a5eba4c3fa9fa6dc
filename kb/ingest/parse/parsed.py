"""What reading a file gives: clean page texts with their headings, and what should be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.model.receipts import Notice
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file, read.

    `paged` is False for Markdown, HTML, DOCX and text, which are one page with number 1. `published` is a date as
    precise as known. `front_matter` holds plain values only (dates as ISO 8601 text).
    """

    media_type: str
    paged: bool
    pages: tuple[ParsedPage, ...]
    title: str = ""
    published: str = ""
    author: str = ""
    front_matter: Mapping[str, object] = field(default_factory=dict)
    pages_without_text: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one document is read before it is refused."""

    max_pages: int
    max_characters: int
