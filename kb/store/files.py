"""The bytes of every version, in a folder named by content."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_BLOCK_BYTES = 1 << 20


class FileStore:
    """Content-addressed files: `<root>/ab/abcdef...`; a file that is there is whole."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """Where the bytes with this digest are, or would be."""
        return self._root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes with this digest are held."""
        return self.path(sha256).is_file()

    def is_whole(self, sha256: str) -> bool:
        """Whether the bytes with this digest are held and unharmed; reads them all."""
        return self.has(sha256) and sha256_of(self.path(sha256)) == sha256

    def add(self, data: BinaryIO) -> tuple[str, int]:
        """Copy a stream in; gives its SHA-256 and size in bytes. Durable when it returns; adding twice is harmless."""
        with self.receive() as incoming:
            while block := data.read(_BLOCK_BYTES):
                incoming.write(block)
            return incoming.keep(), incoming.size_bytes

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """A file that comes in pieces; what was not kept when the block is left is removed."""
        self._root.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._root, prefix=".incoming-")
        out = os.fdopen(handle, "wb")
        try:
            yield Incoming(out, Path(temporary), self)
        finally:
            with suppress(OSError):  # the disk is full, and nothing of what was not kept is wanted
                out.close()
            Path(temporary).unlink(missing_ok=True)  # where it was kept, this name is gone already

    def remove(self, sha256: str) -> None:
        """Remove the bytes with this digest, where they are held."""
        self.path(sha256).unlink(missing_ok=True)

    def all(self) -> set[str]:
        """Digest of every file held."""
        return {entry.name for entry in self._root.glob("??/*") if entry.is_file()}

    def clear_unfinished(self, *, older_than_s: float) -> int:
        """Remove what interrupted copies left behind; gives how many."""
        stale = [f for f in self._root.glob(".incoming-*") if time.time() - f.stat().st_mtime > older_than_s]
        for entry in stale:
            entry.unlink(missing_ok=True)
        return len(stale)


class Incoming:
    """Bytes on their way into a file store: `write` them as they come, then `keep` them."""

    def __init__(self, out: BinaryIO, temporary: Path, files: FileStore) -> None:
        self._out, self._temporary, self._files = out, temporary, files
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, block: bytes) -> None:
        """Take in what comes next."""
        self._digest.update(block)
        self.size_bytes += len(block)
        self._out.write(block)

    def keep(self) -> str:
        """Put the file in its place; gives its SHA-256. Durable when it returns."""
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        sha256 = self._digest.hexdigest()
        target = self._files.path(sha256)
        target.parent.mkdir(exist_ok=True)
        self._temporary.replace(target)
        _sync_folder(target.parent)
        _sync_folder(target.parent.parent)  # the name of the folder may be as new as that of the file
        return sha256


def _sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; a file system that cannot does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
