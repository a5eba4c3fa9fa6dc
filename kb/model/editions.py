"""How the editions of a publication follow each other."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.works import Version


@dataclass(frozen=True, slots=True)
class Successor:
    """What replaced an edition: `first` at the time, `version` by now, which is the same where it was replaced once."""

    version: Version
    first: Version


def is_newer(other: Version, version: Version) -> bool:
    """Whether `other` came after: by the dates of publication where both are known and differ, else by being added."""
    first, second = version.metadata.published, other.metadata.published
    shared = min(len(first), len(second))
    if first[:shared] != second[:shared]:
        return second > first
    return other.added_at > version.added_at
