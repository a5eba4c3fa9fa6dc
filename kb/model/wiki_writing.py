"""What surrounds the writing of a playbook page: drafts of one browser, and images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into the form of a page and has not saved: `fields` by name, `saved_at` ISO 8601 in UTC.

    `based_on` is the revision the form was opened with, 0 for a new body.
    """

    based_on: int
    fields: Mapping[str, str]
    saved_at: str


@dataclass(frozen=True, slots=True)
class WikiImage:
    """An image of the playbook. `name` is part of its address; `words` are the alternative text it was added with."""

    name: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    words: str
    added_by: str
    added_at: str
