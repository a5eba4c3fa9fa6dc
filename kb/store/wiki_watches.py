"""What people watch of the playbook: pages and themes, known by the browser they watch with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

WatchKind = Literal["page", "theme"]
MOST_WATCHES = 500
"""Of one browser."""

_W = schema.playbook_watches.c


@dataclass(frozen=True, slots=True)
class Watch:
    """A page, by its id, or a theme, by its name, that somebody watches; `seen_at` is when they looked last."""

    kind: WatchKind
    target: str
    seen_at: str


class WikiWatches:
    """The `playbook_watches` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, owner: str) -> Sequence[Watch]:
        """What an owner watches, the newest first; nothing for an empty one."""
        if not owner:
            return ()
        with self._database.read() as connection:
            rows = connection.execute(
                select(_W.kind, _W.target, _W.told_at).where(_W.owner == owner).order_by(_W.made_at.desc(), _W.target)
            )
            return [Watch(*row) for row in rows]

    def add(self, owner: str, kind: WatchKind, target: str, language: Language) -> None:
        """Begin to watch; more than `MOST_WATCHES` are not kept."""
        moment = now()
        key = {"owner": owner, "kind": kind, "target": target}
        values = {"email": "", "language": language, "made_at": moment, "told_at": moment}
        with self._database.write() as connection:
            count = connection.scalar(select(func.count()).where(_W.owner == owner)) or 0
            if count < MOST_WATCHES:
                connection.execute(insert(schema.playbook_watches).values(**key, **values).on_conflict_do_nothing())

    def remove(self, owner: str, kind: WatchKind, target: str) -> None:
        """Watch something no longer."""
        with self._database.write() as connection:
            connection.execute(
                delete(schema.playbook_watches).where(_W.owner == owner, _W.kind == kind, _W.target == target)
            )

    def seen(self, owner: str) -> None:
        """Note that an owner has seen what changed until now."""
        with self._database.write() as connection:
            connection.execute(update(schema.playbook_watches).where(_W.owner == owner).values(told_at=now()))
