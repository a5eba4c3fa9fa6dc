"""Making a build from the truth: no model needed, every vector is already there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from kb.embedding.embedder import Embedder
from kb.errors import IndexUnavailableError
from kb.index.builds import LAYOUT, Builds, Manifest, checksums
from kb.index.dense import DenseIndex
from kb.index.means import library_means, probe_means, token_codec
from kb.index.tokens import write_tokens
from kb.index.vectors import embed_live, lacking
from kb.index.words import terms_version, word_entry, write_words
from kb.store import Store, embeddings, schema
from kb.store.database import now, revision
from kb.store.passages import StoredPassage, live
from kb.text.language import LANGUAGES, Language

PASSAGE_RECORD = np.dtype([("row", np.int64), ("version", np.int32), ("norm", np.float32)])
"""A passage in memory: its row, the number of its version, the length of its centred vector."""

_BLOCK_PASSAGES = 1_000


def write_build(
    store: Store,
    builds: Builds,
    model_id: str,
    *,
    embedder: Embedder | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write and publish a build of everything live; gives the folder of the build that is published then.

    Where somebody published later changes meanwhile, that is theirs. Sees one consistent state of the truth, so writers
    go on meanwhile and end up in the tail. Raises `IndexUnavailableError` where a vector or codes of this model are
    missing, as in a library that was never embedded with it or is of an older release (see `embed_live`).
    """
    probes = probe_means(store.database, model_id, embedder)
    if probes is None:
        raise _not_embedded(model_id)
    with store.database.read() as connection:
        at_revision = revision(connection)
        passages = list(live(connection))
        titles = {
            row.id: row.title for row in connection.execute(select(schema.versions.c.id, schema.versions.c.title))
        }
        if lacking(connection, model_id, passages):
            raise _not_embedded(model_id)
        vectors = embeddings.find(connection, model_id, list({p.text_hash for p in passages}))

    version_ids = sorted({p.passage.version_id for p in passages})
    numbers = {version_id: number for number, version_id in enumerate(version_ids)}
    by_language: dict[Language, list[StoredPassage]] = {language: [] for language in LANGUAGES}
    for stored in passages:
        by_language[stored.passage.language].append(stored)
    dimension = len(next(iter(probes.queries.values())))
    matrices = {
        language: _matrix([vectors[p.text_hash] for p in members], dimension)
        for language, members in by_language.items()
    }
    means = library_means(probes, matrices)

    folder = builds.new_folder(f"{at_revision:08d}-{secrets.token_hex(4)}")
    means.save(folder / "means.npz")
    written = 0
    for language, members in by_language.items():
        home = folder / language
        home.mkdir()
        records = np.zeros(len(members), PASSAGE_RECORD)
        records["row"] = [p.row for p in members]
        records["version"] = [numbers[p.passage.version_id] for p in members]
        records["norm"] = centred_norms(matrices[language], means.passages[language])
        np.save(home / "passages.npy", records)
        DenseIndex.build(records["row"].copy(), matrices[language]).save(home / "dense.faiss")
        write_words(
            home / "words",
            (
                word_entry(p.row, numbers[p.passage.version_id], titles[p.passage.version_id], p.passage)
                for p in members
            ),
        )
        write_tokens(home / "tokens", _codes(store, model_id, language, members), dimension)
        written += len(members)
        if on_progress:
            on_progress(written, len(passages))
    builds.settle(folder)
    manifest = Manifest(
        layout=LAYOUT,
        model_id=model_id,
        terms=terms_version(),
        dimension=dimension,
        revision=at_revision,
        counts={language: len(members) for language, members in by_language.items()},
        versions=tuple(version_ids),
        created_at=now(),
        checksums=checksums(folder),
    )
    with store.database.write():  # its lock holds for every process: an older build never replaces a newer one
        builds.finish(folder, manifest)
        published = builds.publish(folder)
        builds.clear_older()
    return published


def bring_up_to_date(store: Store, builds: Builds, embedder: Embedder) -> None:
    """Write and publish a build unless the published one holds everything; embeds what an older release did not."""
    with store.database.read() as connection:
        current = revision(connection)
    if builds.is_behind(model_id=embedder.model_id, terms=terms_version(), revision=current):
        embed_live(store, embedder)
        write_build(store, builds, embedder.model_id, embedder=embedder)


def centred_norms(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Length of each row of `vectors` (n, dimension) after subtracting `mean`, at least a tiny positive number."""
    squared = np.einsum("ij,ij->i", vectors, vectors) - 2 * vectors @ mean + mean @ mean
    norms: NDArray[np.float32] = np.sqrt(np.maximum(squared, 1e-6)).astype(np.float32)
    return norms


def _codes(store: Store, model_id: str, language: Language, members: Sequence[StoredPassage]) -> Iterator[bytes]:
    """Codes of the tokens of each passage, never many in memory at once.

    Raises `IndexUnavailableError` where a document was deleted for good since: its codes went with it.
    """
    for start in range(0, len(members), _BLOCK_PASSAGES):
        hashes = [p.text_hash for p in members[start : start + _BLOCK_PASSAGES]]
        with store.database.read() as connection:
            held = embeddings.find_codes(connection, model_id, token_codec(language), hashes)
        if not held.keys() >= set(hashes):
            raise IndexUnavailableError("A document was deleted meanwhile.", remedy="Run python -m kb rebuild.")
        yield from (held[hashed] for hashed in hashes)


def _matrix(vectors: list[NDArray[np.float16]], dimension: int) -> NDArray[np.float32]:
    return np.array(vectors, np.float32).reshape(len(vectors), dimension)


def _not_embedded(model_id: str) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"This library has not been prepared for the model {model_id}.",
        remedy="Run python -m kb rebuild --embed, or go back to the model it was prepared for.",
        model=model_id,
    )
