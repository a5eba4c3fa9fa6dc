"""The worker: a process of its own that reads uploads, so that searching never waits for them."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import FrameType
from typing import Literal, Protocol

from kb.embedding.embedder import Embedder
from kb.embedding.loading import load_embedder
from kb.errors import IndexUnavailableError
from kb.index.builder import bring_up_to_date
from kb.index.builds import Builds, read_manifest
from kb.ingest.collections import Collection
from kb.ingest.heartbeat import STUCK_AFTER_S, Heartbeat
from kb.ingest.likeness import sketch_missing
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.pipeline import Pipeline
from kb.ingest.retitle import retitle_waiting
from kb.ingest.upload import Check, Notes, take_in
from kb.ingest.wear import MOST_FILES, resident_mb
from kb.model.jobs import Job, JobStage
from kb.settings import Settings
from kb.store import Store

log = logging.getLogger(__name__)

_POLL_S = 0.5
_LEFT_FOR_S = 3600.0
"""What interrupted uploads left behind is removed once nothing was added to it for this long."""
_COMPACT_AFTER_IDLE_S = 3.0
"""A new build is written once nothing has been waiting for this long, where that is cheap or the tail is long."""
_COMPACT_LARGE_AFTER_IDLE_S = 600.0
"""The same where a large build would be written for the sake of a short tail."""
_SKETCHED_AT_ONCE = 20
"""Documents of an older release that are made comparable before the next upload is looked for."""
_LARGE_BUILD_PASSAGES = 20_000
_LONG_TAIL_PASSAGES = 2_000
_LONG_TAIL_SHARE = 0.05
"""A tail is long that is longer than both: searching it costs more with every passage."""
_LONGEST_TAIL_PASSAGES = 10_000
"""A longer one is long however large the build: a passage of the tail takes some 30 KB of every reader's memory."""


class Stopped(BaseException):
    """The worker was asked to stop; like `KeyboardInterrupt` no error, so that nothing on the way takes it for one."""


class Followed(Protocol):
    """A collection that is written elsewhere, and read whole whenever it has changed."""

    def change(self) -> int:
        """The number of the last change that was not read yet; 0 where there is none."""

    def collection(self) -> AbstractContextManager[Collection]:
        """The collection as it is now, for as long as the block is."""

    def note_read(self, change: int) -> None:
        """Keep that everything up to a change was read."""


def work(
    settings: Settings,
    *,
    once: bool = False,
    parent: int | None = None,
    checks: Sequence[Check] = (),
    follow: Callable[[Store], Followed] | None = None,
) -> Literal["stopped", "worn"]:
    """Read what waits, oldest first, and take over corrected titles, until told to stop by SIGTERM or SIGINT.

    Between uploads it reads what `follow` gives whenever that has changed.

    With `once` it stops when nothing waits, with `parent` when it is not a child of that process any more. Ends as
    `worn`, between two files, when the process had better begin anew; nothing is lost by that. Each of `checks` sees
    every document after it was saved.
    """
    signal.signal(signal.SIGTERM, _stop)
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"  # numbers of processes come again
    store, builds = Store(settings), Builds(settings.index_path)
    store.files.clear_unfinished(older_than_s=_LEFT_FOR_S)
    store.jobs.forsake(_is_dead)
    followed = follow(store) if follow else None
    embedder: Embedder | None = None
    parser = ParserProcess(settings)
    compact_at: float | None = None
    files = 0
    try:
        with Heartbeat(store.queue, owner, stuck_after_s=STUCK_AFTER_S + settings.ocr_timeout_s) as heartbeat:
            while parent is None or os.getppid() == parent:
                change = followed.change() if followed else 0
                is_waiting = bool(store.jobs.unfinished() or store.corrections.retitled() or change)
                if _is_worn(settings, files) and (is_waiting or compact_at is None):
                    return "worn"
                if embedder is None and is_waiting:
                    embedder = load_embedder(settings)  # before a job is claimed: no model is not the file's fault
                job = store.jobs.claim(owner) if embedder else None
                if embedder and job:
                    _take_in(
                        job, store, Pipeline(settings, store, embedder, parser=parser), embedder, heartbeat, checks
                    )
                    files += 1
                    compact_at = time.monotonic() + _patience_s(store, builds)
                    continue
                if embedder and followed and change:
                    heartbeat.moved()
                    with followed.collection() as collection:
                        Pipeline(settings, store, embedder, parser=parser).ingest(
                            collection, on_progress=lambda _: heartbeat.moved()
                        )
                    followed.note_read(change)
                    heartbeat.rests()
                    compact_at = time.monotonic() + _patience_s(store, builds)
                    continue
                if embedder and retitle_waiting(store, embedder):
                    compact_at = time.monotonic() + _patience_s(store, builds)
                    continue
                if sketch_missing(store, limit=_SKETCHED_AT_ONCE):
                    continue
                if embedder and compact_at is not None and (once or time.monotonic() > compact_at):
                    _compact(store, builds, embedder)
                    compact_at = None
                if once:
                    break
                time.sleep(_POLL_S)
    except (Stopped, KeyboardInterrupt):
        store.jobs.give_back(owner)
    finally:
        parser.close()
        store.close()
    return "stopped"


def _take_in(
    job: Job, store: Store, pipeline: Pipeline, embedder: Embedder, heartbeat: Heartbeat, checks: Sequence[Check]
) -> None:
    heartbeat.moved()
    notes = Notes(store, job)

    def note(stage: JobStage, done: int, total: int) -> None:
        heartbeat.moved()
        notes(stage, done, total)

    take_in(job, store, pipeline, embedder, notes=note, checks=checks)
    heartbeat.rests()


def _is_worn(settings: Settings, files: int) -> bool:
    """Whether this process should give its place to a new one: many files read, or much memory held after a file."""
    return files >= MOST_FILES or (files > 0 and resident_mb() > settings.worker_memory_mb)


def _patience_s(store: Store, builds: Builds) -> float:
    """How long nothing has to be waiting before a new build is written."""
    folder = builds.current()
    try:
        manifest = read_manifest(folder) if folder else None
    except IndexUnavailableError:
        manifest = None
    if manifest is None:
        return _COMPACT_AFTER_IDLE_S
    built = sum(manifest.counts.values())
    long = min(max(_LONG_TAIL_PASSAGES, _LONG_TAIL_SHARE * built), _LONGEST_TAIL_PASSAGES)
    is_worth_it = built < _LARGE_BUILD_PASSAGES or store.passages.count(after=manifest.revision) > long
    return _COMPACT_AFTER_IDLE_S if is_worth_it else _COMPACT_LARGE_AFTER_IDLE_S


def _compact(store: Store, builds: Builds, embedder: Embedder) -> None:
    try:
        bring_up_to_date(store, builds, embedder)
    except IndexUnavailableError as error:
        log.error("The index was not brought up to date: %s", error)


def _is_dead(owner: str) -> bool:
    """Whether a worker of this machine is gone: one with our own number was here before us."""
    host, number, *_ = owner.split(":")
    if host != socket.gethostname() or sys.platform == "win32":  # there a signal of 0 is none
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(number) == os.getpid()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped
