"""The audit trail: who did what to the library, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AuditAction = Literal["withdrawn", "restored", "deleted", "allowed", "imported", "restored-library"]
"""What this release notes. Rows may name others."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row. `subject` is the id of a version, or empty where the whole library is meant.

    `facts` hold what was known then, such as the `title`: of what is deleted nothing else tells it later.
    """

    id: int
    happened_at: str
    actor: str
    action: str
    subject: str
    reason: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
