"""Withdrawals: which versions readers no longer see, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Row, and_, insert, select, update

from kb.model.withdrawals import Withdrawal
from kb.model.works import EditionStatus
from kb.store import schema
from kb.store.database import Database, now

_W = schema.withdrawals.c
_FIELDS = Withdrawal.__slots__


class Withdrawals:
    """The `withdrawals` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, version_id: str) -> Withdrawal | None:
        """Why a version is withdrawn; None where it is not."""
        with self._database.read() as connection:
            return standing(connection, version_id)

    def all_standing(self) -> Mapping[str, Withdrawal]:
        """Every withdrawal that stands, by version, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(schema.withdrawals).where(_W.restored_at == "").order_by(_W.withdrawn_at.desc(), _W.id.desc())
            )
            return {row.version_id: _withdrawal(row) for row in rows}


def standing(connection: Connection, version_id: str) -> Withdrawal | None:
    """Why a version is withdrawn; None where it is not."""
    row = connection.execute(
        select(schema.withdrawals).where(_W.version_id == version_id).order_by(_W.id.desc()).limit(1)
    ).one_or_none()
    return _withdrawal(row) if row is not None and not row.restored_at else None


def are_standing(connection: Connection) -> Sequence[str]:
    """Ids of the versions that are withdrawn."""
    return list(connection.scalars(select(_W.version_id).where(_W.restored_at == "").distinct()))


def of_current(connection: Connection) -> Sequence[Withdrawal]:
    """The withdrawals that stand of versions that were current, oldest first."""
    wanted = (_W.restored_at == "", _W.former_status == "current")
    return [_withdrawal(row) for row in connection.execute(select(schema.withdrawals).where(*wanted).order_by(_W.id))]


def begin(
    connection: Connection,
    version_id: str,
    *,
    reason: str,
    by: str,
    former_status: EditionStatus,
    made_current: Sequence[str] = (),
) -> Withdrawal:
    """Note that a version is withdrawn from now on."""
    withdrawal = Withdrawal(version_id, reason, by, now(), former_status, made_current=" ".join(made_current))
    connection.execute(insert(schema.withdrawals).values({name: getattr(withdrawal, name) for name in _FIELDS}))
    return withdrawal


def end(connection: Connection, version_id: str, *, by: str) -> None:
    """Note that a version is withdrawn no longer."""
    _change(connection, version_id, restored_by=by, restored_at=now(), made_current="")


def note_made_current(connection: Connection, version_id: str, made_current: Sequence[str]) -> None:
    """Change which older editions the withdrawal of a version made current."""
    _change(connection, version_id, made_current=" ".join(made_current))


def note_superseded(connection: Connection, version_id: str) -> None:
    """Note that a version will be an older edition once it is restored."""
    _change(connection, version_id, former_status="superseded")


def _change(connection: Connection, version_id: str, **values: str) -> None:
    standing_ = and_(_W.version_id == version_id, _W.restored_at == "")
    connection.execute(update(schema.withdrawals).where(standing_).values(**values))


def _withdrawal(row: Row[tuple[object, ...]]) -> Withdrawal:
    return Withdrawal(**{name: getattr(row, name) for name in _FIELDS})
