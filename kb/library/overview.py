"""What a library holds at a glance, counted once for each state of it: every page of the site shows some of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from kb.model.hits import Filters
from kb.model.receipts import Health
from kb.model.works import Version
from kb.store import Store
from kb.store.database import revision
from kb.store.versions import Facets
from kb.text.language import Language

_STATES = 64
"""Answers that are kept; older states of a library fall out by themselves."""


def facets(store: Store, filters: Filters = Filters()) -> Facets:  # noqa: B008  frozen
    """Counts of each value among the versions that meet `filters`."""
    return _facets(store, filters, _state(store))


def last_changed(store: Store) -> str:
    """When a version was last added, ISO 8601; empty in an empty library."""
    return _last_changed(store, _state(store))


def newest(store: Store, most: int, language: Language) -> Sequence[Version]:
    """The works that were added last, newest first: of each the current version in `language`, or the one there is.

    Pages of the playbook are no documents of their own here.
    """
    return _newest(store, most, language, _state(store))


def every(store: Store) -> Sequence[Version]:
    """Every version that was not withdrawn, current ones first."""
    return _every(store, _state(store))


def health(store: Store) -> Mapping[str, Health]:
    """How well each version was read, by id; those without a receipt are left out."""
    return _health(store, _state(store))


def _state(store: Store) -> int:
    with store.database.read() as connection:
        return revision(connection)


@lru_cache(maxsize=_STATES)
def _facets(store: Store, filters: Filters, _: int) -> Facets:
    return store.versions.facets(filters)


@lru_cache(maxsize=_STATES)
def _last_changed(store: Store, _: int) -> str:
    return store.versions.last_changed()


@lru_cache(maxsize=_STATES)
def _newest(store: Store, most: int, language: Language, _: int) -> Sequence[Version]:
    documents = [
        version
        for version in store.versions.list()
        if not version.slug and version.metadata.document_type != "playbook"
    ]
    works: dict[str, Version] = {}
    for version in sorted(documents, key=lambda version: version.added_at, reverse=True):
        known = works.setdefault(version.work_id, version)
        if known.metadata.language != language and version.metadata.language == language:
            works[version.work_id] = version
    return list(works.values())[:most]


@lru_cache(maxsize=2)  # whole versions, not figures
def _every(store: Store, _: int) -> Sequence[Version]:
    return sorted(store.versions.list(Filters(current_only=False)), key=lambda version: version.status != "current")


@lru_cache(maxsize=4)
def _health(store: Store, _: int) -> Mapping[str, Health]:
    return store.receipts.health()
