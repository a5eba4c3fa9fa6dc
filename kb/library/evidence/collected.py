"""The items of a basket, or the citations of a page, with everything that is known of them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.library.anchors import fates
from kb.model.editions import Successor
from kb.model.evidence import BasketItem, Evidence, Lost
from kb.model.passages import Passage
from kb.model.withdrawals import Withdrawal
from kb.model.works import Version
from kb.store import Store


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for all items at once; `standing` are the passages that stand where they were cut."""

    passages: Mapping[str, Passage]
    standing: set[str]
    versions: Mapping[str, Version]
    successors: Mapping[str, Successor | None]
    withdrawals: Mapping[str, Withdrawal]


def collected(store: Store, items: Sequence[BasketItem]) -> Sequence[Evidence | Lost]:
    """Each of `items` with its passage, edition and fate; `Lost` where the library does not hold it any more.

    What the tables tell is asked once for all of them; only words that do not stand where they did are looked for.
    """
    known = _known(store, [each.passage_id for each in items])
    by_document = sorted(range(len(items)), key=lambda i: _document(known, items[i]))  # each text is read once
    found = {i: _found(store, items[i], known) for i in by_document}
    return [found[i] for i in range(len(items))]


def _known(store: Store, passage_ids: Sequence[str]) -> _Known:
    passages = store.passages.get_many(passage_ids)
    versions = store.versions.get_many(sorted({each.version_id for each in passages.values()}))
    return _Known(
        passages,
        store.cited_passages.standing(passage_ids),
        versions,
        {each.id: store.succession.successor(each) for each in versions.values() if each.status != "current"},
        store.withdrawals.all_standing(),
    )


def _document(known: _Known, item: BasketItem) -> str:
    passage = known.passages.get(item.passage_id)
    return passage.version_id if passage else ""


def _found(store: Store, item: BasketItem, known: _Known) -> Evidence | Lost:
    passage = known.passages.get(item.passage_id)
    version = known.versions.get(passage.version_id) if passage else None
    if passage is None or version is None:
        return Lost(item, store.deletions.deleted_at("passage", item.passage_id))
    successor = known.successors.get(version.id)
    return Evidence(
        item,
        passage,
        version,
        fates(store, passage, version, successor, stands=item.passage_id in known.standing),
        successor=successor,
        withdrawal=known.withdrawals.get(version.id),
    )
