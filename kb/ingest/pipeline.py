"""The way of a file into the library: read, cut, embed, save; one transaction a file, vectors made in batches."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self

from kb.embedding.embedder import Embedder
from kb.errors import DeletedError, KbError, UnreadableDocumentError
from kb.index.threads import one_thread_each
from kb.index.vectors import BATCH_PASSAGES, Wanted, embed_missing
from kb.ingest.admission import require_admitted
from kb.ingest.collections import PLAYBOOK, Collection, Entry
from kb.ingest.describe import describe, work_name
from kb.ingest.likeness import sketch_of
from kb.ingest.parse import refusals
from kb.ingest.parse.parsed import Parsed
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.passages import cut
from kb.ingest.publish import (
    Reading,
    link_known,
    note_missing,
    publish_failure,
    publish_reading,
    retire_missing,
    still_known,
    version_id_of,
)
from kb.ingest.reading import reader
from kb.model.passages import embedded_text
from kb.model.receipts import Receipt
from kb.settings import Settings
from kb.store import Store, corrections, deletions
from kb.store.files import sha256_of
from kb.store.passages import text_hash
from kb.store.sources import Source
from kb.text.language import LANGUAGES
from kb.text.words import terms

PIPELINE = 4
"""Raised when reading, cutting or embedding changes what is stored, so that everything is read again."""

Stage = Literal["reading", "embedding", "saving"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files finished of all, and the present file with pages or passages done of all."""

    file: str
    stage: Stage
    done: int
    total: int
    files_done: int
    files_total: int


