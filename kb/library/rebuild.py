"""Making everything derived again from the truth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial

from kb.embedding.embedder import Embedder
from kb.embedding.loading import load_embedder
from kb.index.builder import write_build
from kb.index.builds import Builds, Manifest, read_manifest
from kb.index.vectors import embed_live
from kb.library.deletion import erase
from kb.settings import Settings
from kb.store import Store, embeddings

OnProgress = Callable[[str, int, int], None]


def rebuild(settings: Settings, *, embed: bool = False, on_progress: OnProgress = lambda *_: None) -> Manifest:
    """Write and publish a new build; with `embed`, first make the vectors that the present model lacks.

    Removes what is left of deleted documents too, where a deletion was cut short.

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
                embed_live(store, embedder, partial(on_progress, "Embedding"))
        erase(settings, store)
        folder = write_build(
            store,
            Builds(settings.index_path),
            model_id,
            embedder=embedder,
            on_progress=lambda done, of: on_progress("Writing the index", done, of),
        )
    return read_manifest(folder)
