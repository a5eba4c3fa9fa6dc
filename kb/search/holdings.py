"""What a library holds, as a search needs it: its versions, their publishers, those that filters allow."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Mapping

from kb.model.hits import Filters
from kb.model.works import Country, Version
from kb.store import Store


class Holdings:
    """The versions of one library by its revision; the last few states are remembered. Safe to share."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.versions = functools.lru_cache(maxsize=4)(self._versions)
        self.origins = functools.lru_cache(maxsize=4)(self._origins)
        self.newest_year = functools.lru_cache(maxsize=4)(self._newest_year)
        self.allowed = functools.lru_cache(maxsize=64)(self._allowed)

    def _versions(self, _revision: int) -> Mapping[str, Version]:
        """Versions by id."""
        return {version.id: version for version in self._store.versions.list_all()}

    def _origins(self, revision: int) -> Mapping[str, Country]:
        """Publishers, each with the country that most of its documents speak of."""
        countries: dict[str, Counter[Country]] = defaultdict(Counter)
        for version in self.versions(revision).values():
            countries[version.metadata.publisher][version.metadata.country] += 1
        return {publisher: counts.most_common(1)[0][0] for publisher, counts in countries.items()}

    def _newest_year(self, revision: int) -> int | None:
        """The last year in which anything was published, None where no year is known."""
        years = [version.metadata.year for version in self.versions(revision).values()]
        return max((year for year in years if year is not None), default=None)

    def _allowed(self, revision: int, filters: Filters) -> frozenset[str] | None:
        """Ids of the versions that meet `filters`, None where all of them do."""
        allowed = frozenset(self._store.versions.ids(filters))
        return None if allowed >= self.versions(revision).keys() else allowed
