"""Jobs: files waiting to be read, being read, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
JobStage = Literal["waiting", "reading", "embedding", "saving", "done"]


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded file on its way into the library.

    `done` of `total` counts pages while reading and passages while embedding. A failed job carries the `problem`
    code of `kb.errors` and the facts its sentence names. Times are ISO 8601 in UTC.
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
    created_at: str = ""
    finished_at: str = ""
