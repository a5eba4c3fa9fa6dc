"""A folder that is written whole or not at all, and that knows when it was altered.

It is written under another name beside its place and moved there in one step. A record of every file's size, time of
change and SHA-256 inside it tells a finished, untouched folder from any other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: two processes may then do the same work at once; the first to finish wins
    fcntl = None  # type: ignore[assignment]

RECORD = "digest.json"


def sealed_with(folder: Path, facts: Mapping[str, Any]) -> bool:
    """Whether `folder` is finished, holds just what was written, and was written for the same `facts`.

    A file whose size and time of change are as recorded is taken as untouched; any other is read and compared.
    """
    record = _read_record(folder)
    if record is None or record["facts"] != dict(facts):
        return False
    return all(_untouched(folder / name, written) for name, written in record["files"].items())


def recorded_digest(folder: Path) -> str:
    """One SHA-256, hexadecimal, over all files of a sealed folder."""
    record = _read_record(folder) or {"files": {}}
    return hashlib.sha256(
        "".join(f"{name}\0{written['sha256']}\0" for name, written in sorted(record["files"].items())).encode()
    ).hexdigest()


def write_sealed(folder: Path, facts: Mapping[str, Any], fill: Callable[[Path], None]) -> None:
    """Let `fill` write into an empty folder, then put it in the place of `folder` in one step.

    A failure leaves what was there before. `facts` are kept in the record and must be plain JSON.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(folder.parent / f".{folder.name}.lock"):
        if sealed_with(folder, facts):
            return
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            fresh.chmod(0o755)
            fill(fresh)
            _write_record(fresh, facts)
            _put_in_place(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold `lock` against other processes; it is let go however this process ends."""
    with lock.open("a") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _put_in_place(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        folder.replace(old)
        fresh.replace(folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _write_record(folder: Path, facts: Mapping[str, Any]) -> None:
    files = {
        path.relative_to(folder).as_posix(): {
            "size_bytes": path.stat().st_size,
            "changed_ns": path.stat().st_mtime_ns,
            "sha256": file_digest(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    (folder / RECORD).write_text(json.dumps({"facts": dict(facts), "files": files}, indent=1), encoding="utf-8")


def _read_record(folder: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and {"facts", "files"} <= record.keys() else None


def _untouched(path: Path, written: Mapping[str, Any]) -> bool:
    try:
        state = path.stat()
    except OSError:
        return False
    if state.st_size != written["size_bytes"]:
        return False
    return bool(state.st_mtime_ns == written["changed_ns"] or file_digest(path) == written["sha256"])
