"""Answers for what is no longer shown (410), and for addresses that have become others (301)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kb.errors import NotFoundError
from kb.html import withdrawn as views
from kb.library.withdrawal import current_again
from kb.model.passages import Passage
from kb.model.works import Version
from kb.store.deletions import Kind
from kb.web.pages import not_found, page
from kb.web.requests import library, texts


def withdrawn(request: Request, version: Version, *, passage: Passage | None = None) -> Response | None:
    """The page that says that a version was withdrawn; None where it was not."""
    store, t = library(request).store, texts(request)
    withdrawal = store.withdrawals.standing(version.id)
    if withdrawal is None:
        return None
    successor = store.succession.successor(version)
    again = current_again(store, version)
    current = [each for each in again if store.withdrawals.standing(each.id) is None]
    body = views.withdrawn(t, version, withdrawal, passage=passage, successor=successor, current=current)
    return page(request, title=t("withdrawn.title"), body=body, status=410)


def missing(request: Request, kind: Kind, identity: str) -> Response:
    """The page for what is not held: that it was deleted, or that there is nothing at this address."""
    deleted_at = library(request).store.deletions.deleted_at(kind, identity)
    if deleted_at is None:
        return not_found(request)
    t = texts(request)
    return page(request, title=t("deleted.title"), body=views.deleted(t, deleted_at), status=410)


def moved(request: Request, address: str) -> Response:
    """A redirect for ever to the `address` that took the place of this one, with the parameters of the request.

    It is asked for again each time: an id that was corrected may be corrected back, and a browser that kept both
    redirects would follow them in a circle.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(address + query, 301, headers={"Cache-Control": "no-cache"})


def version_at(request: Request, version_id: str) -> Version | None:
    """The version with this id; None where it is not held."""
    try:
        return library(request).store.versions.get(version_id)
    except NotFoundError:
        return None
