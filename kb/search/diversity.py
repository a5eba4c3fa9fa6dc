"""A list that does not repeat itself: a document or a page that answers often still leaves room for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kb.search.legs import Scored

FIRST = 10
MOST_OF_DOCUMENT = 4
"""Passages of one document among the `FIRST`. With 3 one direction of four loses, with 4 one gains."""

FIRST_OF_PAGE = 5
MOST_OF_PAGE = 2
"""Passages of one page among the `FIRST_OF_PAGE`: a third mostly overlaps the two."""

LOOKED_AT = 40
"""How far down a list others are looked for."""

ALTERNATIVE = 0.1
"""Share of the probability of a crowded passage that another one needs to go before it."""

Page = tuple[str, int | None]
"""A version and the number of a page, None where it has no pages."""


def spread(ranked: Sequence[Scored], pages: Mapping[int, int | None]) -> list[Scored]:
    """`ranked`, best first, with what a document or page has too much of moved down where there is an alternative.

    `pages` are the page numbers by row of at least the first `LOOKED_AT`. Each place keeps its probability: what moves
    up is nearly as likely as what was there, and takes nothing else down.
    """
    waiting = list(ranked[:LOOKED_AT])
    documents: Counter[str] = Counter()
    on_page: Counter[Page] = Counter()
    spread_out: list[Scored] = []
    while waiting and len(spread_out) < FIRST:
        place = len(spread_out)
        least = ALTERNATIVE * waiting[0].probability
        fits = (
            i
            for i, scored in enumerate(waiting)
            if scored.probability >= least and _fits(scored, place, documents, on_page, pages)
        )
        taken = waiting.pop(next(fits, 0))
        documents[taken.version_id] += 1
        on_page[taken.version_id, pages.get(taken.row)] += 1
        spread_out.append(taken)
    order = (*spread_out, *waiting, *ranked[LOOKED_AT:])
    return [scored._replace(probability=place.probability) for scored, place in zip(order, ranked, strict=True)]


def _fits(
    scored: Scored,
    place: int,
    documents: Mapping[str, int],
    on_page: Mapping[Page, int],
    pages: Mapping[int, int | None],
) -> bool:
    page = pages.get(scored.row)
    crowded = place < FIRST_OF_PAGE and page is not None and on_page[scored.version_id, page] >= MOST_OF_PAGE
    return documents[scored.version_id] < MOST_OF_DOCUMENT and not crowded
