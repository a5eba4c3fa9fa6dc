"""The queue as people see it: pages of its jobs, batches counted, how long a file takes, who is reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.model.jobs import Batch, Job, JobOutcome
from kb.store import schema
from kb.store.database import Database, now
from kb.store.jobs import job_of

_J = schema.jobs.c
_W = schema.workers.c

Which = Literal["all", "active", "failed"]
"""Jobs of a list: every one, those that wait or run, those that are not in the library for a reason."""
WHICH: tuple[Which, ...] = get_args(Which)
_STATES = {"active": ("waiting", "running"), "failed": ("failed",)}

UNSEEN_AFTER_S = 60
"""A worker that has not given a sign of life for this long is not there."""
_FORGOTTEN_AFTER_S = 24 * 3600
_PACE_FILES = 20


class Queue:
    """The `jobs` table as a list, and the `workers` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, which: Which, *, limit: int, offset: int = 0) -> Sequence[Job]:
        """Jobs that run, then those that wait, in the order they are read; then those that ended, newest first."""
        turn = case((_J.state == "running", 0), (_J.state == "waiting", 1), else_=2)
        order = (turn, case((turn < 2, _J.id), else_=-_J.id))
        with self._database.read() as connection:
            rows = connection.execute(_among(select(schema.jobs), which).order_by(*order).limit(limit).offset(offset))
            return [job_of(row) for row in rows]

    def counts(self) -> dict[Which, int]:
        """How many jobs each list has."""
        with self._database.read() as connection:
            rows = connection.execute(select(_J.state, func.count()).group_by(_J.state))
            by_state: dict[str, int] = {state: count for state, count in rows}  # noqa: C416  rows are no pairs to mypy
        return {which: sum(by_state.get(s, 0) for s in _STATES.get(which, tuple(by_state))) for which in WHICH}

    def active_ids(self) -> Sequence[int]:
        """Numbers of the jobs that run or wait, in the order they are read."""
        turn = case((_J.state == "running", 0), else_=1)
        with self._database.read() as connection:
            active = select(_J.id).where(_J.state.in_(_STATES["active"])).order_by(turn, _J.id)
            return connection.scalars(active).all()

    def batches(self) -> Sequence[Batch]:
        """The batches of several files that are on their way, newest first; where none is, the one that what was added
        last belongs to."""
        active = func.sum(case((_J.state.in_(_STATES["active"]), 1), else_=0))
        grouped = select(_J.batch, func.count(), active).where(_J.batch != "").group_by(_J.batch)
        with self._database.read() as connection:
            rows = connection.execute(grouped.having(func.count() > 1).order_by(func.max(_J.id).desc())).all()
            last = connection.scalar(select(_J.batch).order_by(_J.id.desc()).limit(1))
        shown = [row[0] for row in rows if row[2]] or [row[0] for row in rows if row[0] == last]
        return [self._batch(name) for name in shown]

    def typical_s(self) -> float | None:
        """Seconds that one of the files read last took, on average; None where none was read."""
        read = select(_J.started_at, _J.finished_at).where(_J.state.in_(("done", "failed")), _J.started_at != "")
        with self._database.read() as connection:
            rows = connection.execute(read.order_by(_J.finished_at.desc()).limit(_PACE_FILES)).all()
        if not rows:
            return None
        spent = (datetime.fromisoformat(row.finished_at) - datetime.fromisoformat(row.started_at) for row in rows)
        return sum(each.total_seconds() for each in spent) / len(rows)

    def beat(self, owner: str) -> None:
        """Note that a worker is alive, and with it the jobs it holds."""
        seen_at = now()
        with self._database.write() as connection:
            seen = insert(schema.workers).values(owner=owner, seen_at=seen_at)
            connection.execute(seen.on_conflict_do_update(index_elements=[_W.owner], set_={"seen_at": seen_at}))
            connection.execute(delete(schema.workers).where(_W.seen_at < _ago(_FORGOTTEN_AFTER_S)))
            connection.execute(
                update(schema.jobs).where(_J.owner == owner, _J.state == "running").values(heartbeat_at=seen_at)
            )

    def leave(self, owner: str) -> None:
        """Note that a worker has stopped."""
        with self._database.write() as connection:
            connection.execute(delete(schema.workers).where(_W.owner == owner))

    def readers(self) -> int:
        """How many workers are there."""
        with self._database.read() as connection:
            there = select(func.count()).select_from(schema.workers).where(_W.seen_at >= _ago(UNSEEN_AFTER_S))
            return connection.scalar(there) or 0

    def _batch(self, name: str) -> Batch:
        counted = select(_J.state, _J.outcome, func.count(), func.min(_J.created_at)).where(_J.batch == name)
        with self._database.read() as connection:
            rows = connection.execute(counted.group_by(_J.state, _J.outcome)).all()
        states = {state: sum(row[2] for row in rows if row[0] == state) for state in ("waiting", "running")}
        states |= {state: sum(row[2] for row in rows if row[0] == state) for state in ("failed", "cancelled")}
        done = {outcome: sum(row[2] for row in rows if row[:2] == ("done", outcome)) for outcome in _OUTCOMES}
        return Batch(
            id=name,
            created_at=min((row[3] for row in rows), default=""),
            total=sum(row[2] for row in rows),
            **states,
            **done,
        )


_OUTCOMES = [outcome for outcome in get_args(JobOutcome) if outcome]


def _among(query: Select[tuple[object, ...]], which: Which) -> Select[tuple[object, ...]]:
    return query.where(_J.state.in_(_STATES[which])) if which in _STATES else query


def _ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
