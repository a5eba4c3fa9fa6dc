"""One list of two languages: by probability, and with both represented where both have evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kb.model.hits import Query
from kb.model.works import Country
from kb.search.countries import countries_in
from kb.search.legs import Scored
from kb.text.language import LANGUAGES, Language

OWN_REPRESENTED = 0.34
OTHER_REPRESENTED = 0.3
"""Least share of the query's own and of the other language in the list from its start: the first three hold one of the
own, the first four one of either. More than .4 costs first ranks; with none hardly any list has evidence of both
countries."""

COMPARED_EVENLY = 0.5
"""The same of both where a query names both countries, if only by a publisher: who compares wants as much of either."""

EVIDENCE_FROM = 0.0005
"""A passage less likely than this to be relevant is no evidence and is not brought forward."""


def shares(query: Query, origins: Mapping[str, Country] = MappingProxyType({})) -> Mapping[Language, float]:
    """Least share of each language in the merged list; `origins` are the countries of publishers."""
    publishers = [name for named in query.preference.publishers for name in named.publishers]
    named = {*countries_in(query.text), *(origins[name] for name in publishers if name in origins)}
    if named >= {"uk", "jp"}:
        return dict.fromkeys(LANGUAGES, COMPARED_EVENLY)
    return {language: OWN_REPRESENTED if language == query.language else OTHER_REPRESENTED for language in LANGUAGES}


def merge(ranked: Mapping[Language, Sequence[Scored]], least: Mapping[Language, float]) -> list[Scored]:
    """Passages of every language in one list; each language keeps its own order, and its `least` share while it lasts.

    A share is only for what may be evidence.
    """
    lists = [some for some in ranked.values() if some]
    due_share = [least[language] for language, some in ranked.items() if some]
    places = [0] * len(lists)
    heads = [some[0].probability for some in lists]
    merged: list[Scored] = []
    for size in range(1, sum(map(len, lists)) + 1):
        first = -1
        behind = False
        for i, head in enumerate(heads):
            if head < 0:
                continue
            is_behind = places[i] < int(size * due_share[i]) and head >= EVIDENCE_FROM
            if first < 0 or (is_behind, head, -lists[i][places[i]].row) > (
                behind,
                heads[first],
                -lists[first][places[first]].row,
            ):
                first, behind = i, is_behind
        merged.append(lists[first][places[first]])
        places[first] += 1
        heads[first] = lists[first][places[first]].probability if places[first] < len(lists[first]) else -1.0
    return merged
