"""The playbook at its permanent addresses, readable without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import NotFoundError
from kb.html import addresses
from kb.html import playbook as views
from kb.html.playbook_links import PERMANENT
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
    except NotFoundError:
        return not_found(request)
    return page(
        request,
        title=shown.title,
        description=shown.summary,
        screen=addresses.PLAYBOOK,
        canonical=addresses.playbook_page(slug),
        body=views.page(t, shown, book.languages(slug), to=PERMANENT, find=lambda name: book.find(name, t.language)),
    )


def _playbook(request: Request) -> Playbook:
    return Playbook(library(request).settings.corpus_dir / "playbook")


ROUTES = [Route("/playbook", index), Route("/playbook/{slug:path}", playbook_page)]
