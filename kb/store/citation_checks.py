"""Who said when that a page still says the truth about a passage it cites, and how that stood then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

_C = schema.playbook_checks.c

Cited = tuple[int, Language, str]
"""A page, the language of a body, and a passage that it cites."""


@dataclass(frozen=True, slots=True)
class Check:
    """`state` is how the passage stood then; `checked_at` is ISO 8601 in UTC.

    While the editions that the passage belongs to have the same `stamp`, it stands so still.
    """

    state: str
    checked_by: str
    checked_at: str
    stamp: str


class CitationChecks:
    """The `playbook_checks` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, page_id: int | None = None) -> Mapping[Cited, Check]:
        """The last check of each citation of a page, or of every one."""
        wanted = [] if page_id is None else [_C.page_id == page_id]
        with self._database.read() as connection:
            rows = connection.execute(select(schema.playbook_checks).where(*wanted))
            return {
                (row.page_id, row.language, row.passage_id): Check(row.state, row.checked_by, row.checked_at, row.stamp)
                for row in rows
            }


def set_check(connection: Connection, cited: Cited, state: str, *, stamp: str, by: str) -> None:
    """Keep that somebody has checked a citation."""
    page_id, language, passage_id = cited
    values = {"state": state, "checked_by": by, "checked_at": now(), "stamp": stamp}
    key = {"page_id": page_id, "language": language, "passage_id": passage_id}
    connection.execute(insert(schema.playbook_checks).values(**key, **values).on_conflict_do_update(set_=values))


def forget_checks(connection: Connection, page_id: int, language: Language, *, kept: set[str]) -> None:
    """Remove the checks of citations that the body does not have any more."""
    connection.execute(
        delete(schema.playbook_checks).where(_C.page_id == page_id, _C.language == language, _C.passage_id.not_in(kept))
    )
