"""Saving what was read: one transaction makes a document whole and visible, or leaves everything as it was."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from kb.errors import KbError
from kb.ingest.admission import deleted
from kb.ingest.editions import settle_place, supersede_named
from kb.ingest.parse.parsed import Parsed
from kb.model.corrections import Origins
from kb.model.passages import Page, Passage, PlacedHeading
from kb.model.receipts import Receipt
from kb.model.works import Metadata, Version
from kb.store import Store, corrections, deletions, passages, receipts, schema, sources, versions
from kb.store.database import next_revision, now
from kb.store.former_works import present_id
from kb.store.origins import replace_origins
from kb.store.pages import replace_pages
from kb.store.sketches import save_sketch

_V = schema.versions.c


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read and cut and waits for its vectors. `hashes` are the keys of its passages' embeddings.

    Everything is counted here, before the write lock is taken.
    """

    source: sources.Source
    size_bytes: int
    word_count: int
    work_name: str
    slug: str
    metadata: Metadata
    origins: Origins
    sketch: NDArray[np.uint32]
    parsed: Parsed
    passages: tuple[Passage, ...]
    hashes: tuple[str, ...]
    started: float


def version_id_of(sha256: str) -> str:
    """Id of the version with these bytes: 12 lower-case letters and digits."""
    return base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:12]


def publish_reading(store: Store, reading: Reading) -> Receipt:
    """Save a reading whose vectors are saved already; gives its receipt.

    The version that stood at the same place before becomes superseded, unless it stands in another folder too. Raises
    `DeletedError` where the version was deleted for good while it was read.
    """
    source = reading.source
    with store.database.write() as connection:
        revision = next_revision(connection)
        before = sources.last_version(connection, source.collection, source.path)
        held = connection.execute(select(_V.work_id).where(_V.id == source.version_id)).one_or_none()
        reading = _as_corrected(connection, reading)
        if held is None:
            if deletions.is_refused(connection, source.version_id):
                raise deleted(source.version_id)
            _insert_version(connection, reading, before)
        else:
            versions.set_metadata(connection, source.version_id, reading.metadata, path=source.path, slug=reading.slug)
            versions.set_counts(connection, source.version_id, **_counts(reading)._asdict())
            if reading.work_name and reading.work_name != held.work_id:
                versions.set_work(connection, source.version_id, reading.work_name)
        replace_pages(
            connection,
            source.version_id,
            (Page(p.number, p.text, p.language, p.label, p.source) for p in reading.parsed.pages),
            (PlacedHeading(h.level, h.title, p.number, h.start) for p in reading.parsed.pages for h in p.headings),
        )
        passages.replace_passages(
            connection, source.version_id, reading.metadata.title, reading.passages, revision=revision
        )
        replace_origins(connection, source.version_id, reading.origins)
        save_sketch(connection, source.version_id, reading.sketch)
        sources.save(connection, source)
        supersede_named(connection, source.version_id, reading.metadata)
        settle_place(connection, source, before)
        receipt = _receipt(reading, updated=held is not None or bool(before))
        receipts.save(connection, source.collection, receipt)
    return receipt


def still_known(store: Store, source: sources.Source) -> Receipt | None:
    """Receipt of a file that has not changed since it was read, None where it has to be read."""
    with store.database.read() as connection:
        unchanged = sources.at(connection, source.collection, source.path) == source
    return _unchanged(store, source) if unchanged else None


def link_known(store: Store, source: sources.Source) -> Receipt | None:
    """Note one more place of bytes that are held; gives a receipt, None where they have to be read.

    What is known of them stays as it is: whoever adds a copy does not describe the document anew. Only a file that
    moved within its collection, or that changes back, is read again.
    """
    with store.database.write() as connection:
        held = connection.execute(select(_V.id).where(_V.id == source.version_id)).first()
        before = sources.last_version(connection, source.collection, source.path)
        if held is None or before == source.version_id:
            return None
        moved = before or sources.stood_in(connection, source.collection, source.version_id)
        if moved and not sources.places_of(connection, source.version_id):
            return None
        sources.save(connection, source)
        settle_place(connection, source, before)
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


def _as_corrected(connection: Connection, reading: Reading) -> Reading:
    """`reading` with what was corrected since it was described; its title stays the one its passages have vectors for.

    A title that was corrected meanwhile is waiting to be taken over (see `kb.ingest.retitle`).
    """
    version_id = reading.source.version_id
    corrected = replace(corrections.overlay(connection, version_id, reading.metadata), title=reading.metadata.title)
    told = present_id(connection, reading.work_name) if reading.work_name else ""  # files go on saying the former id
    work_name = corrections.corrected_work(connection, version_id) or told
    return replace(reading, metadata=corrected, work_name=work_name)


def _insert_version(connection: Connection, reading: Reading, before: str) -> None:
    source = reading.source
    work_id = reading.work_name or source.version_id
    if before and not reading.work_name:  # the file changed in its place: a new edition of the same work
        work_id = connection.scalar(select(_V.work_id).where(_V.id == before)) or work_id
    versions.insert_version(
        connection,
        Version(
            id=source.version_id,
            work_id=work_id,
            sha256=source.sha256,
            path=source.path,
            media_type=reading.parsed.media_type,
            size_bytes=reading.size_bytes,
            status="current",
            metadata=reading.metadata,
            added_at=now(),
            slug=reading.slug,
            **_counts(reading)._asdict(),
        ),
    )


def _unchanged(store: Store, source: sources.Source) -> Receipt | None:
    receipt = store.receipts.of_version(source.version_id)
    return replace(receipt, path=source.path, outcome="unchanged", took_s=0.0) if receipt else None


class _Counts(NamedTuple):
    page_count: int | None
    passage_count: int
    word_count: int


def _counts(reading: Reading) -> _Counts:
    return _Counts(
        page_count=len(reading.parsed.pages) if reading.parsed.paged else None,
        passage_count=len(reading.passages),
        word_count=reading.word_count,
    )


def _receipt(reading: Reading, *, updated: bool) -> Receipt:
    parsed = reading.parsed
    read = [page for page in parsed.pages if page.text]
    in_language: dict[str, list[int]] = {}
    for page in read:
        in_language.setdefault(page.language, []).append(page.number)
    return Receipt(
        path=reading.source.path,
        outcome="updated" if updated else "added",
        version_id=reading.source.version_id,
        title=reading.metadata.title,
        pages=len(parsed.pages) if parsed.paged else 0,
        passages=len(reading.passages),
        characters=sum(len(page.text) for page in read),
        words=reading.word_count,
        languages=dict(Counter(page.language for page in read)),
        language_pages={each: tuple(numbers) for each, numbers in in_language.items()} if parsed.paged else {},
        pages_without_text=parsed.pages_without_text,
        blank_pages=parsed.blank_pages,
        ocr_pages=tuple(page.number for page in read if page.source == "ocr"),
        ocr=parsed.ocr,
        garbled_pages=parsed.garbled_pages,
        garbled_example=parsed.garbled_example,
        pictures=parsed.pictures,
        tables=parsed.tables,
        notices=parsed.notices,
        took_s=round(time.perf_counter() - reading.started, 3),
    )
