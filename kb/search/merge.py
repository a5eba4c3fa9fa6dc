"""One list of two languages: by probability, and with both represented where both have evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.search.legs import Scored
from kb.text.language import Language

REPRESENTED = 0.3
"""Least share of each language in the list from its start. On the development sets the share of comparing questions
whose first ten hold evidence of both countries rises from .08 to .21; no direction loses more than .002 MRR@10."""

EVIDENCE_FROM = 0.0005
"""A passage less likely than this to be relevant is no evidence and is not brought forward."""


def merge(ranked: Mapping[Language, Sequence[Scored]]) -> list[Scored]:
    """Passages of every language in one list; each language keeps its own order."""
    lists = [some for some in ranked.values() if some]
    places = [0] * len(lists)
    heads = [some[0].probability for some in lists]
    merged: list[Scored] = []
    for size in range(1, sum(map(len, lists)) + 1):
        due = int(size * REPRESENTED)
        first = -1
        behind = False
        for i, head in enumerate(heads):
            if head < 0:
                continue
            is_behind = places[i] < due and head >= EVIDENCE_FROM
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
