"""Citations that outlive their passage: what has become of its words, told when somebody follows the link.

Nothing is stored: the answer is found in the text that is held now, so that it is right after every re-reading, every
new edition and every corrected id. It is kept for as long as the library stays as it is.
"""

from __future__ import annotations

from functools import lru_cache

from kb.errors import NotFoundError
from kb.library.whereabouts import DocumentText, Place, is_same_section
from kb.model.editions import Successor
from kb.model.fates import Fate, FateKind, Fates
from kb.model.passages import Passage, heading_end
from kb.model.works import Version
from kb.store import Store
from kb.store.database import revision
from kb.text.difference import difference

_KEPT = 1024
"""Answers that are kept; those for older states of the library fall out by themselves."""
_TEXTS = 8
"""Documents whose text is held ready: those that readers follow links to at the time."""


def follow(store: Store, passage: Passage) -> Fates:
    """What has become of `passage`, which is held or was; raises `NotFoundError` where its version is not held."""
    version = store.versions.get(passage.version_id)
    return fates(store, passage, version, store.succession.successor(version), stands=_stands(store, passage))


def fates(store: Store, passage: Passage, version: Version, successor: Successor | None, *, stands: bool) -> Fates:
    """`follow` for whoever knows the edition of the passage, what replaced it, and whether the passage `stands` there.

    Nothing is looked up for a passage that stands in an edition that nothing replaced: that is nearly every one.
    """
    here = Fate("same", version, passage.page, passage.section, passage.id)
    if not stands:
        here = _fate(store, passage, version)
    return Fates(here, _fate(store, passage, successor.version) if successor else None)


def _stands(store: Store, passage: Passage) -> bool:
    """Whether its page has the words where it had them when it was cut, which is what nearly all links find."""
    try:
        return passage.stands_in(store.pages.get(passage.version_id, passage.page or 1))
    except NotFoundError:
        return False


def _fate(store: Store, passage: Passage, version: Version) -> Fate:
    with store.database.read() as connection:
        at = revision(connection)
    kind, place, passage_id = _found(store, passage, version.id, at)
    if place is None:
        return Fate("removed", version)
    segments = difference(passage.text, place.text) if kind == "changed" else ()
    page = place.page if version.page_count else None
    return Fate(kind, version, page, place.section, passage_id, segments)


@lru_cache(maxsize=_KEPT)
def _found(store: Store, passage: Passage, version_id: str, at: int) -> tuple[FateKind, Place | None, str]:
    text, own_text = _text(store, version_id, at), _text(store, passage.version_id, at)
    own, page = version_id == passage.version_id, passage.page or 1
    near = own_text.share_before(page, passage.start)
    body = passage.text[heading_end(passage) :]  # the same words under a heading of another name are the same words
    for words in (passage.text, body):
        if (place := text.find_exactly(words, section=passage.section, near=near)) is not None:
            stayed = place.page == page if own else _stayed(passage, place)
            return "same" if stayed else "moved", place, _holder(store, version_id, place)
    place = text.find_alike(passage.text, origin=None if own else own_text)
    return ("changed", place, _holder(store, version_id, place)) if place else ("removed", None, "")


def _stayed(passage: Passage, place: Place) -> bool:
    """Whether words of another edition stand under the same headings, or, without any, on the same page."""
    if passage.section or place.section:
        return is_same_section(passage.section, place.section)
    return place.page == (passage.page or 1)


def _holder(store: Store, version_id: str, place: Place) -> str:
    """The passage that has most of a place in it; empty where none has."""
    shared = {
        each.id: min(each.end, place.end) - max(each.start, place.start)
        for each in store.passages.list(version_id)
        if (each.page or 1) == place.page
    }
    best = max(shared, key=lambda each: shared[each], default="")
    return best if best and shared[best] > 0 else ""


@lru_cache(maxsize=_TEXTS)
def _text(store: Store, version_id: str, _: int) -> DocumentText:
    return DocumentText(store.pages.list(version_id), store.versions.outline(version_id))
