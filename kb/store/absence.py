"""What is no longer shown: versions that were withdrawn, and what was deleted for good."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, select

from kb.model.editions import Withdrawal
from kb.store import schema
from kb.store.database import Database

Kind = Literal["work", "version", "passage"]

_W, _D = schema.withdrawals.c, schema.deletions.c


class Absence:
    """The `withdrawals` and `deletions` tables, as those who follow a link see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def withdrawal(self, version_id: str) -> Withdrawal | None:
        """Why a version is not shown; None where it was not withdrawn, or was restored."""
        with self._database.read() as connection:
            return withdrawal_of(connection, version_id)

    def deleted_at(self, kind: Kind, identity: str) -> str | None:
        """When this was deleted for good, ISO 8601 in UTC; None where it was not."""
        with self._database.read() as connection:
            wanted = select(_D.deleted_at).where(_D.kind == kind, _D.id == identity)
            return connection.scalar(wanted)


def withdrawal_of(connection: Connection, version_id: str) -> Withdrawal | None:
    """Why a version is not shown; None where it was not withdrawn, or was restored."""
    row = connection.execute(
        select(_W.reason, _W.withdrawn_at, _W.restored_at)
        .where(_W.version_id == version_id)
        .order_by(_W.id.desc())
        .limit(1)
    ).one_or_none()
    return Withdrawal(version_id, row.reason, row.withdrawn_at) if row is not None and not row.restored_at else None
