"""What changed between two editions, at an address of its own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.html import addresses
from kb.html import comparison as views
from kb.library.changes import changes
from kb.web.absent import missing, moved, version_at, withdrawn
from kb.web.pages import page
from kb.web.requests import library, texts

_DIGITS = 6


def comparison(request: Request) -> Response:
    """`/d/<work id>/<version id>/changes/<other version id>`: from one edition to the other; `?p=` is a part of it."""
    t = texts(request)
    sides = []
    for identity in (request.path_params["version_id"], request.path_params["other_id"]):
        version = version_at(request, identity)
        if version is None:
            return missing(request, "version", identity)
        if (gone := withdrawn(request, version)) is not None:
            return gone
        sides.append(version)
    before, after = sides
    if before.id == after.id:
        return RedirectResponse(addresses.screen(addresses.edition(before), t.language), 302)
    if before.work_id != request.path_params["work_id"]:
        return moved(request, addresses.changes_between(before, after))
    title = t("changes.title", title=after.title)
    if before.metadata.language != after.metadata.language:
        return page(request, title=title, body=views.not_comparable(t, before, after, why="languages"), status=404)
    found = changes(library(request).store, before.id, after.id)
    if not found.sections:
        return page(request, title=title, body=views.not_comparable(t, before, after, why="no_text"), status=404)
    asked = request.query_params.get("p", "")
    return page(
        request,
        title=title,
        description=views.summary(t, found),
        canonical=addresses.changes_between(before, after),
        body=views.comparison(
            t,
            before,
            after,
            found,
            part=int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < _DIGITS else 1,
        ),
    )


ROUTES = [Route("/d/{work_id}/{version_id}/changes/{other_id}", comparison)]
