"""Examining a library: every invariant, and what to do where one does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from kb.errors import IndexUnavailableError
from kb.index.builds import DAMAGE, Builds, Manifest, checksums, read_manifest
from kb.index.dense import DenseIndex
from kb.index.records import Records
from kb.index.tokens import TokenIndex
from kb.index.vectors import lacking
from kb.index.words import WordIndex
from kb.library.deletion import leftovers
from kb.library.presence import require_library
from kb.settings import Settings
from kb.store import Store, embeddings, schema
from kb.store.database import revision
from kb.store.passages import live
from kb.text.language import LANGUAGES

REBUILD = "Run python -m kb rebuild."
REBUILD_EMBED = "Run python -m kb rebuild --embed."
RESTORE = "Restore the database from a backup."


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: whether it holds, what was counted, and the remedy where it does not."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every invariant of a library, the truth first, then what is derived from it. Changes nothing.

    Raises `NotFoundError` where there is no library.
    """
    require_library(settings)
    findings: list[Finding] = []
    try:
        with closing(Store(settings)) as store:
            findings.append(_database(store))
            findings += _truth(store)
            findings += _kept_away(settings, store)
            findings += _derived(store, Builds(settings.index_path))
    except DatabaseError as error:  # SQLite stops at the first page it cannot read
        findings = [f for f in findings if not f.ok]
        findings.append(Finding("database", False, str(error.orig), RESTORE))
    return findings


def _database(store: Store) -> Finding:
    with store.database.read() as connection:
        verdict = "; ".join(connection.scalars(text("pragma integrity_check(5)")))
    return Finding("database", verdict == "ok", verdict, RESTORE)


def _truth(store: Store) -> Iterator[Finding]:
    with store.database.read() as connection:
        broken_links = connection.execute(text("pragma foreign_key_check")).all()
        versions = store.versions.list_all()
        counts = connection.execute(
            select(schema.passages.c.version_id, func.count())
            .where(schema.passages.c.retired_revision.is_(None))
            .group_by(schema.passages.c.version_id)
        )
        counted: dict[str, int] = {version_id: count for version_id, count in counts}  # noqa: C416  see embeddings
        pages = {(row.version_id, row.number): row.text for row in connection.execute(select(schema.pages))}
        misplaced = [
            p.passage.id
            for p in live(connection)
            if pages.get((p.passage.version_id, p.passage.page or 1), "")[p.passage.start : p.passage.end]
            != p.passage.text
        ]
    yield Finding("references", not broken_links, f"{len(broken_links)} broken", RESTORE)
    wrong = [v.id for v in versions if not store.files.is_whole(v.sha256)]
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


def _kept_away(settings: Settings, store: Store) -> Iterator[Finding]:
    """What readers must not see: withdrawn documents that are shown all the same, remains of deleted ones."""
    withdrawn = store.withdrawals.all_standing()
    status = {version.id: version.status for version in store.versions.list_all()}
    shown = sorted(version_id for version_id in withdrawn if status.get(version_id, "retired") != "retired")
    yield Finding(
        "withdrawn documents",
        not shown,
        f"{len(withdrawn) - len(shown)} of {len(withdrawn)} kept from readers",
        f"Restore these and withdraw them again: {', '.join(shown)}",
    )
    remains = leftovers(settings, store)
    yield Finding(
        "deleted documents",
        not remains,
        f"{len(remains)} remains" + f": {', '.join(remains[:5])}" * bool(remains),
        REBUILD,
    )


def _derived(store: Store, builds: Builds) -> Iterator[Finding]:
    with store.database.read() as connection:
        current = revision(connection)
        models = list(embeddings.counts(connection))
    folder, manifest = builds.current(), None
    if folder is None:
        yield Finding("index", False, "none published", REBUILD)
    else:
        try:
            manifest = read_manifest(folder)
        except IndexUnavailableError as error:
            yield Finding("index", False, error.message, REBUILD)
    if folder is not None and manifest is not None:
        yield _attempt("index files", partial(_files, folder, manifest))
        yield _attempt("index contents", partial(_contents, store, folder, manifest))
    for model_id in [manifest.model_id] if manifest else models:
        with store.database.read() as connection:
            missing = sum(1 for _ in lacking(connection, model_id))
        yield Finding("vectors", not missing, f"{missing} missing for {model_id}", REBUILD_EMBED)
    if manifest is not None:
        yield Finding("index age", manifest.revision <= current, f"change {manifest.revision} of {current}", REBUILD)


def _files(folder: Path, manifest: Manifest) -> Finding:
    found, due = checksums(folder), manifest.checksums
    wrong = sorted(path for path in found.keys() | due.keys() if found.get(path) != due.get(path))
    return Finding(
        "index files", not wrong, f"{len(due)} files" + f", wrong: {', '.join(wrong)}" * bool(wrong), REBUILD
    )


def _contents(store: Store, folder: Path, manifest: Manifest) -> Finding:
    p = schema.passages.c
    with store.database.read() as connection:
        kept = p.retired_revision.is_(None) | (p.retired_revision > manifest.revision)
        expected = set(connection.scalars(select(p.row).where(p.added_revision <= manifest.revision, kept)))
    held: set[int] = set()
    for language in LANGUAGES:
        rows = Records.open(folder / language / "passages").rows.tolist()
        home = folder / language
        sizes = {
            DenseIndex(home / "dense").size,
            WordIndex(home / "words").size,
            TokenIndex(home / "tokens", manifest.dimension).size,
        }
        if sizes != {len(rows)}:
            return Finding("index contents", False, f"{language}: {sizes} where {len(rows)} are due", REBUILD)
        held.update(rows)
    foreign = set(manifest.versions) - {version.id for version in store.versions.list_all()}
    right = len(held & expected) if not foreign else 0
    return Finding("index contents", held == expected and not foreign, f"{right} of {len(expected)} passages", REBUILD)


def _attempt(check: str, examination: Callable[[], Finding]) -> Finding:
    try:
        return examination()
    except DAMAGE as error:
        return Finding(check, False, str(error)[:200], REBUILD)
