from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, insert, inspect, select

from kb.errors import LibraryVersionError
from kb.store import Store, schema
from kb.store.database import Database, next_revision, revision


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(store):
    made = inspect(create_engine(f"sqlite:///{store.database.path}"))
    assert set(made.get_table_names()) - {"migrations"} == set(schema.metadata.tables)
    for table in schema.metadata.tables.values():
        columns = {
            column["name"]: (str(column["type"]), bool(column["nullable"]), bool(column["primary_key"]))
            for column in made.get_columns(table.name)
        }
        assert columns == {
            column.name: (
                column.type.compile(made.bind.dialect),
                bool(column.nullable) and not column.primary_key,
                bool(column.primary_key),
            )
            for column in table.columns
        }, table.name


def test_opening_a_library_twice_changes_nothing(settings):
    Store(settings).close()
    before = settings.data_dir.joinpath("library.sqlite3").read_bytes()
    Store(settings).close()
    assert settings.data_dir.joinpath("library.sqlite3").read_bytes() == before


def test_a_library_of_a_newer_release_is_refused_and_left_alone(store, settings):
    with store.database.write() as connection:
        connection.exec_driver_sql("insert into migrations values (9999, 'tomorrow')")
    with pytest.raises(LibraryVersionError) as refused:
        Store(settings)
    assert refused.value.facts["found"] == 9999
    assert refused.value.remedy


def test_opening_does_not_wait_for_a_writer(store, settings):
    with store.database.write():
        Store(settings).close()


def test_a_failed_write_leaves_nothing(store):
    def fail():
        with store.database.write() as connection:
            next_revision(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.database.read() as connection:
        assert revision(connection) == 0


def test_a_reader_sees_one_state_while_others_write(store):
    with store.database.read() as reading:
        before = revision(reading)
        with store.database.write() as writing:
            next_revision(writing)
        assert revision(reading) == before
    with store.database.read() as reading:
        assert revision(reading) == before + 1


def test_writers_take_turns_and_no_revision_is_given_twice(store):
    given: list[int] = []

    def write(_: int) -> None:
        with store.database.write() as connection:
            given.append(next_revision(connection))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert sorted(given) == list(range(1, 41))


def test_processes_that_open_a_new_library_at_the_same_moment_all_succeed(tmp_path):
    code = (
        "import sys, pathlib; from kb.store.database import Database, next_revision\n"
        "database = Database(pathlib.Path(sys.argv[1]))\n"
        "for _ in range(10):\n"
        "    with database.write() as connection: next_revision(connection)\n"
    )
    path = tmp_path / "new" / "library.sqlite3"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in running] == [b""] * 4
    database = Database(path)
    with database.read() as connection:
        assert revision(connection) == 40
    database.close()


def test_reading_goes_on_during_a_long_write(store):
    begun, done = threading.Event(), threading.Event()

    def write() -> None:
        with store.database.write() as connection:
            connection.execute(insert(schema.meta).values(key="k", value="v"))
            begun.set()
            done.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait(10)
    with store.database.read() as connection:
        assert connection.execute(select(schema.meta).where(schema.meta.c.key == "k")).all() == []
    done.set()
    thread.join()
