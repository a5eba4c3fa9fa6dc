"""Sketches of texts, by which documents that say nearly the same are found (see `kb.ingest.likeness`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import Database

_S = schema.sketches.c
_V = schema.versions.c


class Sketches:
    """The `sketches` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self, language: str) -> Mapping[str, NDArray[np.uint32]]:
        """Sketches of the versions in a language, by version."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_S.version_id, _S.sketch)
                .join(schema.versions, _V.id == _S.version_id)
                .where(_V.language == language)
            )
            return {row.version_id: np.frombuffer(row.sketch, np.uint32) for row in rows}

    def lacking(self, *, limit: int) -> Sequence[str]:
        """Versions without a sketch, at most `limit`."""
        with self._database.read() as connection:
            held = select(_S.version_id)
            return list(connection.scalars(select(_V.id).where(_V.id.not_in(held)).order_by(_V.id).limit(limit)))

    def save(self, version_id: str, sketch: NDArray[np.uint32]) -> None:
        """Keep the sketch of a version, in place of one there was."""
        with self._database.write() as connection:
            save_sketch(connection, version_id, sketch)


def save_sketch(connection: Connection, version_id: str, sketch: NDArray[np.uint32]) -> None:
    """As `Sketches.save`, within the caller's transaction."""
    values = {"sketch": sketch.tobytes()}
    connection.execute(
        insert(schema.sketches)
        .values(version_id=version_id, **values)
        .on_conflict_do_update(index_elements=[_S.version_id], set_=values)
    )
