"""Deleting a version for good: everything of it goes, but a mark for each address it had."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import Database, now
from kb.store.former_works import names_of

_D, _P, _V = schema.deletions.c, schema.passages.c, schema.versions.c
Kind = Literal["work", "version", "passage"]
"""What has an address of its own."""

_BLOCK_ROWS = 500
_OF_VERSION = (
    *(schema.passages, schema.pages, schema.headings, schema.corrections, schema.receipts, schema.sources),
    *(schema.withdrawals, schema.origins, schema.sketches),
)
"""Tables that hold nothing but what belongs to one version."""


class Removed(NamedTuple):
    """How much went with a version."""

    passages: int
    embeddings: int


class Deletions:
    """The `deletions` table: what was deleted for good, as long as nothing of the same id is held again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def deleted_at(self, kind: Kind, identity: str) -> str | None:
        """When this was deleted for good, ISO 8601 in UTC; None where it was not."""
        with self._database.read() as connection:
            wanted = select(_D.deleted_at).where(_D.kind == kind, _D.id == identity)
            return connection.scalar(wanted)

    def refused(self, version_id: str) -> bool:
        """Whether a version was deleted and nobody has allowed since that it be added again."""
        with self._database.read() as connection:
            return is_refused(connection, version_id)

    def versions(self) -> frozenset[str]:
        """Ids of deleted versions that the library does not hold again."""
        wanted = select(_D.id).where(_D.kind == "version", ~exists().where(_V.id == _D.id))
        with self._database.read() as connection:
            return frozenset(connection.scalars(wanted))

    def refused_versions(self) -> frozenset[str]:
        """Ids of those of `versions` that nobody has allowed to be added again: no upload of theirs is on its way."""
        wanted = select(_D.id).where(_D.kind == "version", _D.allowed_at == "", ~exists().where(_V.id == _D.id))
        with self._database.read() as connection:
            return frozenset(connection.scalars(wanted))


def is_refused(connection: Connection, version_id: str) -> bool:
    """Whether a version was deleted and nobody has allowed since that it be added again."""
    wanted = (_D.kind == "version", _D.id == version_id, _D.allowed_at == "")
    return connection.execute(select(_D.id).where(*wanted)).first() is not None


def delete_version(connection: Connection, version_id: str) -> Removed:
    """Delete a version with its text and what was made from it alone; its work too where it was the last of it.

    What is deleted is overwritten in the database, not only given free. Vectors of a text that another version holds
    stay.
    """
    connection.exec_driver_sql("pragma secure_delete = on")
    at = now()
    work_id, sha256 = connection.execute(select(_V.work_id, _V.sha256).where(_V.id == version_id)).one()
    passage_ids = set(connection.scalars(select(_P.id).where(_P.version_id == version_id)))
    hashes = set(connection.scalars(select(_P.text_hash).where(_P.version_id == version_id)))
    connection.execute(delete(schema.receipts).where(_tells_of(version_id, sha256)))
    connection.execute(delete(schema.jobs).where(schema.jobs.c.sha256 == sha256))
    for table in _OF_VERSION:
        connection.execute(delete(table).where(table.c.version_id == version_id))
    forgotten = forget_vectors(connection, hashes)
    connection.execute(delete(schema.versions).where(_V.id == version_id))
    marks = [("version", version_id), *(("passage", each.partition("~")[0]) for each in sorted(passage_ids))]
    if not connection.scalar(select(func.count()).where(_V.work_id == work_id)):
        names = names_of(connection, work_id)
        marks += [("work", each) for each in sorted(names)]
        connection.execute(delete(schema.former_works).where(schema.former_works.c.id.in_(names)))
        connection.execute(delete(schema.works).where(schema.works.c.id == work_id))
    rows = [{"kind": kind, "id": each, "version_id": version_id, "deleted_at": at} for kind, each in marks]
    connection.execute(
        insert(schema.deletions).on_conflict_do_update(
            index_elements=[_D.kind, _D.id], set_={"version_id": version_id, "deleted_at": at, "allowed_at": ""}
        ),
        [{**row, "allowed_at": ""} for row in rows],
    )
    return Removed(len(passage_ids), forgotten)


def forget_vectors(connection: Connection, hashes: Set[str]) -> int:
    """Delete the vectors of those texts that no passage has; gives how many these were."""
    alone = sorted(hashes - _held(connection, sorted(hashes)))
    for i in range(0, len(alone), _BLOCK_ROWS):
        for table in (schema.embeddings, schema.token_vectors):
            connection.execute(delete(table).where(table.c.text_hash.in_(alone[i : i + _BLOCK_ROWS])))
    return len(alone)


def allow(connection: Connection, version_id: str) -> bool:
    """Let the bytes of a deleted version be added again; gives whether they were refused until now."""
    changed = connection.execute(
        update(schema.deletions)
        .where(_D.kind == "version", _D.id == version_id, _D.allowed_at == "")
        .values(allowed_at=now())
    )
    return bool(changed.rowcount)


def unfinished_jobs(connection: Connection, sha256: str) -> int:
    """How many jobs with these bytes wait or run."""
    j = schema.jobs.c
    wanted = (j.sha256 == sha256, or_(j.state == "waiting", j.state == "running"))
    return connection.scalar(select(func.count()).where(*wanted)) or 0


def _held(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Those of the hashes that a passage has."""
    found: set[str] = set()
    for i in range(0, len(hashes), _BLOCK_ROWS):
        wanted = select(_P.text_hash).where(_P.text_hash.in_(hashes[i : i + _BLOCK_ROWS]))
        found.update(connection.scalars(wanted))
    return found


def _tells_of(version_id: str, sha256: str) -> ColumnElement[bool]:
    """Receipts of attempts to read these bytes that gave no version: told by their place."""
    r, s = schema.receipts.c, schema.sources.c
    stood = select(s.path).where(s.version_id == version_id, s.collection == r.collection, s.path == r.path)
    return or_(r.path.startswith(f"{sha256[:12]}/", autoescape=True), stood.exists())
