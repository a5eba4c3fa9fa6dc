"""What is proposed to whoever added a document, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping

from kb.embedding.embedder import Embedder
from kb.errors import NotFoundError
from kb.ingest.likeness import alike
from kb.model.receipts import Receipt
from kb.store import Store

EDITION_OF = "edition_of"
"""Name of the proposal that a document may be an edition of another one: the id of that version."""


def propose_editions(store: Store, embedder: Embedder, receipt: Receipt) -> Mapping[str, str]:
    """The version that a document which was just saved may be an edition of; empty where it is like none.

    The form of its details asks (see `kb.html.likeness`). Has the shape of a check of the worker, which hands in the
    embedder; texts are compared without it.
    """
    del embedder
    try:
        found = alike(store, store.versions.get(receipt.version_id), limit=1)
    except NotFoundError:
        return {}
    return {EDITION_OF: found[0].version.id} if found else {}
