"""Withdrawals: documents that readers no longer see, and what was deleted for good."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.works import EditionStatus


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A version taken from readers: by whom, when and why. Times are ISO 8601 in UTC.

    It stands while `restored_at` is empty. `former_status` is what the version was before, and becomes again.
    `made_current` are ids, with blanks between them, of the older editions that it made current again.
    """

    version_id: str
    reason: str
    withdrawn_by: str
    withdrawn_at: str
    former_status: EditionStatus
    restored_by: str = ""
    restored_at: str = ""
    made_current: str = ""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was removed with a version that was deleted for good."""

    version_id: str
    title: str
    passages: int
    embeddings: int
    size_bytes: int
