"""What was found, with what replaced it."""

from __future__ import annotations

from dataclasses import replace

from kb.model.editions import Successor
from kb.model.hits import Ranking, SearchResult
from kb.model.works import Version
from kb.store import Store


def with_successors(store: Store, result: SearchResult) -> SearchResult:
    """`result` whose hits of older editions say what replaced these."""
    known: dict[str, Successor | None] = {}

    def successor(version: Version) -> Successor | None:
        if version.status == "current":
            return None
        if version.id not in known:
            known[version.id] = store.succession.successor(version)
        return known[version.id]

    def ranking(found: Ranking) -> Ranking:
        return replace(found, hits=tuple(replace(hit, successor=successor(hit.version)) for hit in found.hits))

    return replace(
        result,
        merged=ranking(result.merged),
        by_language={language: ranking(found) for language, found in result.by_language.items()},
        by_country={country: ranking(found) for country, found in result.by_country.items()},
    )
