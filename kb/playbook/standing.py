"""How the passage of a citation stands now, told apart from every other way it could stand."""

from __future__ import annotations

import hashlib
from typing import Literal

from kb.model.evidence import Evidence, Lost
from kb.store.citation_checks import Check

DriftKind = Literal["same", "moved", "changed", "removed", "superseded", "withdrawn", "lost"]
"""How a passage stands; the last that applies. `superseded`: a newer edition has the same words at the same place."""

SAME = "same"
"""The state of a passage that stands in a current edition as it was cited."""


def kind_of(evidence: Evidence | Lost) -> DriftKind:
    """How a passage stands, in one word."""
    if isinstance(evidence, Lost):
        return "lost"
    if evidence.withdrawal is not None:
        return "withdrawn"
    here, there = evidence.fates.here, evidence.fates.there
    if there is not None:
        return "superseded" if there.kind == "same" else there.kind
    if here.kind == "same" and evidence.version.status != "current":
        return "superseded"
    return here.kind


def state_of(evidence: Evidence | Lost) -> str:
    """How a passage stands, told apart from every other way; `SAME` where it stands as it was cited."""
    kind = kind_of(evidence)
    if kind == "same" or isinstance(evidence, Lost):
        return kind
    here, there = evidence.fates.here, evidence.fates.there
    withdrawn_at = evidence.withdrawal.withdrawn_at if evidence.withdrawal else ""
    parts = [kind, withdrawn_at, evidence.version.status, here.kind, *(each.text for each in here.segments)]
    if there is not None:
        parts += [there.version.id, there.kind, *(each.text for each in there.segments)]
    return f"{kind}:{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def is_news(state: str, check: Check | None) -> bool:
    """Whether a passage that stands in this way has drifted since somebody last checked it."""
    return state != SAME and (check is None or check.state != state)


def better_than(evidence: Evidence | Lost) -> str:
    """The passage of the current edition that stands in place of the one cited; empty where there is none."""
    if isinstance(evidence, Lost):
        return ""
    fate = evidence.fates.there or evidence.fates.here
    found = fate.passage_id if fate.kind != "removed" else ""
    return "" if found == evidence.passage.id else found
