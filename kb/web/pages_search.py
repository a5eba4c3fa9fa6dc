"""Searches that found nothing, as they were kept, and repeated now."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import KbError
from kb.html import addresses, notices
from kb.html import playbook_search as views
from kb.html.playbook_search import ShownSearch
from kb.playbook.markup.countries import ComparedCountry
from kb.playbook.proposals import proposals
from kb.store.database import revision
from kb.store.wiki_searches import KeptSearch
from kb.web.pages import not_found, page
from kb.web.requests import library, texts


def by_words(request: Request) -> Response:
    """`/pages/search?q=&on=`: the searches that a note of this query and day stands for."""
    query, on = request.query_params.get("q", "").strip(), request.query_params.get("on", "")
    if not query or not _is_day(on):
        return not_found(request)
    found = library(request).store.wiki_searches.of(query, on)
    t = texts(request)
    if not found:
        return page(request, title=t("kept.missing"), body=views.not_kept(t, query, on), screen=addresses.PLAYBOOK)
    return _page(request, [ShownSearch(each, _revision(request)) for each in found])


def one(request: Request) -> Response:
    """`/pages/search/<number>`: one search; `?now=1` repeats it."""
    number = request.path_params["number"]
    kept = library(request).store.wiki_searches.get(number) if number < 2**63 else None
    if kept is None:
        return not_found(request)
    return _page(request, [_repeated(request, kept) if request.query_params.get("now") else _as_kept(request, kept)])


def _as_kept(request: Request, kept: KeptSearch) -> ShownSearch:
    return ShownSearch(kept, _revision(request))


def _repeated(request: Request, kept: KeptSearch) -> ShownSearch:
    held = library(request)
    country: ComparedCountry = "jp" if kept.country == "jp" else "uk"
    try:
        found = proposals(held.store, held.search, kept.query, country, also=kept.also)
    except KbError as error:
        return ShownSearch(kept, _revision(request), problem=notices.problem(texts(request), error))
    return ShownSearch(kept, found.revision, now=found.hits)


def _page(request: Request, shown: list[ShownSearch]) -> Response:
    t = texts(request)
    return page(request, title=t("kept.title"), body=views.searches(t, shown), screen=addresses.PLAYBOOK)


def _revision(request: Request) -> int:
    with library(request).store.database.read() as connection:
        return revision(connection)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


ROUTES = [
    Route(f"{addresses.WRITING}/search", by_words, methods=["GET"]),
    Route(f"{addresses.WRITING}/search/{{number:int}}", one, methods=["GET"]),
]
