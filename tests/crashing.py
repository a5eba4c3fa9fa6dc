"""Work that is killed at a chosen moment: run in a process of its own by the tests of crashes.

Every statement and commit of the database, and every file that is opened, made, renamed or removed in the library, is a
moment; they are counted, and at the one asked for the process kills itself the hard way (SIGKILL).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from hash_embedder import HashEmbedder
from sqlalchemy import event
from sqlalchemy.engine import Engine

import kb.ingest.worker
from kb.index.builder import write_build
from kb.index.builds import Builds
from kb.ingest.collections import Collection, open_collection
from kb.ingest.pipeline import Pipeline
from kb.settings import Settings
from kb.store import Store

_FILE_EVENTS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}


class Moments:
    """Counts moments within a library and dies at number `fatal`; 0 means to live."""

    def __init__(self, library: Path, fatal: int) -> None:
        self.count = 0
        self._library, self._fatal = str(library), fatal
        sys.addaudithook(self._on_audit)
        event.listen(Engine, "before_cursor_execute", self._on_database)
        event.listen(Engine, "commit", self._on_database)

    def _on_audit(self, name: str, arguments: tuple[object, ...]) -> None:
        if name in _FILE_EVENTS and self._library in str(arguments[0]):
            self._on_database()

    def _on_database(self, *_: object) -> None:
        self.count += 1
        if self.count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def ingest(settings: Settings, folder: Path, fatal: int, report: Path) -> None:
    """Take in a folder file by file and then as a whole, and write a build; every step that is done is a line."""

    def work(done: Callable[[str], None]) -> None:
        store, builds, embedder = Store(settings), Builds(settings.index_path), HashEmbedder()
        collection = open_collection(folder, name="made")
        with Pipeline(settings, store, embedder) as pipeline:
            for entry in collection.entries:
                pipeline.ingest(Collection("made", (entry,), complete=False))
                done(entry.path)
            pipeline.ingest(collection)
        write_build(store, builds, embedder.model_id, embedder=embedder)
        done("built")
        store.close()

    _run(work, settings, fatal, report)


def build(settings: Settings, _: Path, fatal: int, report: Path) -> None:
    """Write two builds, one after the other."""

    def work(done: Callable[[str], None]) -> None:
        store, builds = Store(settings), Builds(settings.index_path)
        for name in ("first", "second"):
            write_build(store, builds, HashEmbedder().model_id, embedder=HashEmbedder())
            done(name)
        store.close()

    _run(work, settings, fatal, report)


def serve(settings: Settings, _: Path, fatal: int, report: Path) -> None:
    """Read every upload that waits."""

    def work(done: Callable[[str], None]) -> None:
        kb.ingest.worker.load_embedder = lambda _: HashEmbedder()  # type: ignore[assignment]
        kb.ingest.worker.work(settings, once=True)
        done("served")

    _run(work, settings, fatal, report)


def _run(work: Callable[[Callable[[str], None]], None], settings: Settings, fatal: int, report: Path) -> None:
    moments = Moments(settings.data_dir, fatal)
    lines = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    work(lambda line: os.write(lines, f"{line}\n".encode()) and None)
    os.write(lines, f"moments {moments.count}\n".encode())
