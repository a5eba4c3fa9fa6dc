"""Exporting a library as one open zip, a piece at a time: memory stays small however large the library is."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, Select, Table, and_, select

from kb.errors import ArchiveError
from kb.library import archive
from kb.library.archive import Member
from kb.settings import Settings
from kb.store import Store, schema, withdrawals
from kb.store.database import now, revision

_BLOCK_BYTES = 1 << 18
_ROWS = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheet programs would run; it gets an apostrophe in front."""

_V = schema.versions.c
_DESCRIBED = ("title", "language", "publisher", "country", "document_type", "published", "licence", "source_url")


class _Pipe(io.RawIOBase):
    """What a zip is written into, to be taken out in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]  # any buffer
        self._held += block
        return len(block)

    def taken(self) -> bytes:
        """What was written since this was called last."""
        held = bytes(self._held)
        self._held.clear()
        return held


def export(settings: Settings, store: Store, *, with_withdrawn: bool = True) -> Iterator[bytes]:
    """The bytes of the zip, in pieces of at most some hundred kilobytes; it is whole when they have all been taken.

    One consistent state of the library, whoever writes meanwhile. Without `with_withdrawn` nothing of a withdrawn
    document is in it. Raises `ArchiveError` where a file of the library is missing or harmed.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        writer = _Writer(zipped, pipe)
        with store.database.read() as connection:
            hidden: Sequence[str] = () if with_withdrawn else withdrawals.are_standing(connection)
            yield from writer.member(archive.README, [_readme()])
            counts: dict[str, int] = {}
            for table in archive.TABLES:
                lines = _Counted(_lines(connection, table, hidden))
                yield from writer.member(archive.table_name(table), lines)
                counts[table.name] = lines.count
            yield from writer.member(archive.CSV, _spreadsheet(connection, hidden))
            yield from writer.member(archive.QUESTIONS, [])
            for name, path in _corpus(settings):
                yield from writer.member(name, _blocks(path))
            for name, text in _pages(connection):
                yield from writer.member(name, [text.encode()])
            for name in connection.scalars(select(schema.playbook_images.c.name).order_by("name")):
                image = settings.images_dir / name
                if archive.image_of(f"images/{name}") and image.is_file():
                    yield from writer.member(f"images/{name}", _blocks(image), packed=False)
            versions = connection.execute(_shown(schema.versions, hidden)).mappings().all()
            for version in versions:
                path = store.files.path(version["sha256"])
                name = archive.file_name(version["id"], version["media_type"])
                yield from writer.member(
                    name, _whole(path, dict(version)), packed=version["media_type"] != "application/pdf"
                )
            manifest = {
                "format": archive.FORMAT,
                "version": archive.FORMAT_VERSION,
                "created_at": now(),
                "revision": revision(connection),
                "is_complete": not hidden,
                "counts": counts,
                "files": {name: asdict(member) for name, member in writer.members.items()},
            }
        yield from writer.member(archive.MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
    yield pipe.taken()


class _Writer:
    """Writes members one after the other and keeps what the manifest says of them."""

    def __init__(self, zipped: zipfile.ZipFile, pipe: _Pipe) -> None:
        self._zipped, self._pipe = zipped, pipe
        self._moment = datetime.now(UTC).timetuple()[:6]
        self.members: dict[str, Member] = {}

    def member(self, name: str, blocks: Iterable[bytes], *, packed: bool = True) -> Iterator[bytes]:
        """Write one member; gives the bytes of the zip as they come."""
        info = zipfile.ZipInfo(name, self._moment)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        digest, size_bytes = hashlib.sha256(), 0
        with self._zipped.open(info, "w", force_zip64=True) as out:
            for block in blocks:
                out.write(block)
                digest.update(block)
                size_bytes += len(block)
                if piece := self._pipe.taken():
                    yield piece
        self.members[name] = Member(size_bytes, digest.hexdigest())
        yield self._pipe.taken()


class _Counted:
    """Lines joined into blocks, and how many there were."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self.count = lines, 0

    def __iter__(self) -> Iterator[bytes]:
        block = bytearray()
        for line in self._lines:
            self.count += 1
            block += line
            if len(block) >= _BLOCK_BYTES:
                yield bytes(block)
                block.clear()
        yield bytes(block)


def _lines(connection: Connection, table: Table, hidden: Sequence[str]) -> Iterator[bytes]:
    rows = connection.execute(_shown(table, hidden).execution_options(yield_per=_ROWS)).mappings()
    for row in rows:
        told = _without_folders(table, dict(row))
        if told is not None:
            yield archive.written(table, told)


def _shown(table: Table, hidden: Sequence[str]) -> Select[tuple[object, ...]]:
    """Rows of a table by its key, without those that tell of `hidden` versions."""
    query = select(table).order_by(*table.primary_key.columns)
    if not hidden:
        return query
    if table is schema.versions:
        return query.where(_V.id.not_in(hidden))
    if table in (schema.works, schema.former_works):
        work = table.c.id if table is schema.works else table.c.work_id
        return query.where(work.in_(select(_V.work_id).where(_V.id.not_in(hidden))))
    if table is schema.receipts:  # of what was not read nothing tells whether it was withdrawn
        return query.where(table.c.version_id.is_not(None), table.c.version_id.not_in(hidden))
    if table is schema.audit:
        return query.where(table.c.subject.not_in(hidden))
    if "version_id" in table.c and table is not schema.deletions:
        return query.where(table.c.version_id.is_(None) | table.c.version_id.not_in(hidden))
    return query


def _without_folders(table: Table, row: Mapping[str, object]) -> Mapping[str, object] | None:
    """A row without folders of this computer, which mean nothing elsewhere; None where nothing else is in it."""
    if "collection" not in table.c or not Path(str(row["collection"])).is_absolute():
        return row
    return None if table is schema.sources else {**row, "collection": Path(str(row["collection"])).name}


def _spreadsheet(connection: Connection, hidden: Sequence[str]) -> Iterator[bytes]:
    """Documents as CSV, UTF-8 with the mark that spreadsheet programs look for."""
    heads = (*_DESCRIBED, "edition", "supersedes", "pages", "added", "permanent_link", "file", "sha256")
    yield b"\xef\xbb\xbf" + _csv_line(heads)
    for row in connection.execute(_shown(schema.versions, hidden).execution_options(yield_per=_ROWS)).mappings():
        link = f"/d/{row['work_id']}/{row['id']}"
        file = archive.file_name(row["id"], row["media_type"])
        cells = [*(row[name] for name in _DESCRIBED), row["status"], row["supersedes"], row["page_count"]]
        yield _csv_line([*cells, row["added_at"], link, file, row["sha256"]])


def _csv_line(cells: Iterable[object]) -> bytes:
    out = io.StringIO()
    plain = ["" if cell is None else str(cell) for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in plain])
    return out.getvalue().encode()


def _corpus(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Glossary and catalogue, where they are."""
    for name, path in (
        (archive.GLOSSARY, settings.glossary_path),
        (archive.CATALOGUE, settings.corpus_dir / archive.CATALOGUE),
    ):
        if path.is_file():
            yield name, path


def _pages(connection: Connection) -> Iterator[tuple[str, str]]:
    """Published pages of the playbook that are not deleted, as the files they are elsewhere."""
    p, b, r = schema.playbook_pages.c, schema.playbook_bodies.c, schema.playbook_revisions.c
    is_published = and_(r.page_id == b.page_id, r.language == b.language, r.number == b.published)
    for row in connection.execute(
        select(b.language, p.slug, r.text)
        .join_from(schema.playbook_bodies, schema.playbook_revisions, is_published)
        .join(schema.playbook_pages, p.id == b.page_id)
        .where(p.deleted_at == "")
        .order_by(b.language, p.slug)
    ):
        yield f"playbook/{row.language}/{row.slug}.md", row.text


def _whole(path: Path, version: Mapping[str, object]) -> Iterator[bytes]:
    """The bytes of a version; raises `ArchiveError` at their end where they are not what they were."""
    digest = hashlib.sha256()
    try:
        for block in _blocks(path):
            digest.update(block)
            yield block
    except FileNotFoundError:
        digest = hashlib.sha256()
    if digest.hexdigest() != version["sha256"]:
        raise ArchiveError(
            f"The file of “{version['title']}” is missing or damaged, so the export is not complete.",
            remedy="Run python -m kb doctor, repair the library, then export it again.",
        )


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            yield block


def _readme() -> bytes:
    return (resources.files("kb.library") / "export_readme.txt").read_bytes()
