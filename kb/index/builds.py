"""Builds: one complete index on disk, written whole, published by one atomic replace.

<index>/current                 name of the published build
<index>/builds/<name>/manifest.json
<index>/builds/<name>/means.npz
<index>/builds/<name>/<language>/passages/, dense/, words/, tokens/
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import BadZipFile

from kb.errors import IndexUnavailableError

LAYOUT = 7
"""Version of the files of a build; a build of another layout is made again, not read."""

DAMAGE = (OSError, RuntimeError, ValueError, KeyError, EOFError, BadZipFile)
"""What opening the files of a damaged build raises: numpy, FAISS and tantivy each have their own ways."""

_KEPT_BUILDS = 2
"""The published build and the one before it, which other processes may still be opening."""

_ABANDONED_AFTER_S = 6 * 3600
"""An unfinished build that nothing was added to for this long was left by a builder that is gone."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build holds and what it was made from.

    `revision` is the last change of the truth it contains. `versions` numbers the versions its passages belong to.
    `terms` says how its words were cut, see `kb.index.words.terms_version`. `checksums` has the SHA-256 of every other
    file by relative path.
    """

    layout: int
    model_id: str
    terms: str
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

    @contextlib.contextmanager
    def discarding(self, folder: Path) -> Iterator[None]:
        """Remove an unfinished folder where the block fails: a full disk is not to stay full of what nobody reads."""
        try:
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def settle(self, folder: Path) -> None:
        """Make the files of a folder durable, which takes a while; it is not complete yet and nobody clears it away."""
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)

    def finish(self, folder: Path, manifest: Manifest) -> None:
        """Make a settled folder complete; nobody sees it yet. Under the lock of `publish`, or others clear it away."""
        (folder / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False), encoding="utf-8")
        _sync(folder / "manifest.json")

    def publish(self, folder: Path) -> Path:
        """Make a finished folder the current build, in one step; gives the build that is current then.

        A build of the same model that knows later changes stays. One publisher at a time: the caller holds a lock.
        """
        mine, current = read_manifest(folder), self.current()
        if current is not None:
            with contextlib.suppress(IndexUnavailableError):
                theirs = read_manifest(current)
                if theirs.model_id == mine.model_id and theirs.revision > mine.revision:
                    return current
        temporary = self._root / f"current.{folder.name}"
        temporary.write_text(folder.name, encoding="utf-8")
        _sync(temporary)
        temporary.replace(self._pointer)
        return folder

    def current(self) -> Path | None:
        """Folder of the published build, None where there is none."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        folder = self._root / "builds" / name
        return folder if name and (folder / "manifest.json").is_file() else None

    def is_behind(self, *, model_id: str, terms: str, revision: int) -> bool:
        """Whether the published build is missing, damaged, made otherwise, or older than `revision`."""
        folder = self.current()
        if folder is None:
            return True
        try:
            manifest = read_manifest(folder)
        except IndexUnavailableError:
            return True
        made = (manifest.model_id, manifest.terms)
        return made != (model_id, terms) or manifest.revision < revision or not is_complete(folder, manifest)

    def holding(self, versions: Set[str]) -> list[Path]:
        """Folders of finished builds that hold any of these versions, or whose manifest cannot say."""
        found = []
        for folder in sorted((self._root / "builds").glob("*")) if versions else ():
            if (folder / "manifest.json").is_file():
                try:
                    held = set(read_manifest(folder).versions)
                except IndexUnavailableError:
                    held = set(versions)
                if held & versions:
                    found.append(folder)
        return found

    def clear(self) -> None:
        """Remove every build, as when another library takes the place of the one they were made from."""
        self._pointer.unlink(missing_ok=True)
        shutil.rmtree(self._root / "builds", ignore_errors=True)

    def clear_older(self) -> None:
        """Remove builds nobody needs: all but the current and the one before it, and what interrupted builders left."""
        folders = [folder for folder in (self._root / "builds").glob("*") if folder != self.current()]
        finished = sorted((folder for folder in folders if (folder / "manifest.json").is_file()), key=_age_s)
        abandoned = [folder for folder in folders if folder not in finished and _age_s(folder) > _ABANDONED_AFTER_S]
        for folder in [*finished[_KEPT_BUILDS - 1 :], *abandoned]:
            with contextlib.suppress(OSError):  # a reader may hold it open where open files cannot be removed
                shutil.rmtree(folder)


def read_manifest(folder: Path) -> Manifest:
    """Manifest of a build; raises `IndexUnavailableError` where it cannot be read or is of another layout."""
    try:
        fields = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(fields, dict) or fields.get("layout") != LAYOUT:
            raise ValueError(f"it is no manifest of layout {LAYOUT}")
        return Manifest(**{**fields, "versions": tuple(fields["versions"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailableError(
            f"The search index cannot be read ({error}).", remedy="Run python -m kb rebuild.", detail=str(error)
        ) from error


def is_complete(folder: Path, manifest: Manifest) -> bool:
    """Whether every file of a build is there; says nothing about what is in them."""
    return all((folder / path).is_file() for path in manifest.checksums)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a build but its manifest, by path relative to it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json" and not path.name.startswith("."):
            with path.open("rb") as stream:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _age_s(folder: Path) -> float:
    with contextlib.suppress(FileNotFoundError):  # another process clears away too
        return time.time() - folder.stat().st_mtime
    return 0.0


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
