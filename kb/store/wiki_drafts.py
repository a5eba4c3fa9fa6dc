"""Drafts of playbook pages: what a browser has typed and not saved, kept across restarts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from kb.model.wiki_writing import Draft
from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

KEPT_DAYS = 90
"""A draft that nobody went on with for so long is removed."""
MOST_OF_ONE = 50
"""Drafts that one browser can have; the oldest makes room."""

_D = schema.playbook_drafts.c


class WikiDrafts:
    """The `playbook_drafts` table. A draft belongs to an `owner`, to a page by its `key`, and to a language."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, owner: str, key: str, language: Language) -> Draft | None:
        """The draft, None where there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                select(_D.based_on, _D.text, _D.saved_at).where(_which(owner, key, language))
            ).one_or_none()
        return Draft(row.based_on, json.loads(row.text), row.saved_at) if row and owner else None

    def put(self, owner: str, key: str, language: Language, based_on: int, fields: Mapping[str, str]) -> str:
        """Keep a draft in place of the one before; gives the moment it is kept since."""
        moment = now()
        changed = {"based_on": based_on, "text": json.dumps(fields, ensure_ascii=False), "saved_at": moment}
        row = {"owner": owner, "slug": key, "language": language, **changed}
        with self._database.write() as connection:
            connection.execute(
                insert(schema.playbook_drafts)
                .values(**row)
                .on_conflict_do_update(index_elements=["owner", "slug", "language"], set_=changed)
            )
            connection.execute(delete(schema.playbook_drafts).where(_D.saved_at < _ago(KEPT_DAYS)))
            newest = select(_D.saved_at).where(_D.owner == owner).order_by(_D.saved_at.desc())
            oldest_kept = connection.scalar(newest.offset(MOST_OF_ONE - 1).limit(1))
            if oldest_kept:
                connection.execute(delete(schema.playbook_drafts).where(_D.owner == owner, _D.saved_at < oldest_kept))
        return moment

    def remove(self, owner: str, key: str, language: Language) -> None:
        """Let go of a draft, whether it is there or not."""
        with self._database.write() as connection:
            connection.execute(delete(schema.playbook_drafts).where(_which(owner, key, language)))


def _which(owner: str, key: str, language: Language) -> ColumnElement[bool]:
    return and_(_D.owner == owner, _D.slug == key, _D.language == language)


def _ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
