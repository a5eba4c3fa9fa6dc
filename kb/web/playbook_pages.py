"""The playbook at its permanent addresses, readable without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import NotFoundError
from kb.html import addresses
from kb.html import playbook as views
from kb.html.element import el
from kb.html.playbook_editor import saved
from kb.html.playbook_links import PERMANENT
from kb.playbook.around import around
from kb.playbook.pages import Playbook
from kb.web.pages import not_found, page
from kb.web.requests import library, texts


def index(request: Request) -> Response:
    """`/playbook`: every page under its theme."""
    t = texts(request)
    return page(
        request,
        title=t("playbook.title"),
        description=t("playbook.lead"),
        screen=addresses.PLAYBOOK,
        canonical="/playbook",
        body=views.index(t, _playbook(request).themes(t.language), to=PERMANENT),
    )


def playbook_page(request: Request) -> Response:
    """`/playbook/<slug>`: one page."""
    t = texts(request)
    slug = request.path_params["slug"]
    book = _playbook(request)
    try:
        shown = book.page(slug, t.language)
    except NotFoundError as error:
        return _deleted(request, slug) if error.facts.get("reason") == "deleted" else not_found(request)
    if shown.slug != slug:
        return RedirectResponse(_with_query(request, addresses.playbook_page(shown.slug)), 301)
    held = library(request)
    known = around(held.store, shown, held.related_to_page(shown.slug, shown.language))
    done = request.query_params.get("done", "")
    return page(
        request,
        title=shown.title,
        description=shown.summary,
        screen=addresses.PLAYBOOK,
        canonical=addresses.playbook_page(slug),
        body=el("div", saved(t, done), views.page(t, shown, book, known, to=PERMANENT)),
    )


def _with_query(request: Request, address: str) -> str:
    """An address with the parameters of a request."""
    return f"{address}?{request.url.query}" if request.url.query else address


def _deleted(request: Request, slug: str) -> Response:
    """The page for one that was taken away, with the way to bring it back."""
    t = texts(request)
    return page(request, title=t("playbook.deleted.title"), body=views.deleted(t, slug), status=410)


def _playbook(request: Request) -> Playbook:
    return Playbook(library(request).store)


ROUTES = [Route("/playbook", index), Route("/playbook/{slug:path}", playbook_page)]
