"""Making a library of an export. The file is believed in nothing: what is not exactly an export changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, get_args

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from kb.errors import ArchiveError
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.publish import version_id_of
from kb.library import archive
from kb.library.archive import Member
from kb.library.staging import staged
from kb.model.works import Country, DocumentType
from kb.settings import Settings
from kb.store import Store, audit, schema
from kb.text.language import LANGUAGES

_MOST_MEMBERS = 1_000_000
_MOST_MANIFEST_BYTES = 200_000_000
_MOST_LINE_BYTES = 200_000_000
"""A page of the largest document that is read, as JSON."""
_MOST_RATIO = 200
"""What text can be packed to; a bomb is packed to a thousandth."""
_ROWS = 500
_BLOCK_BYTES = 16_000_000
"""Rows are written to the database once there are so many, or so many bytes of them."""
_AGAIN = "Export the library again, or ask whoever sent the file. Nothing was imported."

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in. `corpus` is the folder of its playbook and glossary, None where it has none."""

    documents: int
    passages: int
    created_at: str
    corpus: Path | None


def import_library(settings: Settings, file: Path, *, by: str, on_progress: OnProgress = lambda *_: None) -> Imported:
    """Make the library of an export in the empty `settings.data_dir`, with the same ids, so that links go on working.

    Vectors and index have to be made. Raises `ArchiveError`; nothing has changed then.
    """
    try:
        with staged(settings) as own, zipfile.ZipFile(file) as zipped:
            manifest = _manifest(zipped, file)
            members = _members(zipped, manifest, own.data_dir)
            with closing(Store(own)) as store:
                _load_files(zipped, members, store, on_progress)
                with store.database.write() as connection:
                    counts = {
                        table.name: _load_table(zipped, members, table, connection, on_progress)
                        for table in archive.TABLES
                    }
                    _check(connection, store, members)
                    number = manifest.get("revision")
                    value = str(number) if isinstance(number, int) and 0 < number < 1 << 62 else "1"
                    connection.execute(insert(schema.meta).values(key="revision", value=value))
                    facts: dict[str, str | int | float] = {
                        "created_at": str(manifest.get("created_at"))[:40],
                        "documents": counts["versions"],
                    }
                    audit.note(connection, "imported", actor=by, facts=facts)
                _read_back(store)
                store.database.settle()
            corpus = {name: own.data_dir / "corpus" / name for name in members if archive.is_corpus(name)}
            images = {name: own.images_dir / archive.image_of(name) for name in members if archive.image_of(name)}
            _write(zipped, members, {**corpus, **images})
            has_corpus = bool(corpus)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError) as error:
        raise ArchiveError(f"{file.name} is damaged or no zip file: {error}.", remedy=_AGAIN) from error
    except FileNotFoundError as error:
        raise ArchiveError(f"There is no file {file}.", remedy="Check its name.") from error
    except OSError as error:
        raise ArchiveError(f"The import stopped: {error.strerror}.", remedy="Make room, then try again.") from error
    return Imported(
        documents=counts["versions"],
        passages=counts["passages"],
        created_at=str(manifest.get("created_at"))[:40],
        corpus=settings.data_dir / "corpus" if has_corpus else None,
    )


def _manifest(zipped: zipfile.ZipFile, file: Path) -> Mapping[str, object]:
    """The manifest of a zip whose table of contents can be trusted."""
    infos = zipped.infolist()
    if len(infos) > _MOST_MEMBERS or len({info.filename for info in infos}) != len(infos):
        raise _refused("the same file stands in it twice, or there are too many")
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not archive.is_known(info.filename) or info.orig_filename != info.filename:
            raise _refused(f"a library has no file {info.filename!r:.80}")
        if kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
            raise _refused(f"{info.filename} is no plain file")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(f"{info.filename} is packed in a way that is not read")
        if info.file_size > _MOST_RATIO * info.compress_size + 10_000:
            raise _refused(f"{info.filename} unpacks to {info.file_size:,} bytes from {info.compress_size:,}")
    ends = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < ends:
            raise _refused("files overlap in it")
        ends = info.header_offset + info.compress_size
    if archive.MANIFEST not in {info.filename for info in infos}:
        raise _refused(f"it has no {archive.MANIFEST}")
    if zipped.getinfo(archive.MANIFEST).file_size > _MOST_MANIFEST_BYTES:
        raise _refused(f"its {archive.MANIFEST} is too large")
    try:
        manifest = json.loads(zipped.read(archive.MANIFEST))
    except (ValueError, RecursionError) as error:
        raise _refused(f"its {archive.MANIFEST} cannot be understood") from error
    if not isinstance(manifest, dict) or manifest.get("format") != archive.FORMAT:
        raise _refused("it does not say that it is one")
    if not isinstance(manifest.get("version"), int) or manifest["version"] > archive.FORMAT_VERSION:
        raise ArchiveError(
            f"{file.name} was exported by a newer release (format {manifest.get('version')!r:.20}).",
            remedy="Install that release, then import it. Nothing was imported.",
        )
    return manifest


def _members(zipped: zipfile.ZipFile, manifest: Mapping[str, object], folder: Path) -> Mapping[str, Member]:
    """The members by name, as the manifest and the zip agree on them."""
    listed = manifest.get("files")
    try:
        members = {name: Member(**facts) for name, facts in listed.items()}  # type: ignore[attr-defined]
    except (AttributeError, TypeError) as error:
        raise _refused("its list of files cannot be understood") from error
    sizes = {info.filename: info.file_size for info in zipped.infolist() if info.filename != archive.MANIFEST}
    if {name: member.size_bytes for name, member in members.items()} != sizes:
        raise _refused("its list of files and the files do not agree")
    needed, free = sum(sizes.values()), shutil.disk_usage(folder).free
    if needed * 2 > free:
        raise ArchiveError(
            f"The library needs {needed * 2 / 1e6:,.0f} MB on disk; {free / 1e6:,.0f} MB are free.",
            remedy="Make room, or name a folder on another disk. Nothing was imported.",
        )
    lacking = [name for name in map(archive.table_name, archive.TABLES) if name not in members]
    if lacking:
        raise _refused(f"it has no {lacking[0]}")
    return members


