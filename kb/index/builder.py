"""Making a build from the truth: no model needed, every vector is already there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from kb.embedding.embedder import Embedder
from kb.errors import IndexUnavailableError
from kb.index.builds import LAYOUT, Builds, Manifest, checksums
from kb.index.means import Means, probe_means
from kb.index.vectors import embed_live, lacking
from kb.index.words import terms_version
from kb.index.writer import LanguageWriter, Written
from kb.store import Store
from kb.store.database import now, revision
from kb.store.passages import live_count, live_version_ids
from kb.text.language import LANGUAGES, Language


def write_build(
    store: Store,
    builds: Builds,
    model_id: str,
    *,
    embedder: Embedder | None = None,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Path:
    """Write and publish a build of everything live; gives the folder of the build that is published then.

    Where somebody published later changes meanwhile, that is theirs. Sees one consistent state of the truth, so writers
    go on meanwhile and end up in the tail. Never has more than a few hundred passages in memory, and of the others
    some twenty bytes each. Raises `IndexUnavailableError` where a vector or codes of this model are missing, as in a
    library that was never embedded with it or is of an older release (see `embed_live`).
    """
    probes = probe_means(store.database, model_id, embedder)
    if probes is None:
        raise _not_embedded(model_id)
    with store.database.read() as connection:
        if next(lacking(connection, model_id), None):
            raise _not_embedded(model_id)
        at_revision = revision(connection)
        version_ids = tuple(sorted(live_version_ids(connection)))
        total = live_count(connection)
        folder = builds.new_folder(f"{at_revision:08d}-{secrets.token_hex(4)}")
        with builds.discarding(folder):
            written = _write(connection, folder, probes, model_id, version_ids, partial(_report, on_progress, total))
    with builds.discarding(folder):
        builds.settle(folder)
    manifest = Manifest(
        layout=LAYOUT,
        model_id=model_id,
        terms=terms_version(),
        dimension=len(probes.queries["en"]),
        revision=at_revision,
        counts={language: part.count for language, part in written.items()},
        versions=version_ids,
        created_at=now(),
        checksums=checksums(folder),
    )
    with store.database.write():  # its lock holds for every process: an older build never replaces a newer one
        with builds.discarding(folder):
            if not store.deletions.versions().isdisjoint(version_ids):
                raise IndexUnavailableError("A document was deleted meanwhile.", remedy="Run python -m kb rebuild.")
            builds.finish(folder, manifest)
        published = builds.publish(folder)
        builds.clear_older()
    return published


def _write(
    connection: Connection,
    folder: Path,
    probes: Means,
    model_id: str,
    version_ids: Sequence[str],
    report: Callable[[int], None],
) -> dict[Language, Written]:
    """Write the files of both languages; `report` is told how many passages are done."""
    numbers = {version_id: number for number, version_id in enumerate(version_ids)}
    written: dict[Language, Written] = {}
    for language in LANGUAGES:
        before = sum(part.count for part in written.values())
        writer = LanguageWriter(connection, model_id, language, numbers)
        written[language] = writer.write(
            folder / language, probes.passages[language], partial(_report_after, report, before)
        )
    replace(probes, passages={language: part.mean for language, part in written.items()}).save(folder / "means.npz")
    report(sum(part.count for part in written.values()))
    return written


def bring_up_to_date(store: Store, builds: Builds, embedder: Embedder) -> None:
    """Write and publish a build unless the published one holds everything; embeds what an older release did not."""
    with store.database.read() as connection:
        current = revision(connection)
    if builds.is_behind(model_id=embedder.model_id, terms=terms_version(), revision=current):
        embed_live(store, embedder)
        write_build(store, builds, embedder.model_id, embedder=embedder)


def _report(on_progress: Callable[[int, int], None], total: int, done: int) -> None:
    on_progress(done, total)


def _report_after(report: Callable[[int], None], before: int, done: int) -> None:
    report(before + done)


def _not_embedded(model_id: str) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"This library has not been prepared for the model {model_id}.",
        remedy="Run python -m kb rebuild --embed, or go back to the model it was prepared for.",
        model=model_id,
    )
