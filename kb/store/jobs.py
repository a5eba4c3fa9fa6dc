"""Jobs: a queue in the database that any number of workers may serve."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, insert, select, update

from kb.errors import NotFoundError
from kb.model.jobs import Job, JobStage
from kb.store import schema
from kb.store.database import Database, now

_J = schema.jobs.c

STALE_AFTER_S = 180
"""A running job whose worker has not been heard of for this long is given to another."""

MOST_ATTEMPTS = 3
"""A job that took this many workers down with it is failed instead of tried again."""


class Jobs:
    """The `jobs` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, filename: str, sha256: str, size_bytes: int, metadata: Mapping[str, str]) -> Job:
        """Put a file in the queue; it is safe once this returns."""
        values = {
            "filename": filename,
            "sha256": sha256,
            "size_bytes": size_bytes,
            "state": "waiting",
            "stage": "waiting",
            "metadata": json.dumps(dict(metadata), ensure_ascii=False),
            "created_at": now(),
        }
        defaults = {
            "done": 0,
            "total": 0,
            "version_id": "",
            "problem": "",
            "facts": "{}",
            "owner": "",
            "attempts": 0,
        }
        with self._database.write() as connection:
            key = connection.execute(
                insert(schema.jobs).values(**defaults, heartbeat_at="", finished_at="", **values)
            ).inserted_primary_key
        assert key is not None
        return self.get(key[0])

    def get(self, job_id: int) -> Job:
        """The job with this number; raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.jobs).where(_J.id == job_id)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such upload.", remedy="Add the file again.", id=job_id)
        return _job(row)

    def list(self, *, limit: int = 50) -> Sequence[Job]:
        """Newest jobs first."""
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(select(schema.jobs).order_by(_J.id.desc()).limit(limit))]

    def unfinished(self) -> Sequence[Job]:
        """Jobs that wait or run, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.jobs).where(_J.state.in_(("waiting", "running"))).order_by(_J.id))
            return [_job(row) for row in rows]

    def claim(self, owner: str) -> Job | None:
        """Take the oldest job that waits, or whose worker fell silent; None when there is nothing to do."""
        silent = (datetime.now(UTC) - timedelta(seconds=STALE_AFTER_S)).isoformat(timespec="milliseconds")
        claimable = (_J.state == "waiting") | ((_J.state == "running") & (_J.heartbeat_at < silent))
        oldest = select(schema.jobs).where(claimable).order_by(_J.id).limit(1)
        with self._database.read() as connection:  # a worker that finds nothing keeps nobody from writing
            if connection.execute(oldest).first() is None:
                return None
        with self._database.write() as connection:
            row = connection.execute(oldest).one_or_none()
            if row is None:
                return None
            values = {"owner": owner, "state": "running", "stage": "reading", "done": 0, "total": 0}
            connection.execute(
                update(schema.jobs)
                .where(_J.id == row.id)
                .values(**values, attempts=row.attempts + 1, heartbeat_at=now())
            )
            exhausted = row.attempts >= MOST_ATTEMPTS
        if exhausted:
            self.fail(row.id, "worker-stopped", {})
            return self.claim(owner)
        return self.get(row.id)

    def progress(self, job_id: int, stage: JobStage, done: int, total: int) -> None:
        """Note how far a job is; also tells the others that its worker is alive."""
        self._set(job_id, stage=stage, done=done, total=total, heartbeat_at=now())

    def finish(self, job_id: int, version_id: str) -> None:
        """Note that a file is in the library."""
        self._set(job_id, state="done", stage="done", version_id=version_id, finished_at=now())

    def fail(self, job_id: int, problem: str, facts: Mapping[str, str | int | float]) -> None:
        """Note why a file is not in the library."""
        text = json.dumps(dict(facts), ensure_ascii=False)
        self._set(job_id, state="failed", stage="done", problem=problem, facts=text, finished_at=now())

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
        with self._database.write() as connection:
            connection.execute(
                update(schema.jobs)
                .where(_J.owner == owner, _J.state == "running")
                .values(state="waiting", stage="waiting", attempts=_J.attempts - 1, owner="")
            )

    def _set(self, job_id: int, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(update(schema.jobs).where(_J.id == job_id).values(**values))


_PLAIN = (
    *("id", "filename", "sha256", "size_bytes", "state", "stage", "done", "total", "version_id", "problem"),
    *("created_at", "finished_at"),
)


def _job(row: Row[tuple[object, ...]]) -> Job:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Job(**plain, facts=json.loads(row.facts), metadata=json.loads(row.metadata))
