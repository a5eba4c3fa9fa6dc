"""Pages of the playbook by their addresses, present and former, and the state of their bodies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kb.model.playbook import Body, WikiPage
from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

_CHANGES, _READ = "playbook-changes", "playbook-changes-read"

_MOST_NAMED = 1_000
"""Pages up to which their bodies are asked for by name; of more all bodies are read."""

_M = schema.meta.c
_P, _B, _R = schema.playbook_pages.c, schema.playbook_bodies.c, schema.playbook_redirects.c
_BODY = [_B[field.name] for field in fields(Body)]
"""Columns of a body in the order of its fields."""


class WikiPages:
    """The `playbook_pages`, `playbook_bodies` and `playbook_redirects` tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, slug: str) -> WikiPage | None:
        """The page at `slug`, or the one that was there before it moved; None where there is none.

        Deleted pages are found too.
        """
        with self._database.read() as connection:
            return page_at(connection, slug)

    def get_many(self, page_ids: Collection[int]) -> dict[int, WikiPage]:
        """Pages by id."""
        with self._database.read() as connection:
            return {each.id: each for each in _pages(connection, _P.id.in_(page_ids))}

    def list(self, *, archived: bool = False, deleted: bool = False) -> Sequence[WikiPage]:
        """Pages that are neither archived nor deleted, unless those are asked for as well, by slug."""
        wanted = [] if deleted else [_P.deleted_at == ""]
        if not archived:
            wanted.append(or_(_P.archived_at == "", _P.deleted_at != ""))
        with self._database.read() as connection:
            return _pages(connection, *wanted)

    def addresses(self, page_id: int) -> Sequence[str]:
        """Every slug that leads to a page, the present one first."""
        with self._database.read() as connection:
            present = connection.scalars(select(_P.slug).where(_P.id == page_id))
            return [*present, *redirects_of(connection, page_id)]

    def redirects(self) -> Mapping[str, str]:
        """Present slugs by the former ones that lead to them."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_R.slug, _P.slug).join_from(
                    schema.playbook_redirects, schema.playbook_pages, _P.id == _R.page_id
                )
            )
            return {row[0]: row[1] for row in rows}


def changes(connection: Connection) -> int:
    """How often what readers see of the playbook has changed; 0 in an empty one."""
    return int(connection.scalar(select(_M.value).where(_M.key == _CHANGES)) or 0)


def changes_read(connection: Connection) -> int:
    """Up to which of the `changes` search knows the playbook."""
    return int(connection.scalar(select(_M.value).where(_M.key == _READ)) or 0)


def note_changed(connection: Connection) -> None:
    """Count a change of what readers see, for whoever has to follow it."""
    _set_meta(connection, _CHANGES, changes(connection) + 1)


def note_read(connection: Connection, change: int) -> None:
    """Note that search knows the playbook up to a change."""
    _set_meta(connection, _READ, change)


def page_at(connection: Connection, slug: str) -> WikiPage | None:
    """`WikiPages.get` inside the caller's transaction."""
    found = _pages(connection, _P.slug == slug)
    if not found:
        former = select(_R.page_id).where(_R.slug == slug).scalar_subquery()
        found = _pages(connection, _P.id == former)
    return next(iter(found), None)


def add_page(connection: Connection, slug: str) -> int:
    """Make a page without bodies; gives its id. A former address of another page ends leading there."""
    connection.execute(delete(schema.playbook_redirects).where(_R.slug == slug))
    made = connection.execute(
        insert(schema.playbook_pages).values(slug=slug, created_at=now(), archived_at="", deleted_at="")
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def set_slug(connection: Connection, page: WikiPage, slug: str) -> None:
    """Give a page another address; the one it had leads to it from now on."""
    connection.execute(delete(schema.playbook_redirects).where(_R.slug == slug))
    add_redirect(connection, page.slug, page.id)
    connection.execute(update(schema.playbook_pages).where(_P.id == page.id).values(slug=slug))
    note_changed(connection)


def add_redirect(connection: Connection, slug: str, page_id: int) -> None:
    """Let a former address lead to a page."""
    values = {"slug": slug, "page_id": page_id, "made_at": now()}
    connection.execute(upsert(schema.playbook_redirects).values(**values).on_conflict_do_update(set_=values))


def redirects_of(connection: Connection, page_id: int) -> Sequence[str]:
    """Former addresses of a page, oldest first."""
    return list(connection.scalars(select(_R.slug).where(_R.page_id == page_id).order_by(_R.made_at, _R.slug)))


def set_page(connection: Connection, page_id: int, **values: str) -> None:
    """Set `archived_at` or `deleted_at` of a page."""
    connection.execute(update(schema.playbook_pages).where(_P.id == page_id).values(**values))
    note_changed(connection)


def set_body(connection: Connection, page_id: int, body: Body) -> None:
    """Replace the state of a body, or add it."""
    values: dict[str, Any] = {"page_id": page_id, **asdict(body)}
    connection.execute(upsert(schema.playbook_bodies).values(**values).on_conflict_do_update(set_=values))


def bodies_in(connection: Connection, page_id: int) -> Mapping[Language, Body]:
    """The states of the bodies of a page inside the caller's transaction."""
    found = _pages(connection, _P.id == page_id)
    return found[0].bodies if found else {}


def _set_meta(connection: Connection, key: str, number: int) -> None:
    values = {"key": key, "value": str(number)}
    connection.execute(upsert(schema.meta).values(**values).on_conflict_do_update(set_=values))


def _pages(connection: Connection, *wanted: ColumnElement[bool]) -> Sequence[WikiPage]:
    rows = connection.execute(select(schema.playbook_pages).where(*wanted).order_by(_P.slug)).mappings().all()
    if not rows:
        return []
    among = [_B.page_id == rows[0]["id"]] if len(rows) == 1 else []
    if 1 < len(rows) <= _MOST_NAMED:
        among = [_B.page_id.in_([row["id"] for row in rows])]
    bodies: dict[int, dict[Language, Body]] = {}
    for page_id, language, *state in connection.execute(select(_B.page_id, *_BODY).where(*among).order_by(_B.language)):
        bodies.setdefault(page_id, {})[language] = Body(language, *state)
    return [WikiPage(**row, bodies=bodies.get(row["id"], {})) for row in rows]
