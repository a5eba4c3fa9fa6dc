"""The process that opens files, seen from the one that asks it: started, asked, listened to, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import kb
from kb.errors import DamagedFileError, LimitExceededError
from kb.ingest.parse import refusals
from kb.settings import Settings

_FILES_PER_CHILD = 200
"""After so many files a new child is started, so that what libraries leak stays small."""
_START_S = 60
"""How long a child may take to start, apart from the time of its first file."""
_KEPT_ENVIRONMENT = (
    *("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "VIRTUAL_ENV"),
    "TESSDATA_PREFIX",
)
_OUT_OF_MEMORY = frozenset(
    getattr(signal, name) for name in ("SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL", "SIGBUS") if hasattr(signal, name)
)
"""Signals by which native code dies that was refused memory, or was killed for taking too much."""


class Child:
    """One child process and the thread that listens to it."""

    def __init__(self, most_bytes: int) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": str(Path(kb.__file__).parent.parent), "PYTHONIOENCODING": "utf-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kb.ingest.parse.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # what it starts is of its group, and ends with it
        )
        self._most_bytes = most_bytes
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="parser-answers", daemon=True)
        self._listener.start()
        self._files = 0
        self._peak_mb = 0
        self._is_ready = False
        self.is_busy = False
        self.pid = self._process.pid

    def is_worn(self, memory_mb: int) -> bool:
        """Whether a new child should read the next file: many files read, much memory taken, or dead."""
        return self._files >= _FILES_PER_CHILD or self._peak_mb > memory_mb // 2 or self._process.poll() is not None

    def ask(
        self, settings: Settings, on_progress: Callable[[int, int], None] | None, **request: object
    ) -> Mapping[str, Any]:
        """Ask, and wait for the answer as long as is allowed; raises `OSError` where the file cannot be opened."""
        limit_s = settings.parse_timeout_s
        if not self._is_ready:
            self._await_start()
        deadline = time.monotonic() + limit_s
        self._files += 1
        self.is_busy = True
        self._send(
            **request,
            max_pages=settings.max_pages,
            max_characters=settings.max_text_mb * 1_000_000,
            memory_mb=settings.parse_memory_mb,
            timeout_s=limit_s,
        )
        while True:
            answer = self._answer(deadline, settings)
            if "progress" in answer:
                if on_progress is not None:
                    on_progress(*map(int, answer["progress"]))
                continue
            self.is_busy = False
            self._peak_mb = int(answer.get("peak_mb", 0))
            if "unopened" in answer:
                raise OSError(*answer["unopened"])
            return answer

    def _await_start(self) -> None:
        try:
            line = self._lines.get(timeout=_START_S)
        except queue.Empty:
            raise RuntimeError("The process that reads files did not start.") from None
        if not line:
            raise RuntimeError(f"The process that reads files ended at its start with {self._process.wait()}.")
        self._is_ready = True

    def end(self) -> int:
        """Kill the process, and what it started, and wait for it; gives the most memory it took, in megabytes."""
        peak_mb = max(self._peak_mb, _most_memory_mb(self.pid))
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        return peak_mb

    def _send(self, **request: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # it died just now: the wait for the answer finds out how

    def _answer(self, deadline: float, settings: Settings) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            raise refusals.too_slow(settings.parse_timeout_s) from None
        if not line:
            raise self._cause_of_death(settings)
        if not line.endswith(b"\n"):
            raise refusals.too_big_in_memory(settings.parse_memory_mb)
        try:
            answer = json.loads(line.decode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise refusals.damaged(repr(error)) from error
        return answer if isinstance(answer, dict) else {}

    def _cause_of_death(self, settings: Settings) -> DamagedFileError | LimitExceededError:
        code = self._process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return refusals.too_slow(settings.parse_timeout_s)
        if -code in _OUT_OF_MEMORY:
            return refusals.too_big_in_memory(settings.parse_memory_mb)
        return refusals.broken_off(f"the reading process ended with {code}")

    def _listen(self) -> None:
        """Lines of answers; an empty one says that the child is gone, one without a line feed that it says too much."""
        stream = self._process.stdout
        assert stream is not None
        while line := stream.readline(self._most_bytes):
            self._lines.put(line)
            if not line.endswith(b"\n"):
                return
        self._lines.put(b"")


def _most_memory_mb(pid: int) -> int:
    """Most memory that a running process has taken, in megabytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    told = re.search(r"VmHWM:\s+(\d+)", status)
    return int(told.group(1)) // 1_000 if told else 0
