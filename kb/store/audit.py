"""The audit trail: rows are added in the transaction of what they tell, and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Row, func, insert, select

from kb.model.audit import AuditEntry
from kb.store import schema
from kb.store.database import Database, now

_A = schema.audit.c


class Audit:
    """The `audit` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, *, subject: str = "", limit: int = 100, skipped: int = 0) -> Sequence[AuditEntry]:
        """Newest rows first, of one `subject` or of all, after the first `skipped`."""
        wanted = (_A.subject == subject,) if subject else ()
        with self._database.read() as connection:
            rows = connection.execute(
                select(schema.audit).where(*wanted).order_by(_A.id.desc()).limit(limit).offset(skipped)
            )
            return [_entry(row) for row in rows]

    def count(self) -> int:
        """How many rows there are."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(schema.audit)) or 0


def note(
    connection: Connection,
    action: str,
    *,
    actor: str,
    subject: str = "",
    reason: str = "",
    facts: Mapping[str, str | int | float] | None = None,
) -> None:
    """Add a row inside the caller's transaction."""
    connection.execute(
        insert(schema.audit).values(
            happened_at=now(),
            actor=actor,
            action=action,
            subject=subject,
            reason=reason,
            facts=json.dumps(dict(facts or {}), ensure_ascii=False),
        )
    )


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    plain = {name: getattr(row, name) for name in ("id", "happened_at", "actor", "action", "subject", "reason")}
    return AuditEntry(**plain, facts=json.loads(row.facts))
