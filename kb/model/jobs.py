"""Jobs: files waiting to be read, being read, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
JobStage = Literal["waiting", "reading", "embedding", "saving", "checking", "done"]
JobOutcome = Literal["", "added", "held", "edition"]
"""What a file became: a new document, nothing new because its bytes are held, an edition of a work that is held."""
Standing = Literal["held", "stopping", "lost"]
"""Of a job that a worker has claimed: still its own, asked to be given up, or no longer its own."""


_FINAL = frozenset({"empty-file", "wrong-type", "damaged", "encrypted", "deleted"})
"""Problems that the same bytes will have for ever; others may go away with a setting, a program or a restoration."""


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded file on its way into the library.

    `done` of `total` counts pages while reading and passages while embedding. A failed job carries the `problem`
    code of `kb.errors` and the facts its sentence names; one that was refused at the door has no bytes and no
    `sha256`. `owner` and `attempts` name the claim of the worker that holds it. `proposed` is what was noticed about
    the document and waits for somebody to decide. Times are ISO 8601 in UTC.
    """

    id: int
    filename: str
    sha256: str
    size_bytes: int
    state: JobState
    stage: JobStage
    done: int = 0
    total: int = 0
    version_id: str = ""
    problem: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    batch: str = ""
    outcome: JobOutcome = ""
    proposed: Mapping[str, str] = field(default_factory=dict)
    is_stopping: bool = False
    owner: str = ""
    attempts: int = 0
    created_at: str = ""
    started_at: str = ""
    finished_at: str = ""

    @property
    def is_active(self) -> bool:
        """Whether something will still happen to this file."""
        return self.state in ("waiting", "running")

    @property
    def can_be_retried(self) -> bool:
        """Whether its bytes are kept and reading them once more may end otherwise."""
        is_final = self.problem in _FINAL and self.facts.get("reason") != "damaged-broken-off"
        return self.state in ("failed", "cancelled") and bool(self.sha256) and not is_final


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that were added together, counted by what became of them; the counts add up to `total`."""

    id: str
    created_at: str
    total: int
    waiting: int
    running: int
    added: int
    held: int
    edition: int
    failed: int
    cancelled: int

    @property
    def finished(self) -> int:
        """Files to which nothing will happen any more."""
        return self.total - self.waiting - self.running
