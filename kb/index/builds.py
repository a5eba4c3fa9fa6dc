"""Builds: one complete index on disk, written whole, published by one atomic replace.

<index>/current                 name of the published build
<index>/builds/<name>/manifest.json
<index>/builds/<name>/means.npz
<index>/builds/<name>/<language>/passages.npy, dense.faiss, words/
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.errors import IndexUnavailableError

LAYOUT = 1
"""Version of the files of a build; a build of another layout is made again, not read."""

_KEPT_BUILDS = 2
"""The published build and the one before it, which other processes may still be opening."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build holds and what it was made from.

    `revision` is the last change of the truth it contains. `versions` numbers the versions its passages belong to.
    `checksums` has the SHA-256 of every other file by relative path.
    """

    layout: int
    model_id: str
    dimension: int
    revision: int
    counts: Mapping[str, int]
    versions: tuple[str, ...]
    created_at: str
    checksums: Mapping[str, str]


class Builds:
    """The builds of one library on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pointer = root / "current"

    def new_folder(self, name: str) -> Path:
        """An empty folder to write a build into; nobody sees it before `publish`."""
        folder = self._root / "builds" / name
        folder.mkdir(parents=True)
        return folder

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Make a finished folder the current build, in one step, and clear away older ones."""
        (folder / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False), encoding="utf-8")
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)
        temporary = self._root / f"current.{folder.name}"
        temporary.write_text(folder.name, encoding="utf-8")
        _sync(temporary)
        temporary.replace(self._pointer)
        self._clear_older(than=folder)

    def current(self) -> Path | None:
        """Folder of the published build, None where there is none."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        folder = self._root / "builds" / name
        return folder if name and (folder / "manifest.json").is_file() else None

    def unpublished(self) -> list[Path]:
        """Folders that are not the current build: earlier ones and what interrupted builders left."""
        current = self.current()
        return sorted(f for f in (self._root / "builds").glob("*") if f.is_dir() and f != current)

    def _clear_older(self, *, than: Path) -> None:
        by_age = sorted((self._root / "builds").glob("*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in [f for f in by_age if f != than][_KEPT_BUILDS - 1 :]:
            with contextlib.suppress(OSError):  # a reader may hold it open where open files cannot be removed
                shutil.rmtree(folder)


def read_manifest(folder: Path) -> Manifest:
    """Manifest of a build; raises `IndexUnavailableError` where it cannot be read or is of another layout."""
    try:
        fields = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if fields.get("layout") != LAYOUT:
            raise ValueError(f"layout {fields.get('layout')}")
        return Manifest(**{**fields, "versions": tuple(fields["versions"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailableError(
            f"The search index cannot be read ({error}).", remedy="Run python -m kb rebuild.", detail=str(error)
        ) from error


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a build but its manifest, by path relative to it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json" and not path.name.startswith("."):
            with path.open("rb") as stream:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
