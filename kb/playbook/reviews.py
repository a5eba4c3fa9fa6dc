"""What waits to be reviewed, and pages whose day to be looked at again has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kb.model.playbook import Body, Revision, WikiPage
from kb.store import Store

SOON_DAYS = 30
"""How long before its day a page is listed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A body whose `latest` revision somebody has asked others to read."""

    page: WikiPage
    body: Body
    latest: Revision


@dataclass(frozen=True, slots=True)
class Due:
    """A body to be looked at again by its owner; `days` until then, negative where the day has passed."""

    page: WikiPage
    body: Body
    days: int


def reviews(store: Store, today: str) -> tuple[Sequence[Waiting], Sequence[Due]]:
    """What waits for review, the longest first, and what is due by `today` (ISO date) or soon."""
    waiting, due = [], []
    for page in store.wiki.list():
        for body in page.bodies.values():
            if body.stage == "review":
                waiting.append(Waiting(page, body, store.revisions.get(page.id, body.language, body.latest)))
            days = _days(today, body.review_on)
            if body.published and days is not None and days <= SOON_DAYS:
                due.append(Due(page, body, days))
    return sorted(waiting, key=lambda each: each.latest.made_at), sorted(due, key=lambda each: each.days)


def _days(today: str, day: str) -> int | None:
    try:
        return (date.fromisoformat(day) - date.fromisoformat(today)) // timedelta(days=1)
    except ValueError:
        return None
