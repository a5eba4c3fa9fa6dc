"""Works and their versions: publications as people name them, and the bytes that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.text.language import Language

Country = Literal["uk", "jp", "both", "other"]
"""Whose policy a version speaks of: `both` for what the partnership itself writes."""


def with_shared(countries: Iterable[Country]) -> tuple[Country, ...]:
    """Countries of the documents that are meant by `countries`: those about both belong to each of the two."""
    asked = tuple(countries)
    return (*asked, "both") if {"uk", "jp"}.intersection(asked) and "both" not in asked else asked


DocumentType = Literal["strategy", "guidance", "standard", "report", "law", "briefing", "playbook", "other"]

EditionStatus = Literal["current", "superseded", "retired"]
"""`superseded`: a newer edition exists. `retired`: its source went away; links keep working, search leaves it out."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a version besides its text; every field may be corrected later.

    `published` is a date as precise as known: `2022`, `2022-06` or `2022-06-07`. `extra` keeps columns of a manifest
    that have no field of their own, what the edition is called, and the publications the document rests on (see
    `kb.model.references`).
    """

    title: str
    language: Language
    publisher: str = ""
    country: Country = "other"
    document_type: DocumentType = "other"
    published: str = ""
    licence: str = ""
    source_url: str = ""
    supersedes: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        """Year of publication, if known."""
        return int(self.published[:4]) if self.published[:4].isdigit() else None

    @property
    def edition(self) -> str:
        """What the edition is called, such as "2nd edition" or 第2版; empty where it has no name."""
        return self.extra.get("edition", "")


@dataclass(frozen=True, slots=True)
class Version:
    """One edition of a work in one language.

    `id` derives from the SHA-256 of the bytes, so the same bytes are the same version wherever they are found.
    `path` is where they were found last: relative to the folder or manifest they came with, or the uploaded name.
    `slug` is set for playbook pages only.
    """

    id: str
    work_id: str
    sha256: str
    path: str
    media_type: str
    size_bytes: int
    page_count: int | None
    passage_count: int
    word_count: int
    status: EditionStatus
    metadata: Metadata
    added_at: str
    slug: str = ""

    @property
    def title(self) -> str:
        """Title as published."""
        return self.metadata.title
