"""The connection to the truth: SQLite in WAL mode, one writer at a time, migrations by number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from kb.errors import LibraryVersionError
from kb.store import schema

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another before giving up."""

_FORGET_TIMEOUT_S = 2.0
"""How long `forget` waits for readers."""


class Database:
    """One library's database, made on first use; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._reading: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self._reading, "connect", _configure)
        event.listen(self._reading, "begin", _begin)
        self._writing = self._reading.execution_options(immediate=True)
        self._migrate()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state for as long as it is open."""
        with self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; it is durable once the block is left."""
        with self._writing.begin() as connection:
            yield connection

    def forget(self) -> None:
        """Empty the log that still holds pages as they were; left for later while somebody reads them."""
        with closing(sqlite3.connect(self.path, timeout=_FORGET_TIMEOUT_S)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")

    def settle(self) -> None:
        """Bring everything into the one file of the database, so that it can be moved; nobody else may have it open."""
        self._reading.dispose()
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("pragma journal_mode = delete")

    def close(self) -> None:
        """Give back every connection."""
        self._reading.dispose()

    def _migrate(self) -> None:
        steps = _migrations()
        with self.read() as connection:  # the common case must not wait for whoever is writing
            applied = _applied(connection)
        if applied and max(applied) > max(steps):
            raise LibraryVersionError(
                f"This library was written by a newer release (step {max(applied)}, known here: {max(steps)}).",
                remedy="Install that release, or open a copy of the library made before the upgrade.",
                found=max(applied),
                known=max(steps),
            )
        if applied >= steps.keys():
            return
        with self.write() as connection:
            connection.exec_driver_sql(
                "create table if not exists migrations (number integer primary key, applied_at varchar not null)"
            )
            for number in sorted(steps.keys() - _applied(connection)):
                for statement in filter(str.strip, steps[number].split(";\n")):
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql("insert into migrations values (?, ?)", (number, now()))


def now() -> str:
    """The present moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def revision(connection: Connection) -> int:
    """Number of the last change to what can be searched; 0 in an empty library."""
    value = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == "revision"))
    return int(value or 0)


def next_revision(connection: Connection) -> int:
    """Advance the revision inside the caller's transaction and give the new number."""
    number = revision(connection) + 1
    changed = connection.execute(update(schema.meta).where(schema.meta.c.key == "revision").values(value=str(number)))
    if not changed.rowcount:
        connection.execute(insert(schema.meta).values(key="revision", value=str(number)))
    return number


def _applied(connection: Connection) -> set[int]:
    made = connection.exec_driver_sql("select 1 from sqlite_master where name = 'migrations'").first()
    return {row[0] for row in connection.exec_driver_sql("select number from migrations")} if made else set()


def _migrations() -> dict[int, str]:
    folder = resources.files("kb.store") / "migrations"
    return {
        int(entry.name[:4]): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    }


def _configure(dbapi_connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(dbapi_connection, sqlite3.Connection)
    dbapi_connection.isolation_level = None  # the begin event below starts transactions, not the driver
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = wal",
        "synchronous = full",  # what was confirmed survives a power cut, not only a killed process
        "foreign_keys = on",
        "cache_size = -32000",
    ):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("begin immediate" if immediate else "begin")
