"""Comments on a playbook page over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KbError, PlaybookError
from kb.html import addresses
from kb.html import playbook_discuss as views
from kb.html.playbook_links import PERMANENT, Links
from kb.playbook.discussion import MOST_CHARACTERS, discussion, quoted
from kb.playbook.pages import Playbook
from kb.playbook.saving import signed
from kb.playbook.source import Source
from kb.web.pages import page
from kb.web.pages_bodies import Named, form, named
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts


def discuss(request: Request) -> Response:
    """`GET /pages/discuss/<slug>?body=`: the latest text by paragraphs, each with its comments."""
    found = named(request, "discuss")
    return found if isinstance(found, Response) else _page(request, found, {}, None)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    """`POST /pages/discuss/<slug>`: `do` is `comment`, `answer`, `settle` or `reopen`."""
    found = named(request, "discuss")
    if isinstance(found, Response):
        return found
    try:
        anchor = _done(request, found, fields)
    except KbError as error:
        return _page(request, found, fields, error)
    language = texts(request).language
    place = addresses.writing(
        language, "discuss", found.page.slug, [("body", found.body.language)], fragment=f"kb-thread-{anchor}"
    )
    response = RedirectResponse(place, 303)
    remember_name(request, response, fields.get("by", ""))
    return response


def _done(request: Request, found: Named, fields: Mapping[str, str]) -> int:
    """Do what a form asks for; gives the comment at whose thread its reader goes on."""
    comments, body = library(request).store.wiki_comments, found.body
    name, action = signed(fields.get("by", "")), fields.get("do", "")
    about = _number(fields.get("about", ""))
    if action in ("settle", "reopen"):
        comments.settle(found.page.id, about, by=name if action == "settle" else "")
        return about
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise PlaybookError(
            "The comment is empty or too long.", remedy="Shorten it.", reason="playbook-comment", most=MOST_CHARACTERS
        )
    add = partial(comments.add, found.page.id, body.language, revision=body.latest, author=name, text=text)
    if action == "answer":
        add(heading="", quoted="", answers=about)
        return about
    parts = discussion(_source(request, found).body, ()).paragraphs
    block = parts[about].block if 0 <= about < len(parts) else None
    words = quoted(block) if block and quoted(block) == fields.get("quoted", "") else fields.get("quoted", "")[:300]
    heading = block.heading_id if block else ""
    return add(heading=heading, quoted=words)


def _page(request: Request, found: Named, fields: Mapping[str, str], error: KbError | None) -> Response:
    t, store = texts(request), library(request).store
    comments = store.wiki_comments.of(found.page.id, found.body.language)
    shown = views.Shown(
        found.page,
        found.body,
        discussion(_source(request, found).body, comments),
        {"by": name_of(request), **fields},
        error,
    )
    body = views.discuss(t, shown, Links(t, PERMANENT, Playbook(store)))
    return page(
        request,
        title=t("discuss.title", title=found.title),
        body=body,
        screen=addresses.PLAYBOOK,
        status=422 if error else 200,
    )


def _source(request: Request, found: Named) -> Source:
    revisions = library(request).store.revisions
    return Source.read(revisions.get(found.page.id, found.body.language, found.body.latest).text)


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else -1


ROUTES = [
    Route(f"{addresses.WRITING}/discuss/{{slug:path}}", discuss, methods=["GET"]),
    Route(f"{addresses.WRITING}/discuss/{{slug:path}}", form(_act), methods=["POST"]),
]
