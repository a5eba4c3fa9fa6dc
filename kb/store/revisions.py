"""Revisions of the playbook: added, never changed; the key keeps two writers from taking the same number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, RowMapping, and_, func, insert, select

from kb.errors import NotFoundError
from kb.model.playbook import Origin, Revision
from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

_R = schema.playbook_revisions.c
_COLUMNS = (_R.page_id, _R.language, _R.number, _R.text, _R.author, _R.summary, _R.made_at, _R.based_on, _R.origin)


class Revisions:
    """The `playbook_revisions` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, page_id: int, language: Language, number: int) -> Revision:
        """One revision; raises `NotFoundError`."""
        with self._database.read() as connection:
            return revision_of(connection, page_id, language, number)

    def history(self, page_id: int, language: Language, *, limit: int = 1_000, skipped: int = 0) -> Sequence[Revision]:
        """Revisions of a body, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(*_COLUMNS)
                .where(_R.page_id == page_id, _R.language == language)
                .order_by(_R.number.desc())
                .limit(limit)
                .offset(skipped)
            )
            return [_revision(row) for row in rows.mappings()]

    def recent(
        self, *, limit: int = 50, skipped: int = 0, since: str = "", pages: Collection[int] | None = None
    ) -> Sequence[Revision]:
        """Revisions made after the moment `since`, newest first, of every page that is not deleted or of some `pages`.

        Only what readers see, or saw: none that is newer than the one that is published.
        """
        b, p = schema.playbook_bodies.c, schema.playbook_pages.c
        wanted = [_R.made_at > since, _R.number <= b.published, p.deleted_at == ""]
        if pages is not None:
            wanted.append(_R.page_id.in_(pages))
        is_of = and_(b.page_id == _R.page_id, b.language == _R.language)
        with self._database.read() as connection:
            rows = connection.execute(
                select(*_COLUMNS)
                .join_from(schema.playbook_revisions, schema.playbook_bodies, is_of)
                .join(schema.playbook_pages, p.id == _R.page_id)
                .where(*wanted)
                .order_by(_R.made_at.desc(), _R.page_id, _R.language, _R.number.desc())
                .limit(limit)
                .offset(skipped)
            )
            return [_revision(row) for row in rows.mappings()]

    def count(self) -> int:
        """How many there are of every page."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(schema.playbook_revisions)) or 0


def revision_of(connection: Connection, page_id: int, language: Language, number: int) -> Revision:
    """`Revisions.get` inside the caller's transaction."""
    row = connection.execute(
        select(*_COLUMNS).where(_R.page_id == page_id, _R.language == language, _R.number == number)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFoundError("The playbook has no such revision.", remedy="Choose one from the history of the page.")
    return _revision(found)


def add_revision(
    connection: Connection,
    page_id: int,
    language: Language,
    number: int,
    text: str,
    *,
    author: str,
    summary: str,
    based_on: int,
    origin: Origin,
) -> None:
    """Add a revision inside the caller's transaction; one with this number must not exist."""
    connection.execute(
        insert(schema.playbook_revisions).values(
            page_id=page_id,
            language=language,
            number=number,
            text=text,
            digest=digest(text),
            author=author,
            summary=summary,
            made_at=now(),
            based_on=based_on,
            origin=origin,
        )
    )


def number_of(connection: Connection, page_id: int, language: Language, text_digest: str) -> int:
    """The newest revision whose text has this digest; 0 where none has."""
    return (
        connection.scalar(
            select(func.max(_R.number)).where(_R.page_id == page_id, _R.language == language, _R.digest == text_digest)
        )
        or 0
    )


def digest(text: str) -> str:
    """SHA-256 of a text, 32 hexadecimal digits of it."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _revision(row: RowMapping) -> Revision:
    return Revision(**row)
