"""One upload on its way into the library: its progress, whether it is still wanted, and what became of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

from kb.embedding.embedder import Embedder
from kb.errors import KbError, NotFoundError
from kb.ingest.collections import UPLOADS, Collection, Entry
from kb.ingest.pipeline import Pipeline
from kb.model.jobs import Job, JobOutcome, JobStage, Standing
from kb.model.receipts import Receipt
from kb.store import Store

log = logging.getLogger(__name__)

_NOTED_EVERY_S = 0.5
"""Between two notes of the progress within a stage: each is a transaction that other writers wait for."""


class Check(Protocol):
    """Looks at a document that has just been saved; gives what it proposes to whoever added it, kept with the job.

    For what lies above ingest, handed in by whoever starts the worker. It runs while the job is in the stage
    `checking`: once, or again after a crash. A `KbError` is logged; the document stays in the library.
    """

    def __call__(self, store: Store, embedder: Embedder, receipt: Receipt, /) -> Mapping[str, str]:
        """Proposals by name; empty where there is nothing to decide."""


class Notes:
    """Notes how far a job is, and ends the work on one that was stopped or that another worker has taken over."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store, self._job = store, job
        self._stage: JobStage = "waiting"
        self._noted_at = 0.0

    def __call__(self, stage: JobStage, done: int, total: int) -> None:
        """Note `done` of `total`; raises `LeftOffError` where the work is not to go on."""
        if stage == self._stage and time.monotonic() - self._noted_at < _NOTED_EVERY_S:
            return
        self._stage, self._noted_at = stage, time.monotonic()
        standing = self._store.jobs.progress(self._job, stage, done, total)
        if standing == "lost" or (standing == "stopping" and stage != "checking"):  # what is saved is not unsaved
            raise LeftOffError(standing)


class LeftOffError(Exception):
    """The work on a job is not to go on; no failure of its file, and nobody's but the worker's to handle."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


def take_in(
    job: Job,
    store: Store,
    pipeline: Pipeline,
    embedder: Embedder,
    *,
    notes: Callable[[JobStage, int, int], None],
    checks: Sequence[Check] = (),
) -> None:
    """Bring a claimed job's file into the library whole, or leave the library as it was, and note what became of it.

    `notes` is told every step, see `Notes`.
    """
    entry = Entry(store.files.path(job.sha256), f"{job.sha256[:12]}/{PurePath(job.filename).name}", _told(job))
    try:
        receipt = pipeline.ingest(
            Collection(UPLOADS, (entry,), complete=False),
            on_progress=lambda step: notes(step.stage, step.done, step.total),
        )[0]
        if receipt.outcome == "failed":
            store.jobs.fail(job, receipt.problem, receipt.facts)
        else:
            notes("checking", 0, 0)
            proposed = _proposed(store, embedder, receipt, checks)
            store.jobs.finish(job, receipt.version_id, _outcome(store, job, receipt), proposed)
        log.info("Upload %s: %s", job.id, receipt.outcome)
    except LeftOffError as left_off:
        if left_off.standing == "stopping":
            store.jobs.give_up(job)
        log.info("Upload %s: %s", job.id, left_off.standing)
    except KbError as error:
        store.jobs.fail(job, error.code, error.facts)


def _told(job: Job) -> Mapping[str, str]:
    """What the uploader said, without the fields that were left empty."""
    return {key: value for key, value in job.metadata.items() if value}


def _outcome(store: Store, job: Job, receipt: Receipt) -> JobOutcome:
    """`held` where the library held these bytes before this job, or another one brought them in meanwhile."""
    version = store.versions.get(receipt.version_id)
    if not store.jobs.is_added_by(job, version.id, version.added_at):
        return "held"
    try:
        replaced = store.versions.by_work(version.metadata.supersedes) if version.metadata.supersedes else []
    except NotFoundError:
        replaced = []
    family = [*store.versions.by_work(version.work_id), *replaced]
    siblings = (each for each in family if each.metadata.language == version.metadata.language)
    return "edition" if any(each.id != version.id for each in siblings) else "added"


def _proposed(store: Store, embedder: Embedder, receipt: Receipt, checks: Sequence[Check]) -> Mapping[str, str]:
    proposed: dict[str, str] = {}
    for check in checks:
        try:
            proposed |= check(store, embedder, receipt)
        except KbError as error:
            log.warning("A check of %s failed: %s", receipt.path, error)
    return proposed
