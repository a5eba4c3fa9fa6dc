"""Saving what was read: one transaction makes a document whole and visible, or leaves everything as it was."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from kb.errors import KbError
from kb.ingest.parse.parsed import Parsed
from kb.model.passages import Page, Passage
from kb.model.receipts import Receipt
from kb.model.works import EditionStatus, Metadata, Version
from kb.store import Store, embeddings, passages, receipts, schema, sources, versions
from kb.store.database import next_revision, now
from kb.store.pages import PlacedHeading, replace_pages
from kb.text.words import terms


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read and cut and waits for its vectors. `hashes` are the keys of its passages' embeddings."""

    collection: str
    path: str
    sha256: str
    fingerprint: str
    size_bytes: int
    version_id: str
    work_name: str
    slug: str
    metadata: Metadata
    parsed: Parsed
    passages: tuple[Passage, ...]
    hashes: tuple[str, ...]
    started: float


def version_id_of(sha256: str) -> str:
    """Id of the version with these bytes: 12 lower-case letters and digits."""
    return base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:12]


def publish_reading(
    store: Store, model_id: str, reading: Reading, vectors: Mapping[str, NDArray[np.float32]]
) -> Receipt:
    """Save a reading and the vectors that are new; gives its receipt.

    The version that stood at the same place before becomes superseded, unless it stands elsewhere too.
    """
    with store.database.write() as connection:
        revision = next_revision(connection)
        before = sources.last_version(connection, reading.collection, reading.path)
        held = connection.execute(
            select(schema.versions.c.work_id, schema.versions.c.added_at).where(
                schema.versions.c.id == reading.version_id
            )
        ).one_or_none()
        if held is None:
            _insert_version(connection, reading, before)
        else:
            versions.set_metadata(
                connection, reading.version_id, reading.metadata, path=reading.path, slug=reading.slug
            )
            versions.set_counts(connection, reading.version_id, **_counts(reading)._asdict())
        versions.set_status(connection, reading.version_id, _status(connection, reading))
        replace_pages(
            connection,
            reading.version_id,
            (Page(p.number, p.text, p.language, p.label) for p in reading.parsed.pages),
            (PlacedHeading(h.level, h.title, p.number, h.start) for p in reading.parsed.pages for h in p.headings),
        )
        new = [hashed for hashed in dict.fromkeys(reading.hashes) if hashed in vectors]
        if new:
            embeddings.save(connection, model_id, new, np.stack([vectors[hashed] for hashed in new]))
        passages.replace_passages(
            connection, reading.version_id, reading.metadata.title, reading.passages, revision=revision
        )
        sources.save(
            connection,
            sources.Source(reading.collection, reading.path, reading.sha256, reading.fingerprint, reading.version_id),
        )
        _retire_predecessors(connection, reading, before)
        receipt = _receipt(reading, updated=held is not None or bool(before))
        receipts.save(connection, reading.collection, receipt)
    return receipt


def still_known(store: Store, source: sources.Source) -> Receipt | None:
    """Receipt of a file that has not changed since it was read, None where it has to be read."""
    with store.database.read() as connection:
        unchanged = sources.at(connection, source.collection, source.path) == source
    return _unchanged(store, source) if unchanged else None


def link_known(store: Store, source: sources.Source) -> Receipt | None:
    """Note one more place of bytes that stand at another; gives a receipt, None where they have to be read.

    What is known of them stays as it is: whoever adds a copy does not describe the document anew.
    """
    with store.database.write() as connection:
        before = sources.last_version(connection, source.collection, source.path)
        if before == source.version_id or not sources.places_of(connection, source.version_id):
            return None
        sources.save(connection, source)
        _supersede(connection, before)
        next_revision(connection)
    return _unchanged(store, source)


def publish_failure(store: Store, collection: str, path: str, error: KbError, started: float) -> Receipt:
    """Keep a receipt that says why a file was not read; what the library held of it before stays."""
    receipt = Receipt(
        path=path,
        outcome="failed",
        problem=error.code,
        message=str(error),
        facts=error.facts,
        took_s=round(time.perf_counter() - started, 3),
    )
    with store.database.write() as connection:
        receipts.save(connection, collection, receipt)
    return receipt


