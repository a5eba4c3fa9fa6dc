"""Citations whose passage may read otherwise than it was cited: found by the tables alone, without looking at texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Join, RowMapping, Select, and_, case, func, or_, select

from kb.store import schema
from kb.store.citation_checks import Check
from kb.store.database import Database
from kb.text.language import Language

Cause = Literal["edition", "reading", "withdrawn", "lost"]
"""Why a passage may have drifted: its edition is no longer the current one, its document was read anew and lacks
the words where they were, its document was withdrawn, or it is not held any more. The last that applies."""

_L, _P, _V, _W = (each.c for each in (schema.playbook_links, schema.passages, schema.versions, schema.withdrawals))
_C, _B, _PAGE, _TEXT = (
    each.c for each in (schema.playbook_checks, schema.playbook_bodies, schema.playbook_pages, schema.pages)
)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A citation of a published body, first under `heading`, whose passage may have drifted, and its last check.

    `version_id` is empty where the passage is not held.
    """

    page_id: int
    language: Language
    passage_id: str
    heading: str
    cause: Cause
    version_id: str
    check: Check | None


class CitedPassages:
    """What the tables of the playbook and those of the library say of one another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def suspects(self, page_id: int | None = None) -> Sequence[Suspect]:
        """Citations of a page, or of every page that is not deleted, by address and place; each passage once a body."""
        wanted = [] if page_id is None else [_L.page_id == page_id]
        with self._database.read() as connection:
            return [_suspect(row) for row in connection.execute(_query(wanted)).mappings()]

    def settled(self, passage_ids: Collection[str]) -> set[str]:
        """Those that stand in a current edition as they were cut."""
        with self._database.read() as connection:
            rows = select(_P.id).select_from(_held()).where(_P.id.in_(passage_ids), _is_settled())
            return set(connection.scalars(rows))

    def standing(self, passage_ids: Collection[str]) -> set[str]:
        """Those whose page has the words where it had them when they were cut, whatever their edition."""
        with self._database.read() as connection:
            rows = select(_P.id).select_from(_held()).where(_P.id.in_(passage_ids), _stands())
            return set(connection.scalars(rows))

    def text_stamps(self, version_ids: Collection[str]) -> Mapping[str, str]:
        """Of each version something that changes whenever its text does."""
        last = func.max(_P.added_revision), func.max(func.coalesce(_P.retired_revision, 0))
        with self._database.read() as connection:
            rows = connection.execute(
                select(_P.version_id, *last).where(_P.version_id.in_(version_ids)).group_by(_P.version_id)
            )
            return {version_id: f"{added}.{retired}" for version_id, added, retired in rows}


def _held() -> Join:
    """Passages with their edition, its withdrawal where one stands, and the page they were cut from."""
    return (
        schema.passages.join(schema.versions, _V.id == _P.version_id)
        .outerjoin(schema.withdrawals, and_(_W.version_id == _V.id, _W.restored_at == ""))
        .outerjoin(schema.pages, and_(_TEXT.version_id == _V.id, _TEXT.number == func.coalesce(_P.page, 1)))
    )


def _stands() -> ColumnElement[bool]:
    """A live passage always stands on its page; a retired one has to be looked for there."""
    here = func.substr(_TEXT.text, _P.start + 1, _P.end - _P.start)
    return or_(_P.retired_revision.is_(None), here == _P.text)


def _is_settled() -> ColumnElement[bool]:
    return and_(_V.status == "current", _W.version_id.is_(None), _stands())


def _query(wanted: Sequence[ColumnElement[bool]]) -> Select[tuple[object, ...]]:
    cause = case(
        (_P.id.is_(None), "lost"),
        (_W.version_id.is_not(None), "withdrawn"),
        (_V.status != "current", "edition"),
        else_="reading",
    )
    checked = and_(_C.page_id == _L.page_id, _C.language == _L.language, _C.passage_id == _L.target)
    body = and_(_B.page_id == _L.page_id, _B.language == _L.language, _B.published > 0)
    return (
        select(
            *(_L.page_id, _L.language, _L.target.label("passage_id"), _L.heading),
            cause.label("cause"),
            func.coalesce(_P.version_id, "").label("version_id"),
            *(_C.state, _C.checked_by, _C.checked_at, _C.stamp),
            func.min(_L.ordinal),  # SQLite takes the other columns from the row that has it
        )
        .select_from(schema.playbook_links)
        .join(schema.playbook_pages, and_(_PAGE.id == _L.page_id, _PAGE.deleted_at == ""))
        .join(schema.playbook_bodies, body)
        .outerjoin(schema.passages, _P.id == _L.target)
        .outerjoin(schema.versions, _V.id == _P.version_id)
        .outerjoin(schema.withdrawals, and_(_W.version_id == _V.id, _W.restored_at == ""))
        .outerjoin(schema.pages, and_(_TEXT.version_id == _V.id, _TEXT.number == func.coalesce(_P.page, 1)))
        .outerjoin(schema.playbook_checks, checked)
        .where(_L.kind == "cite", or_(_P.id.is_(None), ~_is_settled()), *wanted)
        .group_by(_L.page_id, _L.language, _L.target)
        .order_by(_PAGE.slug, _L.language, func.min(_L.ordinal))
    )


def _suspect(row: RowMapping) -> Suspect:
    values = {name: row[name] for name in Suspect.__slots__ if name != "check"}
    check = None if row["checked_at"] is None else Check(**{name: row[name] for name in Check.__slots__})
    return Suspect(**values, check=check)
