"""Ids that works had before they were corrected: each leads to the work that has its editions now."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import Database

_F = schema.former_works.c


class FormerWorks:
    """The `former_works` table. An id that has editions of its own is never in it, so that no chain is a loop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self, work_id: str) -> str:
        """Id of the work that is meant by `work_id` now; itself where it was never corrected."""
        with self._database.read() as connection:
            return present_id(connection, work_id)


def present_id(connection: Connection, work_id: str) -> str:
    """Id of the work that is meant by `work_id` now; itself where it was never corrected."""
    seen = {work_id}
    while (following := connection.scalar(select(_F.work_id).where(_F.id == work_id))) and following not in seen:
        seen.add(work_id := following)
    return work_id


def names_of(connection: Connection, work_id: str) -> set[str]:
    """Every id under which a work may have been named: its own and those it had before."""
    names, new = {work_id}, {work_id}
    while new:
        new = set(connection.scalars(select(_F.id).where(_F.work_id.in_(new)))) - names
        names |= new
    return names


def note_former(connection: Connection, former: str, work_id: str) -> None:
    """Note that what was called `former` is called `work_id` now; no edition may be left under the former id."""
    row = insert(schema.former_works).values(id=former, work_id=work_id)
    connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"work_id": work_id}))


def forget_former(connection: Connection, work_id: str) -> None:
    """Note that `work_id` names a work of its own again."""
    connection.execute(delete(schema.former_works).where(_F.id == work_id))
