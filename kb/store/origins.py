"""Where the value of each field of a version comes from, as reading its file found out."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from kb.model.corrections import Origins as FieldOrigins
from kb.store import schema
from kb.store.database import Database

_O = schema.origins.c


class Origins:
    """The `origins` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_version(self, version_id: str) -> FieldOrigins:
        """Origins by field; empty for a version that an older release read."""
        with self._database.read() as connection:
            rows = connection.execute(select(_O.field, _O.origin).where(_O.version_id == version_id))
            return {row.field: row.origin for row in rows}


def replace_origins(connection: Connection, version_id: str, origins: FieldOrigins) -> None:
    """Set the origins of a version, in place of those there were."""
    connection.execute(delete(schema.origins).where(_O.version_id == version_id))
    rows = [{"version_id": version_id, "field": field, "origin": origin} for field, origin in origins.items()]
    if rows:
        connection.execute(insert(schema.origins), rows)
