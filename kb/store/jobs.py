"""Jobs: a queue in the database that any number of workers may serve."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, insert, or_, select, update

from kb.errors import NotFoundError
from kb.model.jobs import Job, JobOutcome, JobStage, Standing
from kb.store import schema
from kb.store.database import Database, now

_J = schema.jobs.c

STALE_AFTER_S = 90
"""A running job whose worker has not been heard of for this long is given to another; a worker gives a sign of life
every ten seconds, whatever it is doing."""

MOST_ATTEMPTS = 3
"""A job that took this many workers down with it is failed instead of tried again."""

Facts = Mapping[str, str | int | float]


class Jobs:
    """The `jobs` table as a queue. What a worker says of a job counts only while it holds it: by owner and attempt."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, filename: str, sha256: str, size_bytes: int, metadata: Mapping[str, str], *, batch: str = "") -> Job:
        """Put a file in the queue; it is safe once this returns.

        Within a batch the same bytes under the same name are one job, so that sending them again does no harm.
        """
        values = {"filename": filename, "sha256": sha256, "size_bytes": size_bytes, "batch": batch}
        with self._database.write() as connection:
            if batch and (known := _known(connection, values)):
                return known
            key = _insert(connection, {**values, "state": "waiting", "stage": "waiting"}, metadata)
        return self.get(key)

    def refuse(self, filename: str, size_bytes: int, problem: str, facts: Facts, *, batch: str = "") -> Job:
        """Note a file of which nothing was kept, and why."""
        values = {"filename": filename, "sha256": "", "size_bytes": size_bytes, "batch": batch}
        with self._database.write() as connection:
            if batch and (known := _known(connection, values)):
                return known
            ended = {"state": "failed", "stage": "done", "problem": problem, "facts": _json(facts)}
            key = _insert(connection, {**values, **ended, "finished_at": now()}, {})
        return self.get(key)

    def get(self, job_id: int) -> Job:
        """The job with this number; raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.jobs).where(_J.id == job_id)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such upload.", remedy="Add the file again.", id=job_id)
        return job_of(row)

    def list(self, *, limit: int = 50) -> Sequence[Job]:
        """Newest jobs first."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.jobs).order_by(_J.id.desc()).limit(limit))
            return [job_of(row) for row in rows]

    def unfinished(self) -> Sequence[Job]:
        """Jobs that wait or run, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.jobs).where(_J.state.in_(("waiting", "running"))).order_by(_J.id))
            return [job_of(row) for row in rows]

    def claim(self, owner: str) -> Job | None:
        """Take the oldest job that waits, or whose worker fell silent; None when there is nothing to do."""
        claimable = or_(_J.state == "waiting", and_(_J.state == "running", _is_silent()))
        oldest = select(schema.jobs).where(claimable).order_by(_J.id).limit(1)
        with self._database.read() as connection:  # a worker that finds nothing keeps nobody from writing
            if connection.execute(oldest).first() is None:
                return None
        with self._database.write() as connection:
            while (row := connection.execute(oldest).one_or_none()) is not None:
                this = update(schema.jobs).where(_J.id == row.id)
                if row.is_stopping:
                    connection.execute(_cancelled(this))
                elif row.attempts >= MOST_ATTEMPTS:
                    saved = _saved(connection, row)
                    connection.execute(this.values(**saved) if saved else _failed(this, "worker-stopped", {}))
                else:
                    begun = {"owner": owner, "attempts": row.attempts + 1, "started_at": row.started_at or now()}
                    at = {"state": "running", "stage": "reading", "done": 0, "total": 0, "heartbeat_at": now()}
                    connection.execute(this.values(**begun, **at))
                    break
        return None if row is None else self.get(row.id)

    def progress(self, job: Job, stage: JobStage, done: int, total: int) -> Standing:
        """Note how far a claimed job is; tells whether to go on with it."""
        with self._database.write() as connection:
            noted = {"stage": stage, "done": done, "total": total, "heartbeat_at": now()}
            if not connection.execute(_held(job).values(**noted)).rowcount:
                return "lost"
            return "stopping" if connection.scalar(select(_J.is_stopping).where(_J.id == job.id)) else "held"

    def finish(self, job: Job, version_id: str, outcome: JobOutcome, proposed: Mapping[str, str] | None = None) -> bool:
        """Note that a file is in the library; False where the job is no longer the caller's, and nothing is noted."""
        values = {"state": "done", "stage": "done", "version_id": version_id, "outcome": outcome, "is_stopping": 0}
        return self._end(_held(job).values(**values, proposed=_json(proposed or {}), finished_at=now()))

    def is_added_by(self, job: Job, version_id: str, added_at: str) -> bool:
        """Whether it was this job that brought a version into the library: not one before it, and no other job.

        So it is told rightly also of a job whose worker was killed after saving, and that began anew.
        """
        with self._database.read() as connection:
            return _is_added_by(connection, job.id, job.created_at, version_id, added_at)

    def fail(self, job: Job, problem: str, facts: Facts) -> bool:
        """Note why a file is not in the library; False as for `finish`."""
        return self._end(_failed(_held(job), problem, facts))

    def give_up(self, job: Job) -> bool:
        """Note that a file was stopped before it was in the library; False as for `finish`."""
        return self._end(_cancelled(_held(job)))

    def stop(self, job_id: int) -> None:
        """Take a file out of the queue, or ask the worker that reads it to stop; one that has ended stays as it is."""
        self._stop(_J.id == job_id)

    def stop_batch(self, batch: str) -> None:
        """`stop` every file of a batch."""
        self._stop(_J.batch == batch)

    def retry(self, job_id: int) -> bool:
        """Put a file that failed or was stopped into the queue again; False where there is nothing to try again."""
        anew: dict[str, object] = dict.fromkeys(("problem", "owner", "started_at", "finished_at", "heartbeat_at"), "")
        anew |= {"facts": "{}", "attempts": 0, "is_stopping": 0, "done": 0, "total": 0}
        if not self.get(job_id).can_be_retried:
            return False
        ended = and_(_J.id == job_id, _J.state.in_(("failed", "cancelled")))
        return self._end(update(schema.jobs).where(ended).values(state="waiting", stage="waiting", **anew))

    def forsake(self, is_dead: Callable[[str], bool]) -> None:
        """Let the running jobs of owners that are dead be claimed at once; their attempts count."""
        with self._database.write() as connection:
            owners = connection.scalars(select(_J.owner).where(_J.state == "running").distinct()).all()
            dead = [owner for owner in owners if is_dead(owner)]
            connection.execute(
                update(schema.jobs).where(_J.state == "running", _J.owner.in_(dead)).values(heartbeat_at="")
            )

    def give_back(self, owner: str) -> None:
        """Return the jobs of a worker that stops in good order."""
        running = and_(_J.owner == owner, _J.state == "running")
        with self._database.write() as connection:
            connection.execute(_cancelled(update(schema.jobs).where(running, _J.is_stopping == 1)))
            connection.execute(
                update(schema.jobs)
                .where(running)
                .values(state="waiting", stage="waiting", attempts=_J.attempts - 1, owner="", done=0, total=0)
            )

    def _stop(self, which: ColumnElement[bool]) -> None:
        with self._database.write() as connection:
            idle = or_(_J.state == "waiting", and_(_J.state == "running", _is_silent()))
            connection.execute(_cancelled(update(schema.jobs).where(which, idle)))
            connection.execute(update(schema.jobs).where(which, _J.state == "running").values(is_stopping=1))

    def _end(self, change: Update) -> bool:
        with self._database.write() as connection:
            return connection.execute(change).rowcount == 1


