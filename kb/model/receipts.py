"""Receipts: what reading one file gave, kept with the version or with the failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["added", "unchanged", "updated", "failed", "retired"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader should know about a file that was read all the same: a catalogue key and its facts."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The row that one file leaves in a report.

    `problem` is a code of `kb.errors` for a failure, empty otherwise. `pages_without_text` are page numbers.
    """

    path: str
    outcome: Outcome
    version_id: str = ""
    title: str = ""
    pages: int = 0
    passages: int = 0
    characters: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    pages_without_text: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    problem: str = ""
    message: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    took_s: float = 0.0
