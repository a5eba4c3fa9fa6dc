"""Passages that could fill a cell of a page that compares: the library searched for its topic, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.errors import QueryError
from kb.model.hits import Filters, Hit, SearchResult
from kb.playbook.markup.countries import ComparedCountry
from kb.store import Store
from kb.store.database import now, revision
from kb.store.wiki_searches import FoundThen
from kb.text.normalise import one_line

MOST_PROPOSED = 5
_KEPT_CHARACTERS = 200

Search = Callable[..., SearchResult]
"""`kb.app.Kakehashi.search`."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a search for `query`, and `also` for the same in the other language, found; `revision` of the library."""

    query: str
    also: str
    country: ComparedCountry
    hits: Sequence[Hit]
    revision: int


def proposals(store: Store, search: Search, query: str, country: ComparedCountry, *, also: str = "") -> Proposals:
    """The best passages in documents of one country; those that are about both countries count for each.

    Raises `QueryError` for a query without words, and `IndexUnavailableError`.
    """
    with store.database.read() as connection:
        at = revision(connection)
    filters = Filters(countries=(country,))
    hits = list(search(query, filters=filters, limit=MOST_PROPOSED).merged.hits)
    if also and also != query:
        try:
            hits += search(also, filters=filters, limit=MOST_PROPOSED).merged.hits
        except QueryError:
            also = ""  # the topic of the other body may have no words yet
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda each: -each.score):
        if hit.is_found:
            best.setdefault(hit.passage.id, hit)
    return Proposals(query, also, country, list(best.values())[:MOST_PROPOSED], at)


def keep(store: Store, found: Proposals, *, by: str) -> tuple[int, str]:
    """Keep that somebody found nothing worth citing; gives the number of the search and its day."""
    on = now()[:10]
    number = store.wiki_searches.add(
        *(found.query, found.country),
        also=found.also,
        on=on,
        by=by,
        revision=found.revision,
        found=[_told(each) for each in found.hits],
    )
    return number, on


def _told(hit: Hit) -> FoundThen:
    words = one_line(hit.passage.text)[:_KEPT_CHARACTERS]
    return FoundThen(hit.passage.id, hit.version.title, hit.passage.language, hit.passage.page, words)