def job_of(row: Row[tuple[object, ...]]) -> Job:
    """A row of the table as a job."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    told = {name: json.loads(getattr(row, name)) for name in ("facts", "metadata", "proposed")}
    return Job(**plain, **told, is_stopping=bool(row.is_stopping))


_PLAIN = (
    *("id", "filename", "sha256", "size_bytes", "state", "stage", "done", "total", "version_id", "problem", "batch"),
    *("outcome", "owner", "attempts", "created_at", "started_at", "finished_at"),
)
_EMPTY: Mapping[str, object] = {
    **dict.fromkeys(("version_id", "problem", "owner", "heartbeat_at", "outcome", "started_at", "finished_at"), ""),
    **dict.fromkeys(("done", "total", "attempts", "is_stopping"), 0),
    **dict.fromkeys(("facts", "proposed"), "{}"),
}


def _insert(connection: Connection, values: Mapping[str, object], metadata: Mapping[str, str]) -> int:
    described = {"metadata": _json(metadata), "created_at": now()}
    key = connection.execute(insert(schema.jobs).values({**_EMPTY, **described, **values})).inserted_primary_key
    assert key is not None
    return int(key[0])


def _known(connection: Connection, values: Mapping[str, object]) -> Job | None:
    same = and_(True, *(_J[name] == values[name] for name in ("batch", "filename", "sha256", "size_bytes")))
    row = connection.execute(select(schema.jobs).where(same).limit(1)).one_or_none()
    return job_of(row) if row else None


def _saved(connection: Connection, row: Row[tuple[Any, ...]]) -> Mapping[str, object]:
    """How a job ends that took its workers down after its document was saved; empty where none was."""
    version = schema.versions.c
    held = connection.execute(select(version.id, version.added_at).where(version.sha256 == row.sha256)).one_or_none()
    if held is None:
        return {}
    is_ours = _is_added_by(connection, row.id, row.created_at, held.id, held.added_at)
    ended = {"state": "done", "stage": "done", "finished_at": now(), "is_stopping": 0}
    return {**ended, "version_id": held.id, "outcome": "added" if is_ours else "held"}


def _is_added_by(connection: Connection, job_id: int, created_at: str, version_id: str, added_at: str) -> bool:
    others = select(_J.id).where(
        *(_J.version_id == version_id, _J.outcome.in_(("added", "edition")), _J.id != job_id),
        _J.finished_at >= added_at,  # not of a document that was deleted since and added anew
    )
    return added_at >= created_at and connection.execute(others.limit(1)).first() is None


def _held(job: Job) -> Update:
    """A change to a job that is made only while it is held by the claim that `job` came with."""
    is_held = and_(_J.state == "running", _J.owner == job.owner, _J.attempts == job.attempts)
    return update(schema.jobs).where(_J.id == job.id, is_held)


def _failed(change: Update, problem: str, facts: Facts) -> Update:
    ended = {"state": "failed", "stage": "done", "finished_at": now(), "is_stopping": 0}
    return change.values(**ended, problem=problem, facts=_json(facts))


def _cancelled(change: Update) -> Update:
    return change.values(state="cancelled", stage="done", finished_at=now(), is_stopping=0)


def _is_silent() -> ColumnElement[bool]:
    silent = (datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S)).isoformat(timespec="milliseconds")
    return _J.heartbeat_at < silent


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
