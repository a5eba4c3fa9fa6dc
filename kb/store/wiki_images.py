"""Images of the playbook: what is known of each; their bytes are files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from kb.model.wiki_writing import WikiImage
from kb.store import schema
from kb.store.database import Database

_I = schema.playbook_images.c


class WikiImages:
    """The `playbook_images` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> WikiImage | None:
        """One image, None where there is none of this name."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.playbook_images).where(_I.name == name)).mappings().one_or_none()
        return WikiImage(**row) if row else None

    def list(self, *, limit: int = 200) -> Sequence[WikiImage]:
        """Images, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.playbook_images).order_by(_I.added_at.desc(), _I.name).limit(limit))
            return [WikiImage(**row) for row in rows.mappings()]

    def add(self, image: WikiImage) -> None:
        """Keep what is known of an image; of one that is known already the first words stay."""
        with self._database.write() as connection:
            connection.execute(insert(schema.playbook_images).values(**asdict(image)).on_conflict_do_nothing())
