"""The bytes of every version, in a folder named by content."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
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
        self._root.mkdir(parents=True, exist_ok=True)
        digest, size_bytes = hashlib.sha256(), 0
        handle, temporary = tempfile.mkstemp(dir=self._root, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                while block := data.read(_BLOCK_BYTES):
                    digest.update(block)
                    size_bytes += len(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            Path(temporary).replace(target)
            _sync_folder(target.parent)
            _sync_folder(self._root)  # the name of the folder may be as new as that of the file
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return digest.hexdigest(), size_bytes

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
