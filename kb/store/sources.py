"""Sources: where versions were found, so that only what changed is read again and what went away is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update
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
    return {
        row.path: Source(row.collection, row.path, row.sha256, row.fingerprint, row.version_id or "") for row in rows
    }


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


def mark_gone(connection: Connection, collection: str, path: str) -> None:
    """Note that nothing stands at a place any more."""
    connection.execute(update(schema.sources).where(_S.collection == collection, _S.path == path).values(gone=1))


def places_of(connection: Connection, version_id: str) -> int:
    """At how many places a version still stands."""
    return connection.scalar(select(func.count()).where(_S.version_id == version_id, _S.gone == 0)) or 0
