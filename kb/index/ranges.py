"""A file of which ranges of bytes are read, here and there."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path


class Ranges:
    """An open file; safe to share between threads.

    What is touched of a file that is mapped into memory, and what stands around it, counts as memory of the process
    until the system wants it back. What is read is copied and forgotten.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()

    def __del__(self) -> None:
        self._file.close()

    def read(self, start: int, size: int) -> bytes:
        """`size` bytes from the byte `start` on; fewer where the file ends before."""
        if sys.platform == "win32":
            with self._lock:
                self._file.seek(start)
                return self._file.read(size)
        else:
            return os.pread(self._file.fileno(), size, start)
