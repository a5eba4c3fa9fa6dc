"""Receipts: what reading one file gave, kept with the version or with the failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.text.language import Language

Outcome = Literal["added", "unchanged", "updated", "failed", "retired"]

OcrState = Literal["", "done", "stopped", "missing", "off"]
"""What became of pages without usable text: there were none, all were tried by OCR, time ran out before that, no
program for it is installed, or it is switched off."""

Health = Literal["whole", "partial", "ocr", "garbled"]
"""How well an edition was read: everything with its own words, some pages without, some read by OCR, some garbled."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader should know about a file that was read all the same: a catalogue key and its facts."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """A search that finds an edition: what to type, in which language, and its place among the results, from 1."""

    query: str
    language: Language
    rank: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The row that one file leaves in a report.

    `problem` is a code of `kb.errors` for a failure, empty otherwise. Everything named `pages` but the first is page
    numbers, ascending: those `pages_without_text`, of which `blank_pages` have nothing drawn on them, those read by
    OCR, those garbled, and those in each language. `pictures` and `tables` are how many stand on each page that has
    some. Receipts of earlier releases lack what was not counted then.
    """

    path: str
    outcome: Outcome
    version_id: str = ""
    title: str = ""
    pages: int = 0
    passages: int = 0
    characters: int = 0
    words: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    language_pages: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    pages_without_text: tuple[int, ...] = ()
    blank_pages: tuple[int, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    ocr: OcrState = ""
    garbled_pages: tuple[int, ...] = ()
    garbled_example: str = ""
    pictures: Mapping[int, int] = field(default_factory=dict)
    tables: Mapping[int, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    notices: tuple[Notice, ...] = ()
    problem: str = ""
    message: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    took_s: float = 0.0
    created_at: str = field(default="", compare=False)
    """When it was written, ISO 8601 in UTC; empty before it is."""

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """Pages on which something stands of which no word can be found."""
        lost = {*self.pages_without_text, *self.garbled_pages} - set(self.blank_pages) - set(self.ocr_pages)
        return tuple(sorted(lost))

    @property
    def health(self) -> Health:
        """How well the edition was read, by what a reader should know first."""
        if set(self.garbled_pages) & set(self.unread_pages):
            return "garbled"
        damaged = any(notice.code in ("unreadable-pages", "xfa-form") for notice in self.notices)
        if self.unread_pages or damaged:
            return "partial"
        return "ocr" if self.ocr_pages else "whole"
