"""What people say of a version in place of what its file says, and where the rest comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from kb.model.works import Metadata, Version

Field = Literal[
    "title",
    "publisher",
    "country",
    "language",
    "published",
    "licence",
    "document_type",
    "source_url",
    "work_id",
    "edition",
    "supersedes",
]
FIELDS: tuple[Field, ...] = get_args(Field)
"""What may be corrected of a version."""

REQUIRED: tuple[Field, ...] = ("title", "publisher", "country", "language", "published", "licence")
"""What has to be known of a document before it can be quoted with confidence."""

Answer = Literal["edition", "replacement", "earlier", "different", "open"]
"""What a version is to another one like it.

`edition`: a new edition of it. `replacement`: a better file of the same edition. `earlier`: an older edition of it.
`different`: another document. `open`: an answer was taken back.
"""
ANSWERS: tuple[Answer, ...] = get_args(Answer)

Origins = Mapping[str, str]
"""Where the value of each field comes from.

`told`: from who added the file or its manifest. `file`: the file says so of itself, in front matter. What follows is
proposed only: `properties` of the file, a printed `page` (`page:1`), the `name` of the file, words of the `title`, the
`publisher`, the language of the `text`.
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of a version as somebody corrected it. `was` is what stood there before; `at` is ISO 8601 in UTC.

    An answer about another version is a correction too: its field is `answer:<kind>`, its value the other's id.
    """

    id: int
    version_id: str
    field: str
    value: str
    was: str
    by: str
    at: str


def value_of(version: Version, field: Field) -> str:
    """What is known of a field of `version`, as text."""
    if field == "work_id":
        return version.work_id
    return version.metadata.edition if field == "edition" else str(getattr(version.metadata, field))


def missing(metadata: Metadata) -> tuple[Field, ...]:
    """Required fields of which nothing is known, in the order of the form."""
    return tuple(field for field in REQUIRED if not str(getattr(metadata, field)))


def proposed(origins: Origins, field: str) -> str:
    """Where a value that nobody has confirmed comes from, such as `page:1`; empty where somebody said it."""
    origin = origins.get(field, "")
    return "" if origin in ("told", "file") else origin
