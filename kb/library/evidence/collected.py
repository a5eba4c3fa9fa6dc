"""The items of a basket with everything that is known of them now."""

from __future__ import annotations

from collections.abc import Sequence

from kb.errors import NotFoundError
from kb.library.anchors import follow
from kb.model.evidence import BasketItem, Evidence, Lost
from kb.store import Store


def collected(store: Store, items: Sequence[BasketItem]) -> Sequence[Evidence | Lost]:
    """Each of `items` with its passage, edition and fate; `Lost` where the library does not hold it any more."""
    return [_found(store, item) for item in items]


def _found(store: Store, item: BasketItem) -> Evidence | Lost:
    try:
        passage = store.passages.get(item.passage_id)
        version = store.versions.get(passage.version_id)
    except NotFoundError:
        return Lost(item, store.deletions.deleted_at("passage", item.passage_id))
    return Evidence(
        item,
        passage,
        version,
        follow(store, passage),
        successor=store.succession.successor(version),
        withdrawal=store.withdrawals.standing(version.id),
    )
