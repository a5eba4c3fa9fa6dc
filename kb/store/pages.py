"""Pages and headings: the clean text of every version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, literal_column, select

from kb.errors import NotFoundError
from kb.model.passages import Page, PlacedHeading
from kb.store import schema
from kb.store.database import Database

_P = schema.pages.c
_IS_OCR = _P.source == literal_column("'ocr'")
"""Written as in the index of these pages, so that SQLite uses it: a bound value would read every text."""


class Pages:
    """The `pages` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, version_id: str, number: int) -> Page:
        """One page; raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(
                select(schema.pages).where(_P.version_id == version_id, _P.number == number)
            ).one_or_none()
        if row is None:
            raise NotFoundError(
                "This document has no such page.", remedy="Open its first page.", id=version_id, page=number
            )
        return Page(row.number, row.text, row.language, row.label, row.source)

    def by_ocr(self, version_id: str) -> Mapping[int, Page]:
        """Pages of a version that were read by OCR, by number."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.pages).where(_P.version_id == version_id, _IS_OCR))
            return {row.number: Page(row.number, row.text, row.language, row.label, row.source) for row in rows}

    def list(self, version_id: str) -> Sequence[Page]:
        """Every page of a version, in order; none where no text of it is held."""
        with self._database.read() as connection:
            wanted = select(schema.pages).where(_P.version_id == version_id).order_by(_P.number)
            return [
                Page(row.number, row.text, row.language, row.label, row.source) for row in connection.execute(wanted)
            ]


def read_by_ocr(connection: Connection, version_ids: Collection[str]) -> frozenset[tuple[str, int]]:
    """Version and number of every page of these versions that was read by OCR."""
    rows = connection.execute(select(_P.version_id, _P.number).where(_P.version_id.in_(version_ids), _IS_OCR))
    return frozenset((version_id, number) for version_id, number in rows)


def replace_pages(
    connection: Connection, version_id: str, pages: Iterable[Page], headings: Iterable[PlacedHeading]
) -> None:
    """Set the text and outline of a version, in place of what there was."""
    connection.execute(delete(schema.pages).where(_P.version_id == version_id))
    connection.execute(delete(schema.headings).where(schema.headings.c.version_id == version_id))
    page_rows = [
        {
            "version_id": version_id,
            "number": p.number,
            "label": p.label,
            "language": p.language,
            "text": p.text,
            "source": p.source,
        }
        for p in pages
    ]
    heading_rows = [
        {
            "version_id": version_id,
            "ordinal": i,
            "level": h.level,
            "title": h.title,
            "page": h.page,
            "start": h.start,
        }
        for i, h in enumerate(headings)
    ]
    if page_rows:
        connection.execute(insert(schema.pages), page_rows)
    if heading_rows:
        connection.execute(insert(schema.headings), heading_rows)
