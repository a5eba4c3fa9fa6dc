"""Copies of the database as one file: written while others write, and read without being changed."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema
from kb.store.database import BUSY_TIMEOUT_MS, Database

_ID = "library"


def copy_database(database: Database, path: Path) -> None:
    """Write one consistent state of the database into a new file, durable; writers go on meanwhile.

    The copy is compact: nothing that was deleted is in it.
    """
    with closing(sqlite3.connect(database.path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
        connection.execute("vacuum into ?", (str(path),))
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def files_of(path: Path) -> Mapping[str, bool]:
    """Digests of the files that a copy refers to, and whether it cannot do without: uploads that ended can."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        uploads = connection.execute("select sha256, max(state in ('waiting', 'running')) from jobs group by sha256")
        found = {sha256: bool(needed) for sha256, needed in uploads}
        found.update((sha256, True) for (sha256,) in connection.execute("select sha256 from versions"))
    return found


def library_id(database: Database) -> str:
    """What tells one library from another, whatever folder it is in; given when it is first asked for."""
    m = schema.meta.c
    with database.read() as connection:
        held = connection.scalar(select(m.value).where(m.key == _ID))
    if held is None:
        with database.write() as connection:
            connection.execute(insert(schema.meta).values(key=_ID, value=secrets.token_hex(8)).on_conflict_do_nothing())
            held = connection.execute(select(m.value).where(m.key == _ID)).scalar_one()
    return str(held)
