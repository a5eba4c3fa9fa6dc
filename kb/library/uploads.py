"""Uploads as people see them: where each file is, how long it will take, and what its document still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kb.ingest.likeness import is_asked
from kb.library.corrections import known
from kb.model.corrections import REQUIRED, Field
from kb.model.jobs import Batch, Job
from kb.model.receipts import Receipt
from kb.model.works import Version
from kb.store import Store
from kb.store.queue import Which

PAGE_FILES = 20
"""Files shown at once."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A job with what a reader wants to know of it.

    `ahead` files are read before this one; `left_s` are the seconds until it is in the library, where they can be told.
    `missing` are required fields that are not known of the document, `earlier` is the edition before it,
    `receipt` says how it was read; `is_asked` whether anybody has still to say what it is to a document like it.
    """

    job: Job
    version: Version | None = None
    ahead: int = 0
    left_s: float | None = None
    missing: tuple[str, ...] = ()
    earlier: Version | None = None
    receipt: Receipt | None = None
    is_asked: bool = False

    @property
    def has_notices(self) -> bool:
        """Whether reading it left remarks: something was not read, or only by OCR."""
        return self.receipt is not None and self.receipt.health != "whole"

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at what was added."""
        is_added = self.job.state == "done" and self.job.outcome != "held"
        return is_added and bool(self.missing or self.has_notices or self.is_asked)


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch and the seconds until all its files are read, where they can be told."""

    batch: Batch
    left_s: float | None = None


@dataclass(frozen=True, slots=True)
class UploadPage:
    """One page of the list. `counts` are files by list; `is_read` says whether anybody is reading files."""

    which: Which
    number: int
    last: int
    counts: Mapping[Which, int]
    batches: Sequence[BatchState]
    uploads: Sequence[Upload]
    is_read: bool

    @property
    def is_active(self) -> bool:
        """Whether something will still happen."""
        return self.counts["active"] > 0


def upload_page(store: Store, *, which: Which = "all", number: int = 1) -> UploadPage:
    """Page `number` of a list of uploads; a number beyond the last gives the last."""
    counts = store.queue.counts()
    last = max(1, -(-counts[which] // PAGE_FILES))
    number = min(max(number, 1), last)
    jobs = store.queue.page(which, limit=PAGE_FILES, offset=(number - 1) * PAGE_FILES)
    versions = store.versions.get_many([job.version_id for job in jobs if job.version_id])
    active = store.queue.active_ids()
    readers = store.queue.readers()
    typical_s = store.queue.typical_s() if active and readers else None
    left = {job.id: left_s(job, _elapsed_s(job)) for job in jobs if job.state == "running"} if readers else {}
    return UploadPage(
        which=which,
        number=number,
        last=last,
        counts=counts,
        batches=[BatchState(b, _batch_left_s(b, counts["active"], typical_s, readers)) for b in store.queue.batches()],
        uploads=[
            _upload(store, job, versions.get(job.version_id), active, left.get(job.id), typical_s, readers)
            for job in jobs
        ],
        is_read=readers > 0,
    )


def left_s(job: Job, elapsed_s: float) -> float | None:
    """Seconds until a file that is being read is in the library; None while nothing can be told.

    Preparing passages for search takes nearly all the time of a file, so that it tells how long the rest will take.
    """
    if job.stage != "embedding" or not job.total or job.done * 10 < job.total:
        return 0.0 if job.stage in ("saving", "checking") else None
    return elapsed_s * (job.total - job.done) / job.done


def missing_fields(store: Store, version: Version) -> tuple[Field, ...]:
    """Required fields that nobody and nothing has told of a document, in the order of the form.

    A title is missing where the name of the file stands in its place and nobody has confirmed it.
    """
    held = known(store, version.id)
    unnamed = held.proposed.get("title") == "name"
    return tuple(field for field in REQUIRED if field in held.missing or (field == "title" and unnamed))


def _upload(
    store: Store,
    job: Job,
    version: Version | None,
    active: Sequence[int],
    left: float | None,
    typical_s: float | None,
    readers: int,
) -> Upload:
    if job.state == "running":
        return Upload(job, left_s=left)
    if job.state == "waiting":
        ahead = active.index(job.id) if job.id in active else 0
        return Upload(job, ahead=ahead, left_s=None if typical_s is None else typical_s * (ahead + 1) / readers)
    if version is None:
        return Upload(job)
    if store.withdrawals.standing(version.id) is not None:  # its receipt would quote what readers are not to see
        return Upload(job, version)
    return Upload(
        job,
        version,
        missing=missing_fields(store, version),
        earlier=_earlier(store, version) if job.outcome == "edition" else None,
        receipt=store.receipts.of_version(version.id),
        is_asked=is_asked(store, version, job.proposed.get("edition", "")),
    )


def _earlier(store: Store, version: Version) -> Version | None:
    """The edition before `version` in its language: of its work, or of the one it says it replaces."""
    named = store.versions.get_many([version.metadata.supersedes]) if version.metadata.supersedes else {}
    family = [*store.versions.by_work(version.work_id), *named.values()]
    others = [v for v in family if v.id != version.id and v.metadata.language == version.metadata.language]
    return max(others, key=lambda other: other.added_at, default=None)


def _batch_left_s(batch: Batch, active: int, typical_s: float | None, readers: int) -> float | None:
    """Files of other batches that wait may be read first, so all that wait are counted."""
    if typical_s is None or batch.finished == batch.total:
        return None
    return typical_s * active / readers


def _elapsed_s(job: Job) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(job.started_at)).total_seconds() if job.started_at else 0.0
