"""Watching pages and themes of the playbook over HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.html import addresses
from kb.store.wiki_watches import WatchKind
from kb.text.normalise import one_line
from kb.web.pages import not_found
from kb.web.pages_bodies import form
from kb.web.person import owner_of, with_owner
from kb.web.requests import library, texts

_MOST_CHARACTERS = 200


def _watch(request: Request, fields: Mapping[str, str]) -> Response:
    """`POST /pages/watch`: `do` is `page`, `theme`, `not-page`, `not-theme` or `seen`; leads back to `next`."""
    t, store, action = texts(request), library(request).store, fields.get("do", "")
    target = one_line(fields.get("target", ""))[:_MOST_CHARACTERS]
    response = RedirectResponse(addresses.way_back(fields.get("next", "/playbook"), t.language), 303)
    if action == "seen":
        store.wiki_watches.seen(owner_of(request))
        return response
    kind: WatchKind = "theme" if action.endswith("theme") else "page"
    page = store.wiki.get(target) if kind == "page" else None
    if action not in ("page", "theme", "not-page", "not-theme") or not target or (kind == "page" and page is None):
        return not_found(request)
    identity = str(page.id) if page else target
    if action.startswith("not-"):
        store.wiki_watches.remove(owner_of(request), kind, identity)
    else:
        store.wiki_watches.add(with_owner(request, response), kind, identity, t.language)
    return response


ROUTES = [Route(f"{addresses.WRITING}/watch", form(_watch), methods=["POST"])]
