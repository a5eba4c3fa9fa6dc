"""What changed between two versions that are held: compared once for each state of the library."""

from __future__ import annotations

import threading
from functools import lru_cache

from kb.library.comparison import Comparison, compare
from kb.store import Store
from kb.store.database import revision

_KEPT = 8
_turn = threading.Lock()
"""Long documents take a second of arithmetic: one at a time, so that searches go on beside it."""


def changes(store: Store, before_id: str, after_id: str) -> Comparison:
    """What changed from one version to another; no sections where neither has a text."""
    with store.database.read() as connection:
        at = revision(connection)
    with _turn:
        return _changes(store, before_id, after_id, at)


@lru_cache(maxsize=_KEPT)
def _changes(store: Store, before_id: str, after_id: str, _: int) -> Comparison:
    return compare(
        store.pages.list(before_id),
        store.pages.list(after_id),
        outline_before=store.versions.outline(before_id),
        outline_after=store.versions.outline(after_id),
    )
