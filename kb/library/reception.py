"""Taking in uploads: bytes go to disk as they come, and every file that came becomes a row of the queue."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kb.errors import KbError, UploadError
from kb.ingest.parse import refusals
from kb.ingest.parse.kinds import SUFFIXES, suffix_of
from kb.model.jobs import Job
from kb.settings import Settings
from kb.store import Store
from kb.store.files import Incoming

_BATCH = re.compile(r"[A-Za-z0-9-]{8,64}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_NAME_CHARACTERS = 200


@dataclass(slots=True)
class _Arrival:
    """A file that is coming or has come; `refusal` says why nothing of it is kept."""

    filename: str
    sha256: str = ""
    size_bytes: int = 0
    refusal: KbError | None = None


@dataclass(slots=True)
class Reception:
    """The files of one request: `begin`, `write`, `end` each of them, then `queue` them all.

    Never holds more of a file in memory than the piece it is given. What goes on coming of a file that is refused is
    counted and dropped, so that the files after it are taken in. Use as a context manager: what was not ended when it
    is left is removed.
    """

    settings: Settings
    store: Store
    _arrivals: list[_Arrival] = field(default_factory=list)
    _incoming: Incoming | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Reception:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def begin(self, filename: str) -> None:
        """A file begins to come; its name may be a path, as some browsers send it."""
        name = _UNPRINTABLE.sub(" ", filename.replace("\\", "/")).strip()
        arrival = _Arrival(_shortened(PurePosixPath(name).name))
        self._arrivals.append(arrival)
        if suffix_of(arrival.filename) not in SUFFIXES and arrival.filename:
            arrival.refusal = refusals.unsupported(suffix_of(arrival.filename))
        else:
            self._begin_keeping(arrival)

    def write(self, block: bytes) -> None:
        """More of the file that came last."""
        arrival = self._arrivals[-1]
        arrival.size_bytes += len(block)
        if arrival.refusal is not None or self._incoming is None:
            return
        if arrival.size_bytes > self.settings.max_upload_mb * 1_000_000:
            self._refuse(arrival, refusals.too_large(self.settings.max_upload_mb))
            return
        try:
            self._incoming.write(block)
        except OSError as error:
            self._refuse(arrival, no_room(error))

    def end(self) -> None:
        """The file that came last is whole; it is on the disk, durably, when this returns."""
        arrival = self._arrivals[-1]
        if not arrival.filename and not arrival.size_bytes:  # what browsers send of a field in which none was chosen
            self._arrivals.pop()
        elif arrival.refusal is None and self._incoming is not None:
            try:
                arrival.sha256 = self._incoming.keep()
            except OSError as error:
                self._refuse(arrival, no_room(error))
        self._drop()

    def queue(self, metadata: Mapping[str, str], *, batch: str = "") -> Sequence[Job]:
        """One job for each file that came whole or was refused, in order; safe once this returns.

        `metadata` is what the uploader says of all of them, a title only where there is one. Sending files again in the
        same `batch` gives the jobs they have; an unusable name of a batch is replaced.
        """
        self._drop()
        named = batch if _BATCH.fullmatch(batch) else secrets.token_hex(8)
        whole = [arrival for arrival in self._arrivals if arrival.sha256 or arrival.refusal]
        told = {key: value for key, value in metadata.items() if value and (key != "title" or len(whole) == 1)}
        return [self._queued(arrival, told, named) for arrival in whole]

    def _queued(self, arrival: _Arrival, told: Mapping[str, str], batch: str) -> Job:
        jobs, refusal = self.store.jobs, arrival.refusal
        if refusal is not None:
            return jobs.refuse(arrival.filename, arrival.size_bytes, refusal.code, refusal.facts, batch=batch)
        return jobs.add(arrival.filename, arrival.sha256, arrival.size_bytes, told, batch=batch)

    def _begin_keeping(self, arrival: _Arrival) -> None:
        self._drop()
        try:
            self._incoming = self._stack.enter_context(self.store.files.receive())
        except OSError as error:
            arrival.refusal = no_room(error)

    def _refuse(self, arrival: _Arrival, refusal: KbError) -> None:
        arrival.refusal = refusal
        self._drop()

    def _drop(self) -> None:
        """Let go of the file that is coming; what was not kept of it is removed."""
        self._incoming = None
        self._stack.close()
        self._stack = ExitStack()


def no_room(error: OSError) -> UploadError:
    """The disk is full or cannot be written."""
    return UploadError(
        f"The file could not be kept: {error.strerror}.",
        remedy="Tell the people who run this service; the disk may be full.",
        reason="upload-storage",
    )


def _shortened(name: str) -> str:
    """`name` with its ending, cut in the middle where it is very long."""
    if len(name) <= _NAME_CHARACTERS:
        return name
    ending = PurePosixPath(name).suffix[:20]
    return name[: _NAME_CHARACTERS - len(ending)] + ending