def note_missing(store: Store, collection: str, present: Set[str]) -> None:
    """Note which files are no longer in a collection, so that one that moved is not taken for a copy."""
    with store.database.write() as connection:
        sources.mark_gone(connection, collection, but=present)


def retire_missing(store: Store, collection: str) -> Sequence[Receipt]:
    """Retire the versions of a collection that stand nowhere any more; their links keep working."""
    retired: list[Receipt] = []
    with store.database.write() as connection:
        for source in sources.gone(connection, collection):
            version = store.versions.get(source.version_id)
            places = sources.places_of(connection, version.id)
            if places and version.path not in places:
                versions.set_path(connection, version.id, places[0])
            elif not places and version.status != "retired" and version.id not in {r.version_id for r in retired}:
                versions.set_status(connection, version.id, "retired")
                retired.append(Receipt(path=version.path, outcome="retired", version_id=version.id))
        if retired:
            next_revision(connection)
    return retired


def _insert_version(connection: Connection, reading: Reading, before: str) -> None:
    work_id = reading.work_name or reading.version_id
    if before and not reading.work_name:  # the file changed in its place: a new edition of the same work
        work_id = connection.scalar(select(schema.versions.c.work_id).where(schema.versions.c.id == before)) or work_id
    versions.insert_version(
        connection,
        Version(
            id=reading.version_id,
            work_id=work_id,
            sha256=reading.sha256,
            path=reading.path,
            media_type=reading.parsed.media_type,
            size_bytes=reading.size_bytes,
            status="current",
            metadata=reading.metadata,
            added_at=now(),
            slug=reading.slug,
            **_counts(reading)._asdict(),
        ),
    )


def _status(connection: Connection, reading: Reading) -> EditionStatus:
    """`superseded` where a version that is already here says that it replaces this one."""
    names = [reading.version_id, *([reading.work_name] if reading.work_name else [])]
    others = schema.versions.c.id != reading.version_id
    newer = connection.scalar(
        select(schema.versions.c.id).where(schema.versions.c.supersedes.in_(names), others).limit(1)
    )
    return "superseded" if newer else "current"


def _unchanged(store: Store, source: sources.Source) -> Receipt | None:
    receipt = store.receipts.of_version(source.version_id)
    return replace(receipt, path=source.path, outcome="unchanged", took_s=0.0) if receipt else None


def _supersede(connection: Connection, version_id: str) -> None:
    """Mark a version whose place was taken by another, unless it stands elsewhere too."""
    if version_id and not sources.places_of(connection, version_id):
        versions.set_status(connection, version_id, "superseded")


def _retire_predecessors(connection: Connection, reading: Reading, before: str) -> None:
    if before != reading.version_id:
        _supersede(connection, before)
    if reading.metadata.supersedes:
        older = connection.scalars(
            select(schema.versions.c.id).where(
                (schema.versions.c.work_id == reading.metadata.supersedes)
                | (schema.versions.c.id == reading.metadata.supersedes),
                schema.versions.c.status == "current",
                schema.versions.c.id != reading.version_id,
            )
        ).all()
        for version_id in older:
            versions.set_status(connection, version_id, "superseded")


class _Counts(NamedTuple):
    page_count: int | None
    passage_count: int
    word_count: int


def _counts(reading: Reading) -> _Counts:
    return _Counts(
        page_count=len(reading.parsed.pages) if reading.parsed.paged else None,
        passage_count=len(reading.passages),
        word_count=sum(term.kind != "identifier" for page in reading.parsed.pages for term in terms(page.text)),
    )


def _receipt(reading: Reading, *, updated: bool) -> Receipt:
    read = [page for page in reading.parsed.pages if page.text]
    return Receipt(
        path=reading.path,
        outcome="updated" if updated else "added",
        version_id=reading.version_id,
        title=reading.metadata.title,
        pages=len(reading.parsed.pages) if reading.parsed.paged else 0,
        passages=len(reading.passages),
        characters=sum(len(page.text) for page in read),
        languages=dict(Counter(page.language for page in read)),
        pages_without_text=reading.parsed.pages_without_text,
        notices=reading.parsed.notices,
        took_s=round(time.perf_counter() - reading.started, 3),
    )
