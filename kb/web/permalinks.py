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
from kb.html.pictures import ShownPage
from kb.library.anchors import follow
from kb.library.citations import citing_pages, citing_passage
from kb.model.passages import Page, Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version
from kb.store import Store
from kb.text.normalise import one_line
from kb.web.absent import missing, moved, version_at, withdrawn
from kb.web.basket_cookie import secret_of
from kb.web.pages import page
from kb.web.pictures import marking, page_number
from kb.web.requests import library, texts

_DESCRIPTION_CHARACTERS = 160


def passage(request: Request) -> Response:
    """`/c/<passage id>`: the quotation, where it stands, and what has become of it since.

    `?page=` shows the picture of another page beside it, `?size=large` a larger one; words of `?q=` are underlined.
    """
    store = library(request).store
    identity = request.path_params["passage_id"]
    try:
        shown = store.passages.get(identity)
        version = store.versions.get(shown.version_id)
    except NotFoundError:
        return missing(request, "passage", identity)
    if (gone := withdrawn(request, version, passage=shown)) is not None:
        return gone
    return page(
        request,
        title=version.title,
        description=one_line(shown.text)[:_DESCRIPTION_CHARACTERS],
        canonical=addresses.passage(shown.id),
        body=views.passage(
            texts(request),
            shown,
            version,
            fates=follow(store, shown),
            successor=store.succession.successor(version),
            picture=_page_shown(request, shown, version),
            is_collected=any(each.passage_id == shown.id for each in store.baskets.items(secret_of(request))),
            context=_context(request, shown, version),
            citing=citing_passage(store, shown),
        ),
    )


def work(request: Request) -> Response:
    """`/d/<work id>`: what is known of a document, in its best edition; ids it had before lead to it."""
    store = library(request).store
    asked = request.path_params["work_id"]
    work_id = store.former_works.now(asked)
    try:
        editions = store.versions.by_work(work_id)
    except NotFoundError:
        return missing(request, "work", work_id)
    language = texts(request).language
    shown = [each for each in editions if store.withdrawals.standing(each.id) is None] or editions
    own_language = [each for each in shown if each.metadata.language == language]
    version = next((each for each in own_language if each.status == shown[0].status), shown[0])
    if work_id != asked:
        return moved(request, addresses.work(version))
    return _document(request, version, canonical=addresses.work(version))


def edition(request: Request) -> Response:
    """`/d/<work id>/<version id>`: one edition; under another id of its work it leads to the present one."""
    identity = request.path_params["version_id"]
    version = version_at(request, identity)
    if version is None:
        return missing(request, "version", identity)
    if version.work_id != request.path_params["work_id"]:
        return moved(request, addresses.edition(version))
    return _document(request, version, canonical=addresses.edition(version))


def _document(request: Request, version: Version, *, canonical: str) -> Response:
    if (gone := withdrawn(request, version)) is not None:
        return gone
    store = library(request).store
    return page(
        request,
        title=version.title,
        canonical=canonical,
        body=views.work(
            texts(request),
            version,
            store.versions.by_work(version.work_id),
            store.versions.outline(version.id),
            successor=store.succession.successor(version),
            predecessor=store.succession.predecessor(version),
            citing=citing_pages(store, version),
        ),
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
    if page is None or not shown.stands_in(page):
        return None
    t = texts(request)
    href = version_href(t, version, passage=shown.id)
    outline = store.versions.outline(version.id)
    return in_context(t, shown, page, outline, structured=is_structured(version), href=href)


ROUTES = [
    Route("/c/{passage_id}", passage),
    Route("/d/{work_id}", work),
    Route("/d/{work_id}/{version_id}", edition),
]
