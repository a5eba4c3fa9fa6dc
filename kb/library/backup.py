"""Backups: the database at one moment and every file it refers to, made while the library is in use.

<folder>/backup.json            what the backup holds, with checksums; replacing it is what makes a new backup
<folder>/library-<moment>.sqlite3
<folder>/files/ab/abcdef...     bytes by their SHA-256: what an older backup left there is not copied again
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from kb.errors import ArchiveError
from kb.library.staging import staged
from kb.settings import Settings
from kb.store import Store, audit
from kb.store.copies import copy_database, files_of, library_id
from kb.store.database import now
from kb.store.files import FileStore, sha256_of

FORMAT, FORMAT_VERSION = "kakehashi-backup", 1
_MANIFEST = "backup.json"
_DATABASE = "library.sqlite3"
_ATTEMPTS = 3

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds: sizes in bytes of `files` by SHA-256, and the SHA-256 of `others` by their path.

    `missing` are files that the library refers to and had lost, or harmed, already.
    """

    created_at: str
    library: str
    database: str
    database_sha256: str
    files: Mapping[str, int]
    others: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    format: str = FORMAT
    version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a run did: how many files and bytes the backup holds, and how many files it had to copy."""

    files: int
    size_bytes: int
    copied: int
    missing: tuple[str, ...]


def back_up(
    settings: Settings, store: Store, folder: Path, *, on_progress: OnProgress = lambda *_: None
) -> BackupReport:
    """Write a backup into `folder`, which is empty or holds an older one of the same library.

    The older one holds until the new one is complete. Raises `ArchiveError`; what was in the folder is still there.
    """
    library = library_id(store.database)
    before = _older(settings, folder, library)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"library-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.sqlite3"
    copy, files = folder / f".{name}", FileStore(folder / "files")
    try:
        for attempt in range(_ATTEMPTS):
            copy.unlink(missing_ok=True)
            copy_database(store.database, copy)
            wanted = files_of(copy)
            held, copied, missing = _copy_files(store.files, files, wanted, on_progress)
            if not missing or attempt == _ATTEMPTS - 1:
                break  # what is missing once may have been deleted since; what stays missing was lost before
        manifest = BackupManifest(
            created_at=now(),
            library=library,
            database=name,
            database_sha256=sha256_of(copy),
            files=held,
            others=_copy_others(settings, files),
            missing=missing,
        )
        copy.rename(folder / name)
    except OSError as error:
        raise ArchiveError(
            f"The backup could not be written: {error.strerror or error}.",
            remedy="Make room or name another folder; the backup that was there is unharmed.",
        ) from error
    finally:
        copy.unlink(missing_ok=True)
    _replace(folder / _MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    _clear(folder, files, manifest, before)
    return BackupReport(len(held), sum(held.values()) + (folder / name).stat().st_size, copied, missing)


def read_backup(folder: Path) -> BackupManifest:
    """What `folder` holds, as it says; raises `ArchiveError` where it holds no backup or one of a newer release."""
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise ValueError("it is no backup")
        if fields["version"] > FORMAT_VERSION:
            raise ArchiveError(
                "This backup was made by a newer release.", remedy="Install that release, then restore it."
            )
        return BackupManifest(**{**fields, "missing": tuple(fields["missing"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"There is no backup in {folder.resolve()}.",
            remedy="Name the folder that python -m kb backup has written.",
            detail=str(error),
        ) from error


def verify(folder: Path, *, on_progress: OnProgress = lambda *_: None) -> BackupManifest:
    """Read every byte of a backup; raises `ArchiveError` that names what is missing or harmed."""
    manifest, files = read_backup(folder), FileStore(folder / "files")
    wrong: list[str] = []
    database = folder / manifest.database
    if database.parent != folder or not database.is_file() or sha256_of(database) != manifest.database_sha256:
        wrong.append(manifest.database)
    digests = sorted({*manifest.files, *manifest.others.values()})
    for done, sha256 in enumerate(digests, 1):
        if not files.is_whole(sha256):
            wrong.append(f"files/{sha256[:2]}/{sha256}")
        on_progress(done, len(digests))
    if wrong:
        raise ArchiveError(
            f"The backup is damaged: {', '.join(wrong[:5])}" + (f" and {len(wrong) - 5} more." if wrong[5:] else "."),
            remedy="Use another backup. Nothing was restored.",
        )
    return manifest


def restore_backup(
    settings: Settings, folder: Path, *, by: str, on_progress: OnProgress = lambda *_: None
) -> BackupManifest:
    """Make the library of a backup in the empty `settings.data_dir`; gives what it held.

    Every checksum is verified first. Raises `ArchiveError`, or `LibraryVersionError` for the library of a newer
    release; nothing has changed then. The index has to be made again.
    """
    with staged(settings) as own:
        manifest = verify(folder, on_progress=on_progress)
        source, target = FileStore(folder / "files"), FileStore(own.files_dir)
        own.files_dir.mkdir(parents=True)
        for sha256 in manifest.files:
            _copy(source, target, sha256)
        for path, sha256 in manifest.others.items():
            if not _is_inside(path):
                raise ArchiveError(f"The backup names a file outside its folder: {path}.", remedy="Do not use it.")
            place = own.data_dir / path
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.path(sha256), place)
        shutil.copyfile(folder / manifest.database, own.data_dir / _DATABASE)
        store = Store(own)
        try:
            with store.database.write() as connection:
                facts: dict[str, str | int | float] = {"created_at": manifest.created_at, "files": len(manifest.files)}
                audit.note(connection, "restored-library", actor=by, facts=facts)
            store.database.settle()
        finally:
            store.close()
    return manifest


def _older(settings: Settings, folder: Path, library: str) -> BackupManifest | None:
    """The backup that is in `folder`; raises `ArchiveError` where the folder is not one for backups of this library."""
    place, data = folder.resolve(), settings.data_dir.resolve()
    if place == data or data in place.parents or place in data.parents:
        raise ArchiveError(
            "A backup cannot be inside the library, nor around it.", remedy="Name a folder elsewhere, on another disk."
        )
    if folder.exists() and not folder.is_dir():
        raise ArchiveError(f"{place} is a file.", remedy="Name a folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    if not (folder / _MANIFEST).is_file():
        if {entry.name for entry in folder.iterdir() if not entry.name.startswith(".")} <= {"files"}:
            return None  # a first backup that was cut short
        raise ArchiveError(f"{place} holds something else than a backup.", remedy="Name an empty folder.")
    older = read_backup(folder)
    if older.library != library:
        raise ArchiveError(
            f"{place} holds the backup of another library, of {older.created_at[:10]}.", remedy="Name another folder."
        )
    return older


def _copy_files(
    source: FileStore, target: FileStore, wanted: Mapping[str, bool], on_progress: OnProgress
) -> tuple[dict[str, int], int, tuple[str, ...]]:
    """Sizes of the wanted files by digest, how many were copied, and those that are needed and could not be."""
    held: dict[str, int] = {}
    copied, missing = 0, []
    for done, (sha256, is_needed) in enumerate(sorted(wanted.items()), 1):
        size = _size(target, sha256)
        if size is None or (size != _size(source, sha256) and not target.is_whole(sha256)):
            size = _copy(source, target, sha256)
            copied += size is not None
        if size is not None:
            held[sha256] = size
        elif is_needed:
            missing.append(sha256)
        on_progress(done, len(wanted))
    return held, copied, tuple(missing)


def _copy(source: FileStore, target: FileStore, sha256: str) -> int | None:
    """Copy one file; gives its size in bytes, None where it is not there or no longer what its name says."""
    try:
        with source.path(sha256).open("rb") as stream:
            found, size = target.add(stream)
    except FileNotFoundError:
        return None
    return size if found == sha256 else None


def _size(files: FileStore, sha256: str) -> int | None:
    with contextlib.suppress(FileNotFoundError):
        return files.path(sha256).stat().st_size
    return None


def _copy_others(settings: Settings, files: FileStore) -> dict[str, str]:
    """What else is kept with the truth: what was fetched from where, an imported corpus, images of the playbook."""
    found: dict[str, str] = {}
    folders = [settings.data_dir / "corpus", settings.images_dir]
    places = [
        settings.data_dir / "sources" / "pins.json",
        *(each for one in folders for each in sorted(one.rglob("*"))),
    ]
    for place in filter(Path.is_file, places):
        with place.open("rb") as stream:
            found[place.relative_to(settings.data_dir).as_posix()] = files.add(stream)[0]
    return found


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(3)}")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def _clear(folder: Path, files: FileStore, manifest: BackupManifest, before: BackupManifest | None) -> None:
    """Remove what only the older backup held."""
    if before is not None and before.database != manifest.database:
        (folder / PurePosixPath(before.database).name).unlink(missing_ok=True)
    for sha256 in files.all() - manifest.files.keys() - set(manifest.others.values()):
        files.remove(sha256)


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return (
        parts.parts[:1] in (("corpus",), ("sources",), ("playbook-images",))
        and ".." not in parts.parts
        and "\\" not in path
    )
