"""Headings and links of what readers see of the playbook: derived from its text whenever that changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, insert, select

from kb.model.playbook import PageHeading, PlacedLink
from kb.store import schema
from kb.store.database import Database
from kb.text.language import Language

_H, _L = schema.playbook_headings.c, schema.playbook_links.c
_LINK = (_L.page_id, _L.language, _L.kind, _L.target, _L.fragment, _L.heading)


class WikiLinks:
    """The `playbook_headings` and `playbook_links` tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def headings(self, page_id: int, language: Language) -> Sequence[PageHeading]:
        """Headings of a body, in order."""
        with self._database.read() as connection:
            return headings_in(connection, page_id, language)

    def every_heading(self) -> dict[tuple[int, Language], Sequence[PageHeading]]:
        """Headings of every body by page and language."""
        found: dict[tuple[int, Language], list[PageHeading]] = {}
        with self._database.read() as connection:
            for row in connection.execute(
                select(schema.playbook_headings).order_by(_H.page_id, _H.language, _H.ordinal)
            ):
                found.setdefault((row.page_id, row.language), []).append(PageHeading(row.id, row.level, row.title))
        return dict(found)

    def of(self, page_id: int, language: Language) -> Sequence[PlacedLink]:
        """Links of a body, in order."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(*_LINK).where(_L.page_id == page_id, _L.language == language).order_by(_L.ordinal)
            )
            return [PlacedLink(*row) for row in rows]

    def to(self, kinds: Collection[str], targets: Collection[str] = ()) -> Sequence[PlacedLink]:
        """Links of some kinds to any of `targets`, or to anything, by page."""
        wanted = [_L.kind.in_(kinds)]
        if targets:
            wanted.append(_L.target.in_(targets))
        with self._database.read() as connection:
            rows = connection.execute(select(*_LINK).where(*wanted).order_by(_L.page_id, _L.language, _L.ordinal))
            return [PlacedLink(*row) for row in rows]


def headings_in(connection: Connection, page_id: int, language: Language) -> Sequence[PageHeading]:
    """`WikiLinks.headings` inside the caller's transaction."""
    rows = connection.execute(
        select(_H.id, _H.level, _H.title).where(_H.page_id == page_id, _H.language == language).order_by(_H.ordinal)
    )
    return [PageHeading(*row) for row in rows]


def cited_in(connection: Connection, page_id: int, language: Language) -> set[str]:
    """Passages that readers find cited in a body: none while it is not published."""
    body = schema.playbook_bodies.c
    published = select(body.page_id).where(body.page_id == page_id, body.language == language, body.published > 0)
    return set(
        connection.scalars(
            select(_L.target).where(
                _L.page_id == page_id, _L.language == language, _L.kind == "cite", published.exists()
            )
        )
    )


def linking_bodies(connection: Connection, slugs: Collection[str]) -> Sequence[tuple[str, int, Language]]:
    """Bodies that link to a page by one of `slugs`: their own slug, page and language."""
    pages = schema.playbook_pages.c
    rows = connection.execute(
        select(pages.slug, _L.page_id, _L.language)
        .join_from(schema.playbook_links, schema.playbook_pages, pages.id == _L.page_id)
        .where(_L.kind == "page", _L.target.in_(slugs))
        .group_by(_L.page_id, _L.language)
    )
    return [(row.slug, row.page_id, row.language) for row in rows]


def replace_derived(
    connection: Connection,
    page_id: int,
    language: Language,
    headings: Sequence[PageHeading],
    links: Sequence[PlacedLink],
) -> None:
    """Replace what is known of the text of a body."""
    for table in (schema.playbook_headings, schema.playbook_links):
        connection.execute(delete(table).where(table.c.page_id == page_id, table.c.language == language))
    own = {"page_id": page_id, "language": language}
    if headings:
        connection.execute(
            insert(schema.playbook_headings),
            [
                {**own, "ordinal": number, "id": each.id, "level": each.level, "title": each.title}
                for number, each in enumerate(headings)
            ],
        )
    if links:
        connection.execute(
            insert(schema.playbook_links),
            [
                {
                    **own,
                    "ordinal": number,
                    "kind": each.kind,
                    "target": each.target,
                    "fragment": each.fragment,
                    "heading": each.heading,
                }
                for number, each in enumerate(links)
            ],
        )
