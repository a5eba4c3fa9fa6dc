"""The history of a playbook page over HTTP: its revisions, one of them, what differs between two, and bringing back."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KbError, NotFoundError
from kb.html import addresses
from kb.html import playbook_history as views
from kb.html.playbook_links import PERMANENT, Links
from kb.playbook.comparing import compare_texts
from kb.playbook.pages import Playbook
from kb.playbook.render import render
from kb.playbook.saving import restore_revision
from kb.playbook.source import Source
from kb.web.pages import not_found, page
from kb.web.pages_bodies import Named, form, named, number
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

ROWS = 50
"""Revisions on one page."""


def history(request: Request) -> Response:
    """`GET /pages/history/<slug>`: revisions of a body, newest first."""
    found = named(request, "history")
    if isinstance(found, Response):
        return found
    t, at = texts(request), max(1, number(request, "p"))
    revisions = library(request).store.revisions.history(
        found.page.id, found.body.language, limit=ROWS + 1, skipped=(at - 1) * ROWS
    )
    shown = views.History(found.page, found.body, revisions[:ROWS], at, has_older=len(revisions) > ROWS)
    return _page(request, t("history.title", title=found.title), views.history(t, shown))


def revision(request: Request) -> Response:
    """`GET /pages/revision/<slug>?body=&number=`: one revision as it was read, and the form that brings it back."""
    found = named(request, "revision")
    return found if isinstance(found, Response) else _revision(request, found)


def compare(request: Request) -> Response:
    """`GET /pages/compare/<slug>?body=&from=&to=`: what differs between two revisions."""
    found = named(request, "compare")
    if isinstance(found, Response):
        return found
    t, revisions = texts(request), library(request).store.revisions
    to = number(request, "to") or found.body.latest
    since = number(request, "from") or max(1, to - 1)
    try:
        pair = [revisions.get(found.page.id, found.body.language, each) for each in sorted((since, to))]
    except NotFoundError:
        return not_found(request)
    before, after = pair
    shown = views.Compared(found.page, found.body, before, after, compare_texts(before.text, after.text))
    return _page(request, t("history.compare.title", title=found.title), views.compared(t, shown))


def _restore(request: Request, fields: Mapping[str, str]) -> Response:
    """`POST /pages/revision/<slug>`: the revision becomes the newest one."""
    found = named(request, "revision")
    if isinstance(found, Response):
        return found
    by, why = fields.get("by", ""), fields.get("change", "")
    store, language = library(request).store, found.body.language
    try:
        restore_revision(store, found.page.slug, language, number(request, "number"), author=by, summary=why)
    except NotFoundError:
        return not_found(request)
    except KbError as error:
        return _revision(request, found, fields, error)
    parameters = [("body", language), ("done", "restored")]
    response = RedirectResponse(addresses.writing(texts(request).language, "history", found.page.slug, parameters), 303)
    remember_name(request, response, by)
    return response


def _revision(
    request: Request, found: Named, fields: Mapping[str, str] | None = None, error: KbError | None = None
) -> Response:
    t, store = texts(request), library(request).store
    try:
        shown = store.revisions.get(found.page.id, found.body.language, number(request, "number"))
    except NotFoundError:
        return not_found(request)
    source = Source.read(shown.text)
    rendered = render(source.body, resolve=Links(t, PERMANENT, Playbook(store)), t=t)
    typed = {"by": name_of(request), **(fields or {})}
    body = views.revision(t, found.page, found.body, shown, rendered, typed, error)
    return _page(request, t("history.revision.title", title=found.title, n=shown.number), body, 422 if error else 200)


def _page(request: Request, title: str, body: views.Markup, status: int = 200) -> Response:
    return page(request, title=title, body=body, screen=addresses.PLAYBOOK, status=status)


ROUTES = [
    Route(f"{addresses.WRITING}/history/{{slug:path}}", history),
    Route(f"{addresses.WRITING}/compare/{{slug:path}}", compare),
    Route(f"{addresses.WRITING}/revision/{{slug:path}}", revision, methods=["GET"]),
    Route(f"{addresses.WRITING}/revision/{{slug:path}}", form(_restore), methods=["POST"]),
]
