"""Sources: where versions were found, so that only what changed is read again and what went away is noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema

_S = schema.sources.c


@dataclass(frozen=True, slots=True)
class Source:
    """One place of one collection (a folder, a manifest, the uploads).

    `fingerprint` covers everything that decides what is stored: bytes, metadata and how passages are cut. `version_id`
    is empty while the file could not be read.
    """

    collection: str
    path: str
    sha256: str
    fingerprint: str
    version_id: str


def in_collection(connection: Connection, collection: str) -> Mapping[str, Source]:
    """Sources of a collection that are still there, by path."""
    rows = connection.execute(select(schema.sources).where(_S.collection == collection, _S.gone == 0))
    return {row.path: _source(row) for row in rows}


def at(connection: Connection, collection: str, path: str) -> Source | None:
    """What stands at a place, None where nothing does."""
    row = connection.execute(
        select(schema.sources).where(_S.collection == collection, _S.path == path, _S.gone == 0)
    ).one_or_none()
    return _source(row) if row else None


def last_version(connection: Connection, collection: str, path: str) -> str:
    """Version last found at this place, gone or not; empty where there was none."""
    return connection.scalar(select(_S.version_id).where(_S.collection == collection, _S.path == path)) or ""


def save(connection: Connection, source: Source) -> None:
    """Note what stands at a place now."""
    values = {
        "sha256": source.sha256,
        "fingerprint": source.fingerprint,
        "version_id": source.version_id or None,
        "gone": 0,
    }
    connection.execute(
        insert(schema.sources)
        .values(collection=source.collection, path=source.path, **values)
        .on_conflict_do_update(index_elements=[_S.collection, _S.path], set_=values)
    )


def mark_gone(connection: Connection, collection: str, *, but: Set[str]) -> None:
    """Note that nothing stands any more at the places of a collection, `but` these paths."""
    for path in in_collection(connection, collection).keys() - but:
        connection.execute(update(schema.sources).where(_S.collection == collection, _S.path == path).values(gone=1))


def gone(connection: Connection, collection: str) -> Sequence[Source]:
    """Places of a collection where nothing stands any more, with the version that stood there last, by path."""
    rows = connection.execute(
        select(schema.sources)
        .where(_S.collection == collection, _S.gone == 1, _S.version_id.is_not(None))
        .order_by(_S.path)
    )
    return [_source(row) for row in rows]


def places_of(connection: Connection, version_id: str) -> Sequence[str]:
    """Paths at which a version stands, in any collection."""
    return list(connection.scalars(select(_S.path).where(_S.version_id == version_id, _S.gone == 0).order_by(_S.path)))


def collections_of(connection: Connection, version_id: str) -> Sequence[str]:
    """Collections in which a version stands."""
    return list(connection.scalars(select(_S.collection).where(_S.version_id == version_id, _S.gone == 0).distinct()))


def stood_in(connection: Connection, collection: str, version_id: str) -> bool:
    """Whether a version stood at a place of a collection where nothing stands any more."""
    found = select(_S.path).where(_S.collection == collection, _S.version_id == version_id, _S.gone == 1)
    return connection.execute(found.limit(1)).first() is not None


def _source(row: Row[tuple[object, ...]]) -> Source:
    return Source(row.collection, row.path, row.sha256, row.fingerprint, row.version_id or "")