class Pipeline:
    """Reads files into one library. A context manager: it keeps one parsing process for all its files.

    A `parser` that is given is used instead, and left running.
    """

    def __init__(
        self, settings: Settings, store: Store, embedder: Embedder, *, parser: ParserProcess | None = None
    ) -> None:
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._parser = parser or ParserProcess(settings)
        self._is_parser_ours = parser is None
        self._reader = reader(settings, self._parser)
        one_thread_each()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_parser_ours:
            self._parser.close()

    def ingest(
        self, collection: Collection, *, on_progress: Callable[[Progress], None] = lambda _: None
    ) -> Sequence[Receipt]:
        """Bring the library up to date with a collection; gives one receipt a file, in order.

        A file that cannot be read leaves a failed receipt and whatever the library held of it before. Files that went
        away are retired when the collection is complete.
        """
        receipts: list[Receipt] = []
        waiting: list[Reading] = []
        total = len(collection.entries)
        if collection.complete:
            note_missing(self._store, collection.name, {entry.path for entry in collection.entries})

        def report(file: str, stage: Stage, done: int, of: int) -> None:
            on_progress(Progress(file, stage, done, of, len(receipts), total))

        for entry in collection.entries:
            started = time.perf_counter()
            try:
                sha256, size_bytes = self._stored(entry.file)
                fingerprint = self._fingerprint(sha256, entry.described)
                source = Source(collection.name, entry.path, sha256, fingerprint, version_id_of(sha256))
                require_admitted(self._store, source.version_id)
                if any(reading.source.version_id == source.version_id for reading in waiting):
                    receipts += self._flush(waiting, report)
                    waiting.clear()
                known = still_known(self._store, source) or link_known(self._store, source)
                if known is not None and not self._reader.could_read_more(known):
                    receipts.append(known)
                    continue
                report(entry.path, "reading", 0, 0)
                parsed = self._reader.read(
                    self._store.files.path(sha256),
                    filename=Path(entry.path).name,
                    known=self._store.pages.by_ocr(source.version_id),
                    on_progress=partial(report, entry.path, "reading"),
                )
                waiting.append(self._reading(entry, source, size_bytes, parsed, started))
            except KbError as error:
                receipts.append(publish_failure(self._store, collection.name, entry.path, error, started))
            except OSError as error:
                problem = UnreadableDocumentError(
                    f"The file could not be opened: {error.strerror}.", remedy="Check that it is there and readable."
                )
                receipts.append(publish_failure(self._store, collection.name, entry.path, problem, started))
            if sum(len(reading.passages) for reading in waiting) >= BATCH_PASSAGES:
                receipts += self._flush(waiting, report)
                waiting.clear()
        receipts += self._flush(waiting, report)
        if collection.complete:
            receipts += retire_missing(self._store, collection.name)
        order = {entry.path: number for number, entry in enumerate(collection.entries)}
        return sorted(receipts, key=lambda receipt: order.get(receipt.path, total))

    def _stored(self, file: Path) -> tuple[str, int]:
        """SHA-256 and size of the bytes of `file` that the file store holds now.

        Only those are read from here on: the file itself may change at any moment.
        """
        if file.stat().st_size > self._settings.max_upload_mb * 1_000_000:
            raise refusals.too_large(self._settings.max_upload_mb)
        sha256 = sha256_of(file)
        if not self._store.files.is_whole(sha256):
            with file.open("rb") as stream:
                return self._store.files.add(stream)
        return sha256, self._store.files.path(sha256).stat().st_size

    def _reading(self, entry: Entry, source: Source, size_bytes: int, parsed: Parsed, started: float) -> Reading:
        passages = cut(
            parsed,
            version_id=source.version_id,
            count_tokens=self._embedder.count_tokens,
            max_tokens=self._settings.passage_tokens,
            overlap_tokens=self._settings.passage_overlap_tokens,
        )
        description = describe(entry.described, parsed, entry.path)
        with self._store.database.read() as connection:
            metadata = corrections.overlay(connection, source.version_id, description.metadata)
        named = str(entry.described.get("id") or parsed.front_matter.get("id") or "")
        return Reading(
            source=source,
            size_bytes=size_bytes,
            word_count=sum(term.kind != "identifier" for page in parsed.pages for term in terms(page.text)),
            work_name=work_name(named),
            slug=_playbook_slug(entry.path),
            metadata=metadata,
            origins=description.origins,
            sketch=sketch_of(page.text for page in parsed.pages),
            parsed=parsed,
            passages=passages,
            hashes=tuple(text_hash(embedded_text(metadata.title, passage)) for passage in passages),
            started=started,
        )

    def _flush(self, readings: Sequence[Reading], report: Callable[[str, Stage, int, int], None]) -> list[Receipt]:
        texts = {
            hashed: Wanted(embedded_text(reading.metadata.title, passage), passage.language)
            for reading in readings
            for hashed, passage in zip(reading.hashes, reading.passages, strict=True)
        }
        name = readings[0].source.path if len(readings) == 1 else ""
        embed_missing(self._store.database, self._embedder, texts, partial(report, name, "embedding"))
        if readings:
            report(name, "saving", 0, 0)  # the last moment at which whoever is told may stop it
        receipts = [self._published(reading) for reading in readings]
        if any(receipt.outcome == "failed" for receipt in receipts):
            with self._store.database.write() as connection:  # of what was deleted for good meanwhile nothing stays
                deletions.forget_vectors(connection, texts.keys())
        return receipts

    def _published(self, reading: Reading) -> Receipt:
        try:
            return publish_reading(self._store, reading)
        except DeletedError as error:
            source = reading.source
            return publish_failure(self._store, source.collection, source.path, error, reading.started)

    def _fingerprint(self, sha256: str, described: Mapping[str, str]) -> str:
        parts = {
            "pipeline": PIPELINE,
            "sha256": sha256,
            "described": dict(described),
            "model": self._embedder.model_id,
            "tokens": [self._settings.passage_tokens, self._settings.passage_overlap_tokens],
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _playbook_slug(path: str) -> str:
    """Slug of a playbook page, told by its place `playbook/<language>/<slug>.md`; empty for any other file."""
    first, language, *rest = (*PurePosixPath(path).with_suffix("").parts, "", "")
    return "/".join(filter(None, rest)) if first == PLAYBOOK and language in LANGUAGES else ""
