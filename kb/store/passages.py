"""Passages: the unit that is embedded, ranked and cited. A passage is retired, never deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from kb.errors import NotFoundError
from kb.model.passages import Passage, embedded_text
from kb.store import schema
from kb.store.database import Database
from kb.store.pages import read_by_ocr
from kb.text.language import Language

_P = schema.passages.c
_BLOCK_ROWS = 500
_PLACE = ("page", "ordinal", "start", "end", "language", "section")
"""What may change of a passage whose id and embedded text stay."""


class Key(NamedTuple):
    """What a passage is known by: its number in the index, its version, the hash of the text it is embedded as."""

    row: int
    version_id: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its number in the index and the hash of the text it is embedded as."""

    row: int
    passage: Passage
    text_hash: str


class Passages:
    """The `passages` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, passage_id: str) -> Passage:
        """The passage with this id, retired or not; raises `NotFoundError`."""
        return self.stored(passage_id).passage

    def stored(self, passage_id: str) -> StoredPassage:
        """The passage with this id and its number in the index; raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.passages).where(_P.id == passage_id)).one_or_none()
            found = _with_sources(connection, [_stored(row)] if row else [])
        if not found:
            raise NotFoundError(
                "No passage has this address.",
                remedy="Check the link, or search for its words.",
                id=passage_id,
            )
        return found[0]

    def get_many(self, passage_ids: Sequence[str]) -> Mapping[str, Passage]:
        """Passages by id, retired or not; ids that do not exist are left out."""
        found: dict[str, Passage] = {}
        with self._database.read() as connection:
            for i in range(0, len(passage_ids), _BLOCK_ROWS):
                held = connection.execute(
                    select(schema.passages).where(_P.id.in_(passage_ids[i : i + _BLOCK_ROWS]))
                ).all()
                stored = _with_sources(connection, list(map(_stored, held)))
                found.update((row.id, each.passage) for row, each in zip(held, stored, strict=True))
        return found

    def list(self, version_id: str) -> Sequence[Passage]:
        """Live passages of a version, in reading order."""
        with self._database.read() as connection:
            return listed(connection, version_id)

    def by_row(self, rows: Sequence[int]) -> Mapping[int, Passage]:
        """Passages by their number in the index."""
        found: dict[int, Passage] = {}
        with self._database.read() as connection:
            for i in range(0, len(rows), _BLOCK_ROWS):
                block = list(rows[i : i + _BLOCK_ROWS])
                held = connection.execute(select(schema.passages).where(_P.row.in_(block)))
                for stored in _with_sources(connection, list(map(_stored, held))):
                    found[stored.row] = stored.passage
        return found

    def sections(self, rows: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Paths of headings of passages by their number in the index."""
        found: dict[int, tuple[str, ...]] = {}
        with self._database.read() as connection:
            for i in range(0, len(rows), _BLOCK_ROWS):
                wanted = select(_P.row, _P.section).where(_P.row.in_(list(rows[i : i + _BLOCK_ROWS])))
                found.update((row, tuple(json.loads(section))) for row, section in connection.execute(wanted))
        return found

    def pages(self, rows: Sequence[int]) -> Mapping[int, int | None]:
        """Page numbers of passages by their number in the index."""
        found: dict[int, int | None] = {}
        with self._database.read() as connection:
            for i in range(0, len(rows), _BLOCK_ROWS):
                wanted = select(_P.row, _P.page).where(_P.row.in_(list(rows[i : i + _BLOCK_ROWS])))
                found.update((row, page) for row, page in connection.execute(wanted))
        return found

    def count(self, *, after: int = 0) -> int:
        """How many live passages were added after revision `after`."""
        with self._database.read() as connection:
            wanted = (_P.added_revision > after, _P.retired_revision.is_(None))
            return connection.scalar(select(func.count()).where(*wanted)) or 0


def live(connection: Connection, *, after: int = 0, language: Language | None = None) -> Iterator[StoredPassage]:
    """Live passages added after revision `after`, by number; of one language where it is told. Few are in memory."""
    wanted = select(schema.passages).where(_P.added_revision > after, *_live(language))
    return map(_stored, connection.execute(wanted.order_by(_P.row).execution_options(yield_per=_BLOCK_ROWS)))


def live_keys(connection: Connection, language: Language) -> Iterator[Sequence[Key]]:
    """Keys of the live passages of a language, by number, a few hundred at a time."""
    wanted = select(_P.row, _P.version_id, _P.text_hash).where(*_live(language)).order_by(_P.row)
    rows = connection.execute(wanted.execution_options(yield_per=_BLOCK_ROWS))
    return ([Key(*row) for row in block] for block in rows.partitions(_BLOCK_ROWS))


def live_version_ids(connection: Connection) -> Set[str]:
    """Ids of the versions that have live passages."""
    return set(connection.scalars(select(_P.version_id).where(*_live()).distinct()))


def live_count(connection: Connection) -> int:
    """How many live passages there are."""
    return connection.scalar(select(func.count()).where(*_live())) or 0


def listed(connection: Connection, version_id: str) -> Sequence[Passage]:
    """Live passages of a version, in reading order."""
    rows = connection.execute(
        select(schema.passages).where(_P.version_id == version_id, _P.retired_revision.is_(None)).order_by(_P.ordinal)
    )
    return [each.passage for each in _with_sources(connection, list(map(_stored, rows)))]


def retired_rows(connection: Connection, *, after: int) -> Sequence[int]:
    """Numbers of passages that were retired after revision `after`."""
    return list(connection.scalars(select(_P.row).where(_P.retired_revision > after)))


def replace_passages(
    connection: Connection, version_id: str, title: str, passages: Sequence[Passage], *, revision: int
) -> None:
    """Make `passages` the live passages of a version as of `revision`.

    A passage that stays keeps its number and its embedding; one that is embedded under another title or section gets a
    new number, because its vector changes; one that is gone is retired and can still be opened by its link.
    """
    wanted = {passage.id: passage for passage in passages}
    hashes = {passage.id: text_hash(embedded_text(title, passage)) for passage in passages}
    held = {row.id: row for row in connection.execute(select(schema.passages).where(_P.version_id == version_id))}
    for passage_id, row in held.items():
        passage = wanted.get(passage_id)
        if passage is None and row.retired_revision is None:
            connection.execute(update(schema.passages).where(_P.row == row.row).values(retired_revision=revision))
        elif passage is not None and (row.retired_revision is not None or row.text_hash != hashes[passage_id]):
            connection.execute(
                update(schema.passages)
                .where(_P.row == row.row)
                .values(id=f"{passage_id}~{row.row}", retired_revision=row.retired_revision or revision)
            )
            connection.execute(insert(schema.passages), [_row(passage, hashes[passage_id], revision)])
        elif passage is not None:
            connection.execute(
                update(schema.passages)
                .where(_P.row == row.row)
                .values({name: _row(passage, row.text_hash, row.added_revision)[name] for name in _PLACE})
            )
    new = [_row(passage, hashes[passage.id], revision) for passage in passages if passage.id not in held]
    if new:
        connection.execute(insert(schema.passages), new)


def text_hash(text: str) -> str:
    """Key of an embedded text: SHA-256, hexadecimal, first 40 characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _live(language: Language | None = None) -> Sequence[ColumnElement[bool]]:
    return (_P.retired_revision.is_(None), *([_P.language == language] if language else ()))


def _row(passage: Passage, hashed: str, revision: int) -> dict[str, object]:
    plain = ("id", "version_id", "page", "ordinal", "start", "end", "language", "text")
    return {name: getattr(passage, name) for name in plain} | {
        "section": json.dumps(passage.section, ensure_ascii=False),
        "text_hash": hashed,
        "added_revision": revision,
    }


def _with_sources(connection: Connection, found: Sequence[StoredPassage]) -> Sequence[StoredPassage]:
    """`found`, those on pages that were read by OCR saying so."""
    pages = read_by_ocr(connection, {stored.passage.version_id for stored in found})
    if not pages:
        return found
    return [
        replace(stored, passage=replace(stored.passage, source="ocr"))
        if (stored.passage.version_id, stored.passage.page) in pages
        else stored
        for stored in found
    ]


def _stored(row: Row[tuple[object, ...]]) -> StoredPassage:
    passage = Passage(
        id=str(row.id).partition("~")[0],
        version_id=row.version_id,
        page=row.page,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=row.text,
        language=row.language,
        section=tuple(json.loads(row.section)),
    )
    return StoredPassage(row.row, passage, row.text_hash)