class _Verified:
    """A member that is read to its end, held against its checksum."""

    def __init__(self, stream: IO[bytes], name: str, member: Member) -> None:
        self._stream, self._name, self._member = stream, name, member
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        return self._seen(self._stream.read(size))

    def lines(self) -> Iterator[bytes]:
        while line := self._seen(self._stream.readline(_MOST_LINE_BYTES + 1)):
            if len(line) > _MOST_LINE_BYTES:
                raise _refused(f"a line of {self._name} is too long")
            yield line

    def verify(self) -> None:
        """Raise `ArchiveError` where what was read is not what the manifest says."""
        if self._digest.hexdigest() != self._member.sha256:
            raise _refused(f"{self._name} is not what it was when it was exported")

    def _seen(self, block: bytes) -> bytes:
        self._digest.update(block)
        return block


def _load_files(zipped: zipfile.ZipFile, members: Mapping[str, Member], store: Store, on_progress: OnProgress) -> None:
    names = [name for name in members if archive.version_of(name)]
    for done, name in enumerate(names, 1):
        with zipped.open(name) as stream:
            held = _Verified(stream, name, members[name])
            store.files.add(held)  # type: ignore[arg-type]  # all it does is read
            held.verify()
        on_progress("Files", done, len(names))


def _load_table(
    zipped: zipfile.ZipFile,
    members: Mapping[str, Member],
    table: Table,
    connection: Connection,
    on_progress: OnProgress,
) -> int:
    name = archive.table_name(table)
    block: list[dict[str, object]] = []
    count = held_bytes = 0

    def flush() -> None:
        if block:
            try:
                connection.execute(insert(table), block)
            except IntegrityError as error:
                raise _refused(f"rows of {name} contradict each other ({error.orig})") from error
            block.clear()

    with zipped.open(name) as stream:
        held = _Verified(stream, name, members[name])
        for line in held.lines():
            count += 1
            row = archive.read(table, line, count)
            if block and row.keys() != block[0].keys():
                flush()
            block.append(row)
            held_bytes += len(line)
            if len(block) == _ROWS or held_bytes > _BLOCK_BYTES:
                flush()
                held_bytes = 0
                on_progress(table.name.capitalize(), count, 0)
        flush()
        held.verify()
    return count


def _check(connection: Connection, store: Store, members: Mapping[str, Member]) -> None:
    """Raise `ArchiveError` where rows are each possible, but together no library."""
    v, p, pages = schema.versions.c, schema.passages.c, schema.pages.c
    for row in connection.execute(select(schema.versions)):
        name = archive.file_name(row.id, row.media_type)
        is_right = len(row.sha256) == 64 and set(row.sha256) <= set("0123456789abcdef")
        if not is_right or version_id_of(row.sha256) != row.id or not store.files.has(row.sha256):
            raise _refused(f"the edition {row.id!r:.40} has no file of its own")
        if name not in members or members[name].sha256 != row.sha256 or row.media_type not in MEDIA_TYPES.values():
            raise _refused(f"{name!r:.60} is not the file of its edition")
        if row.country not in get_args(Country) or row.document_type not in get_args(DocumentType):
            raise _refused(f"the edition {row.id} is of no known country or kind")
        if not all(isinstance(value, str) for value in json.loads(row.extra).values()):
            raise _refused(f"the remarks on the edition {row.id} cannot be understood")
    texts: dict[int, str] = {}
    of = ""
    query = select(schema.passages).where(p.retired_revision.is_(None)).order_by(p.version_id, p.ordinal)
    for row in connection.execute(query.execution_options(yield_per=_ROWS)):
        if row.version_id != of:
            of = row.version_id
            held = connection.execute(select(pages.number, pages.text).where(pages.version_id == of))
            texts = {number: text for number, text in held}  # noqa: C416  a row is no pair to the type checker
        if row.language not in LANGUAGES or texts.get(row.page or 1, "")[row.start : row.end] != row.text:
            raise _refused(f"the passage {row.id!r:.40} does not stand on its page")
    digests = set(connection.scalars(select(v.sha256)))
    if store.files.all() != digests:
        raise _refused("it has files that belong to no edition")


def _read_back(store: Store) -> None:
    """Read what came in as everything else will; raises `ArchiveError` where that is not possible."""
    try:
        for version in store.versions.list_all():
            store.receipts.of_version(version.id)
            store.passages.list(version.id)
        store.receipts.problems()
        store.audit.list()
        store.withdrawals.all_standing()
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise _refused(f"a row cannot be understood ({error!r:.80})") from error


def _write(zipped: zipfile.ZipFile, members: Mapping[str, Member], places: Mapping[str, Path]) -> None:
    """Write members to their places: playbook, glossary, catalogue and images."""
    for name, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        with zipped.open(name) as stream, place.open("wb") as out:
            held = _Verified(stream, name, members[name])
            while block := held.read(1 << 20):
                out.write(block)
            held.verify()


def _refused(why: str) -> ArchiveError:
    return ArchiveError(f"The file is not an export of a library that can be trusted: {why}.", remedy=_AGAIN)
