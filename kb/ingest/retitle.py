"""Taking over a corrected title: passages are embedded with it, so it changes together with their vectors."""

from __future__ import annotations

from collections.abc import Callable

from kb.embedding.embedder import Embedder
from kb.index.vectors import Wanted, embed_missing
from kb.model.passages import embedded_text
from kb.store import Store, corrections, deletions, passages, versions
from kb.store.database import next_revision
from kb.store.passages import text_hash


def retitle_waiting(store: Store, embedder: Embedder) -> int:
    """Take over every corrected title that waits; gives how many these were."""
    return sum(
        retitle(store, embedder, version_id, title) for version_id, title in store.corrections.retitled().items()
    )


def retitle(
    store: Store,
    embedder: Embedder,
    version_id: str,
    title: str,
    *,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> bool:
    """Give a version its corrected title and its passages the vectors that belong to it, in one transaction.

    False, and nothing is changed, where the document was read again or corrected once more meanwhile: it is still
    waiting then. Passages keep their ids.
    """
    live = store.passages.list(version_id)
    wanted = {
        text_hash(text): Wanted(text, passage.language)
        for passage, text in ((passage, embedded_text(title, passage)) for passage in live)
    }
    embed_missing(store.database, embedder, wanted, on_progress)
    with store.database.write() as connection:
        held = corrections.newest(connection, version_id).get("title")
        if held is None or held.value != title or passages.listed(connection, version_id) != live:
            deletions.forget_vectors(connection, wanted.keys())
            return False
        versions.set_title(connection, version_id, title)
        passages.replace_passages(connection, version_id, title, live, revision=next_revision(connection))
    return True
