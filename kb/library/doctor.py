"""Examining a library: every invariant, and what to do where one does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, text

from kb.errors import IndexUnavailableError, KbError
from kb.index.builds import Builds, Manifest, checksums, read_manifest
from kb.index.dense import DenseIndex
from kb.index.words import WordIndex
from kb.settings import Settings
from kb.store import Store, embeddings, schema
from kb.store.database import revision
from kb.store.files import sha256_of
from kb.store.passages import live, retired_rows
from kb.text.language import LANGUAGES

REBUILD = "Run python -m kb rebuild."


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: whether it holds, what was counted, and the remedy where it does not."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every invariant of a library, the truth first, then what is derived from it. Changes nothing."""
    store, builds = Store(settings), Builds(settings.index_path)
    findings = [*_truth(store), *_derived(store, builds)]
    store.close()
    return findings


def _truth(store: Store) -> Iterator[Finding]:
    with store.database.read() as connection:
        verdict = connection.scalar(text("pragma integrity_check"))
        broken_links = connection.execute(text("pragma foreign_key_check")).all()
        versions = store.versions.list_all()
        counted: dict[str, int] = dict(
            connection.execute(
                select(schema.passages.c.version_id, func.count())
                .where(schema.passages.c.retired_revision.is_(None))
                .group_by(schema.passages.c.version_id)
            ).tuples()
        )
        pages = {(row.version_id, row.number): row.text for row in connection.execute(select(schema.pages))}
        misplaced = [
            p.passage.id
            for p in live(connection)
            if pages.get((p.passage.version_id, p.passage.page or 1), "")[p.passage.start : p.passage.end]
            != p.passage.text
        ]
    yield Finding("database", verdict == "ok", str(verdict), "Restore the database from a backup.")
    yield Finding("references", not broken_links, f"{len(broken_links)} broken", "Restore the database from a backup.")
    wrong = [
        v.id for v in versions if not store.files.has(v.sha256) or sha256_of(store.files.path(v.sha256)) != v.sha256
    ]
    yield Finding(
        "files",
        not wrong,
        f"{len(versions) - len(wrong)} of {len(versions)} whole",
        f"Add these files again: {', '.join(v.path for v in versions if v.id in wrong)[:500]}",
    )
    short = [v.path for v in versions if counted.get(v.id, 0) != v.passage_count]
    yield Finding(
        "passages of each document",
        not short,
        f"{sum(counted.values())} live",
        f"Ingest again: {', '.join(short)[:500]}",
    )
    yield Finding(
        "passages in their pages", not misplaced, f"{len(misplaced)} misplaced", "Ingest their documents again."
    )


def _derived(store: Store, builds: Builds) -> Iterator[Finding]:
    folder = builds.current()
    if folder is None:
        yield Finding("index", False, "none published", REBUILD)
        return
    try:
        manifest = read_manifest(folder)
    except IndexUnavailableError as error:
        yield Finding("index", False, error.message, REBUILD)
        return
    found = checksums(folder)
    yield Finding("index files", found == dict(manifest.checksums), f"{len(found)} files", REBUILD)
    yield _attempt("index contents", lambda: _contents(store, builds, manifest))
    with store.database.read() as connection:
        current = revision(connection)
        missing = {p.text_hash for p in live(connection)}
        missing -= set(embeddings.find(connection, manifest.model_id, list(missing)))
    yield Finding(
        "vectors",
        not missing,
        f"{len(missing)} missing for {manifest.model_id}",
        "Run python -m kb rebuild --embed.",
    )
    yield Finding("index age", manifest.revision <= current, f"change {manifest.revision} of {current}", REBUILD)


def _contents(store: Store, builds: Builds, manifest: Manifest) -> Finding:
    folder = builds.current()
    assert folder is not None
    with store.database.read() as connection:
        expected = {p.row for p in live(connection)} - {p.row for p in live(connection, after=manifest.revision)}
        expected |= set(retired_rows(connection, after=manifest.revision))
    held = 0
    for language in LANGUAGES:
        count = manifest.counts[language]
        sizes = {DenseIndex.open(folder / language / "dense.faiss").size, WordIndex(folder / language / "words").size}
        if sizes != {count}:
            return Finding("index contents", False, f"{language}: {sizes} where {count} are due", REBUILD)
        held += count
    return Finding("index contents", held == len(expected), f"{held} of {len(expected)} passages", REBUILD)


def _attempt(check: str, examination: Callable[[], Finding]) -> Finding:
    try:
        return examination()
    except (KbError, OSError, RuntimeError, ValueError) as error:  # faiss and tantivy report damage in their own ways
        return Finding(check, False, str(error)[:200], REBUILD)
