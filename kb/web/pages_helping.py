"""What helps while a playbook page is written: its preview, drafts, titles of pages, and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kb.errors import IndexUnavailableError, KeepingError, QueryError
from kb.html import addresses, notices
from kb.html.playbook_find import GROUPS, Found, find_page, find_results
from kb.html.playbook_preview import preview
from kb.playbook.saving import MOST_CHARACTERS
from kb.playbook.slugs import is_slug
from kb.playbook.titles import headings_at, pages_called
from kb.playbook.typed import TYPED, plain_lines
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import one_line
from kb.web.forms import posted
from kb.web.pages import page
from kb.web.pages_edit import MOST_BYTES
from kb.web.pages_opening import rendered_with_remarks
from kb.web.person import owner_of, with_owner
from kb.web.requests import library, texts

_PRIVATE = {"Cache-Control": "no-store"}
_MOST_QUERY_CHARACTERS = 300
_HITS = 6
"""Of a country; those of the playbook itself are left out of them."""


async def show_preview(request: Request) -> Response:
    """`POST /pages/preview` with `body`, `title` and `language`: a piece of HTML."""
    try:
        fields = await posted(request, most_bytes=MOST_BYTES)
    except KeepingError as error:
        return await run_in_threadpool(_problem, request, error)
    return await run_in_threadpool(_previewed, request, fields)


async def keep_draft(request: Request) -> Response:
    """`POST /pages/draft`: keep what was typed, known by `key` and `language`; with `do=discard` let go of it.

    Answers with the moment it was kept, or leads `back` after it was discarded.
    """
    try:
        fields = await posted(request, most_bytes=MOST_BYTES)
    except KeepingError as error:
        return await run_in_threadpool(_problem, request, error)
    return await run_in_threadpool(_drafted, request, fields)


def titles(request: Request) -> Response:
    """`GET /pages/titles`: pages whose title or address holds `?q=`, or the headings of `?page=`, as JSON."""
    book, language = library(request).store, texts(request).language
    slug = request.query_params.get("page", "")
    if slug:
        found = headings_at(book, slug, _language(request.query_params.get("body", "")) or language)
        listed = [{"id": each.id, "title": each.title, "level": each.level} for each in found]
        return JSONResponse({"headings": listed}, headers=_PRIVATE)
    query = request.query_params.get("q", "")[:_MOST_QUERY_CHARACTERS]
    pages = [
        {"slug": each.slug, "title": each.title, "language": each.language}
        for each in pages_called(book, query, _language(request.query_params.get("body", "")) or language)
    ]
    return JSONResponse({"pages": pages}, headers=_PRIVATE)


def find(request: Request) -> Response:
    """`GET /pages/find`: passages for `?q=`, on a page of their own, or with `?part=1` as a piece of HTML."""
    t = texts(request)
    found = _found(request)
    if request.query_params.get("part"):
        return HTMLResponse(find_results(t, found) or "", headers={**_PRIVATE, "Content-Language": t.language})
    return page(request, title=t("writing.find.title"), body=find_page(t, found), screen=addresses.PLAYBOOK)


def _found(request: Request) -> Found:
    query = one_line(request.query_params.get("q", ""))[:_MOST_QUERY_CHARACTERS]
    if not query:
        return Found()
    try:
        result = library(request).search(query, limit=_HITS * 3)
    except (QueryError, IndexUnavailableError) as error:
        return Found(query, error=error)
    groups = [
        (country, [hit for hit in result.by_country[country].hits if hit.is_found and not hit.version.slug][:_HITS])
        for country in GROUPS
        if country in result.by_country
    ]
    return Found(query, groups, f"{datetime.now(UTC).date()}")


def _previewed(request: Request, fields: Mapping[str, str]) -> Response:
    t = texts(request)
    language = _language(fields.get("language", "")) or t.language
    rendered, remarks = rendered_with_remarks(request, fields.get("body", "")[: MOST_CHARACTERS * 2])
    made = preview(t, rendered, remarks, language, title=one_line(fields.get("title", "")))
    return HTMLResponse(made, headers={**_PRIVATE, "Content-Language": t.language})


def _drafted(request: Request, fields: Mapping[str, str]) -> Response:
    drafts, language = library(request).store.wiki_drafts, _language(fields.get("language", ""))
    key, back = fields.get("key", ""), fields.get("back", "")
    if language is None or not (is_slug(key.removeprefix("+")) or key == "+"):
        return JSONResponse({}, 422, headers=_PRIVATE)
    if fields.get("do") == "discard":
        drafts.remove(owner_of(request), key, language)
        if back:
            return RedirectResponse(addresses.way_back(back, texts(request).language), 303, headers=_PRIVATE)
        return JSONResponse({"saved_at": ""}, headers=_PRIVATE)
    number = fields.get("based_on", "")
    based_on = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
    typed = {name: plain_lines(fields[name]) for name in TYPED if name in fields}
    secret = Response()  # the cookie of a new browser is known before there is an answer
    moment = drafts.put(with_owner(request, secret), key, language, based_on, typed)
    response = JSONResponse({"saved_at": moment}, headers=_PRIVATE)
    response.raw_headers += [each for each in secret.raw_headers if each[0] == b"set-cookie"]
    return response


def _problem(request: Request, error: KeepingError) -> Response:
    words = notices.problem_texts(texts(request), error.code, error.facts)
    return JSONResponse({"problem": " ".join(words)}, 403, headers=_PRIVATE)


def _language(text: str) -> Language | None:
    return next((each for each in LANGUAGES if each == text), None)


ROUTES = [
    Route(f"{addresses.WRITING}/preview", show_preview, methods=["POST"]),
    Route(f"{addresses.WRITING}/draft", keep_draft, methods=["POST"]),
    Route(f"{addresses.WRITING}/titles", titles),
    Route(f"{addresses.WRITING}/find", find),
]
