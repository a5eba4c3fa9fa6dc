"""The sign of life of a worker: independent of how far its file is, and ended where a file gets no further."""

from __future__ import annotations

import logging
import os
import threading
import time
from types import TracebackType
from typing import Self

from sqlalchemy.exc import OperationalError

from kb.store.queue import Queue

log = logging.getLogger(__name__)

BEAT_S = 10.0
STUCK_AFTER_S = 900.0
"""A file that gets no further for this long hangs: no page and no batch takes near as long, slow machines included.
Text recognition may take its own limit on top."""


class Heartbeat:
    """Tells the others every ten seconds that a worker is alive. A context manager.

    A worker whose file gets no further is ended the hard way: its jobs are then given to another, or to itself when it
    is started again, and a file that hangs each time is failed in the end.
    """

    def __init__(self, queue: Queue, owner: str, *, every_s: float = BEAT_S, stuck_after_s: float = STUCK_AFTER_S):
        self._queue, self._owner = queue, owner
        self._every_s, self._stuck_after_s = every_s, stuck_after_s
        self._moved_at: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._queue.beat(self._owner)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._queue.leave(self._owner)

    def moved(self) -> None:
        """The file that is being read has got further."""
        self._moved_at = time.monotonic()

    def rests(self) -> None:
        """No file is being read."""
        self._moved_at = None

    def _beat(self) -> None:
        while not self._over.wait(self._every_s):
            if self._moved_at is not None and time.monotonic() - self._moved_at > self._stuck_after_s:
                log.error("A file got no further for %.0f seconds; the worker ends itself", self._stuck_after_s)
                os._exit(1)
            try:
                self._queue.beat(self._owner)
            except OperationalError as error:  # locked for long, or the disk is full: the next beat may succeed
                log.warning("No sign of life could be given: %s", error)
