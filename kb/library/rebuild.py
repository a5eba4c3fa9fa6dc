"""Making everything derived again from the truth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from kb.embedding.embedder import Embedder
from kb.embedding.loading import load_embedder
from kb.index.builder import write_build
from kb.index.builds import Builds, Manifest, read_manifest
from kb.model.passages import embedded_text
from kb.settings import Settings
from kb.store import Store, embeddings
from kb.store.passages import live

_BATCH_PASSAGES = 512

OnProgress = Callable[[str, int, int], None]


def rebuild(settings: Settings, *, embed: bool = False, on_progress: OnProgress = lambda *_: None) -> Manifest:
    """Write and publish a new build; with `embed`, first make the vectors that the present model lacks.

    Without `embed` the model is not even loaded where its name is known from the library itself. Raises
    `IndexUnavailableError` where vectors are missing.
    """
    with closing(Store(settings)) as store:
        with store.database.read() as connection:
            held = embeddings.counts(connection)
        embedder: Embedder | None = None
        model_id = next(iter(held)) if len(held) == 1 else None
        if embed or model_id is None:
            embedder = load_embedder(settings, lambda message: on_progress(message, 0, 0))
            model_id = embedder.model_id
            if embed:
                embed_missing(store, embedder, on_progress)
        folder = write_build(
            store,
            Builds(settings.index_path),
            model_id,
            embedder=embedder,
            on_progress=lambda done, of: on_progress("Writing the index", done, of),
        )
    return read_manifest(folder)


def embed_missing(store: Store, embedder: Embedder, on_progress: OnProgress) -> int:
    """Make and keep the vectors that live passages lack under a model; gives how many were made."""
    with store.database.read() as connection:
        titles = {version.id: version.title for version in store.versions.list_all()}
        texts = {p.text_hash: embedded_text(titles[p.passage.version_id], p.passage) for p in live(connection)}
        held = embeddings.find(connection, embedder.model_id, list(texts))
    missing = [hashed for hashed in texts if hashed not in held]
    for start in range(0, len(missing), _BATCH_PASSAGES):
        batch = missing[start : start + _BATCH_PASSAGES]
        vectors = embedder.embed_passages([texts[hashed] for hashed in batch])
        with store.database.write() as connection:
            embeddings.save(connection, embedder.model_id, batch, vectors)
        on_progress("Embedding", start + len(batch), len(missing))
    return len(missing)
