"""The worker: a process of its own that reads uploads, so that searching never waits for them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import PurePath
from types import FrameType

from kb.embedding.embedder import Embedder
from kb.embedding.loading import load_embedder
from kb.errors import IndexUnavailableError, KbError
from kb.index.builder import bring_up_to_date
from kb.index.builds import Builds, read_manifest
from kb.ingest.collections import UPLOADS, Collection, Entry
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.pipeline import Pipeline, Progress
from kb.model.jobs import Job
from kb.settings import Settings
from kb.store import Store

log = logging.getLogger(__name__)

_POLL_S = 0.5
_COMPACT_AFTER_IDLE_S = 3.0
"""A new build is written once nothing has been waiting for this long, where that is cheap or the tail is long."""
_COMPACT_LARGE_AFTER_IDLE_S = 600.0
"""The same where a large build would be written for the sake of a short tail."""
_LARGE_BUILD_PASSAGES = 20_000
_LONG_TAIL_PASSAGES = 2_000
_LONG_TAIL_SHARE = 0.05
"""A tail is long that is longer than both: searching it costs more with every passage."""
_LONGEST_TAIL_PASSAGES = 10_000
"""A longer one is long however large the build: a passage of the tail takes some 30 KB of every reader's memory."""


class Stopped(BaseException):
    """The worker was asked to stop; like `KeyboardInterrupt` no error, so that nothing on the way takes it for one."""


def work(settings: Settings, *, once: bool = False, parent: int | None = None) -> None:
    """Read what waits, oldest first, until told to stop by SIGTERM or SIGINT.

    With `once` it stops when nothing waits, with `parent` when it is not a child of that process any more.
    """
    signal.signal(signal.SIGTERM, _stop)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    store, builds = Store(settings), Builds(settings.index_path)
    store.files.clear_unfinished(older_than_s=3600)
    store.jobs.forsake(_is_dead)
    embedder: Embedder | None = None
    parser = ParserProcess(settings)
    compact_at: float | None = None
    try:
        while parent is None or os.getppid() == parent:
            if embedder is None and store.jobs.unfinished():
                embedder = load_embedder(settings)  # before a job is claimed: a missing model is not the file's fault
            job = store.jobs.claim(owner) if embedder else None
            if embedder and job:
                _do(job, store, Pipeline(settings, store, embedder, parser=parser))
                compact_at = time.monotonic() + _patience_s(store, builds)
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


def _do(job: Job, store: Store, pipeline: Pipeline) -> None:
    """Bring one upload into the library and note what became of it."""

    def note(step: Progress) -> None:
        store.jobs.progress(job.id, step.stage, step.done, step.total)

    entry = Entry(store.files.path(job.sha256), f"{job.sha256[:12]}/{PurePath(job.filename).name}", _told(job))
    try:
        receipt = pipeline.ingest(Collection(UPLOADS, (entry,), complete=False), on_progress=note)[0]
    except KbError as error:
        store.jobs.fail(job.id, error.code, error.facts)
        return
    if receipt.outcome == "failed":
        store.jobs.fail(job.id, receipt.problem, receipt.facts)
    else:
        store.jobs.finish(job.id, receipt.version_id)
    log.info("Upload %s: %s", job.id, receipt.outcome)


def _told(job: Job) -> Mapping[str, str]:
    """What the uploader said, without the fields that were left empty."""
    return {key: value for key, value in job.metadata.items() if value}


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
    host, _, number = owner.rpartition(":")
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
