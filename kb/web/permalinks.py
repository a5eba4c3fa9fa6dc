"""Permanent addresses of passages, works and editions, readable without scripts."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import NotFoundError, PictureError
from kb.html import addresses
from kb.html import passage as views
from kb.html.blocks import is_structured
from kb.html.context import in_context
from kb.html.hits import version_href
from kb.html.page_text import stands_in
from kb.html.pictures import ShownPage
from kb.model.passages import Page, Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version
from kb.store import Store
from kb.text.normalise import one_line
from kb.web.pages import not_found, page
from kb.web.pictures import marking, page_number
from kb.web.requests import library, texts

_DESCRIPTION_CHARACTERS = 160


def passage(request: Request) -> Response:
    """`/c/<passage id>`: the quotation and where it stands; `?page=` shows the picture of another page beside it.

    `?q=` are words to underline in the picture, `?size=large` a larger one.
    """
    store = library(request).store
    try:
        shown = store.passages.get(request.path_params["passage_id"])
        version = store.versions.get(shown.version_id)
    except NotFoundError:
        return not_found(request)
    return page(
        request,
        title=version.title,
        description=one_line(shown.text)[:_DESCRIPTION_CHARACTERS],
        canonical=addresses.passage(shown.id),
        body=views.passage(
            texts(request),
            shown,
            version,
            store.versions.by_work(version.work_id),
            changed=not _stands(store, shown),
            picture=_page_shown(request, shown, version),
            context=_context(request, shown, version),
        ),
    )


def work(request: Request) -> Response:
    """`/d/<work id>` and `/d/<work id>/<version id>`: what is known of a document; the first shows its best edition."""
    store = library(request).store
    try:
        editions = store.versions.by_work(request.path_params["work_id"])
    except NotFoundError:
        return not_found(request)
    wanted = request.path_params.get("version_id")
    t = texts(request)
    candidates = [each for each in editions if wanted is None or each.id == wanted]
    if not candidates:
        return not_found(request)
    own_language = [each for each in candidates if each.metadata.language == t.language]
    version = next((each for each in own_language if each.status == candidates[0].status), candidates[0])
    return page(
        request,
        title=version.title,
        canonical=addresses.edition(version) if wanted else addresses.work(version),
        body=views.work(t, version, editions, store.versions.outline(version.id)),
    )


def _page_shown(request: Request, shown: Passage, version: Version) -> ShownPage | None:
    """The picture of the page that is asked for, else of the passage's own; None where the document has none."""
    number = page_number(request.query_params.get("page", ""), version) or shown.page
    if number is None:
        return None
    query, large = marking(request)
    held = library(request)
    drawn: PagePicture | PictureError
    try:
        passage = shown if number == shown.page else None
        drawn = held.pictures.page(version, number, passage, query=query, large=large)
    except NotFoundError:
        return None
    except PictureError as error:
        drawn = error
    return ShownPage(number, drawn, _text(held.store, version, number), query, large)


def _text(store: Store, version: Version, number: int) -> Page | None:
    try:
        return store.pages.get(version.id, number)
    except NotFoundError:
        return None


def _context(request: Request, shown: Passage, version: Version) -> Markup | None:
    """The text around a passage of a document without pages, where it still stands there."""
    store = library(request).store
    page = _text(store, version, 1) if shown.page is None else None
    if page is None or not stands_in(shown, page):
        return None
    t = texts(request)
    href = version_href(t, version, passage=shown.id)
    outline = store.versions.outline(version.id)
    return in_context(t, shown, page, outline, structured=is_structured(version), href=href)


def _stands(store: Store, shown: Passage) -> bool:
    try:
        return stands_in(shown, store.pages.get(shown.version_id, shown.page or 1))
    except NotFoundError:
        return False


ROUTES = [
    Route("/c/{passage_id}", passage),
    Route("/d/{work_id}", work),
    Route("/d/{work_id}/{version_id}", work),
]
