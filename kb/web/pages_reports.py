"""What there is to know and to do about the playbook as a whole: changes, links, translations, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KbError
from kb.html import addresses
from kb.html import playbook_overview as overview_views
from kb.html import playbook_pair as pair_views
from kb.html import playbook_reports as views
from kb.playbook.discussion import MOST_CHARACTERS
from kb.playbook.drift import report as drift_report
from kb.playbook.link_report import link_report
from kb.playbook.pairs import changed_since, pair_of, work_list
from kb.playbook.reviews import reviews
from kb.playbook.saving import publish, say_agreed, signed
from kb.playbook.source import Source
from kb.text.language import other_language
from kb.web import feed
from kb.web.pages import absolute, page
from kb.web.pages_bodies import Named, form, named, number
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

ROWS = 50
_IN_FEED = 100


def overview(request: Request) -> Response:
    """`GET /pages`: what waits to be done, and what changed last."""
    t, store = texts(request), library(request).store
    waiting, due = reviews(store, _today())
    counts = {
        "citations": drift_report(store, limit=0).found,
        "links": link_report(store).broken,
        "translations": sum(map(len, work_list(store))),
        "reviews": len(waiting) + len(due),
        "comments": sum(store.wiki_comments.open_counts().values()),
    }
    recent = store.revisions.recent(limit=10)
    pages = store.wiki.get_many({each.page_id for each in recent})
    commented = store.wiki.get_many({page_id for page_id, _ in store.wiki_comments.open_counts()})
    body = overview_views.overview(t, counts, recent, pages, store.wiki_comments.open_counts(), commented)
    return _page(request, t("reports.title"), body)


def changes(request: Request) -> Response:
    """`GET /pages/changes`: every published revision, newest first."""
    t, store, at = texts(request), library(request).store, max(1, number(request, "p"))
    found = store.revisions.recent(limit=ROWS + 1, skipped=(at - 1) * ROWS)
    pages = store.wiki.get_many({each.page_id for each in found})
    body = overview_views.changes(t, found[:ROWS], pages, at=at, has_older=len(found) > ROWS)
    return _page(request, t("reports.changes.title"), body)


def atom(request: Request) -> Response:
    """`GET /pages/changes.atom`: the same as an Atom feed; `?page=` or `?theme=` leave out everything else."""
    t, store = texts(request), library(request).store
    slug, theme = request.query_params.get("page", ""), request.query_params.get("theme", "")
    pages = {each.id: each for each in store.wiki.list(archived=True)}
    if slug:
        named_page = store.wiki.get(slug)
        pages = {named_page.id: named_page} if named_page is not None and not named_page.deleted_at else {}
    if theme:
        pages = {key: each for key, each in pages.items() if theme in {body.theme for body in each.bodies.values()}}
    found = store.revisions.recent(limit=_IN_FEED, pages=set(pages)) if slug or theme else None
    revisions = store.revisions.recent(limit=_IN_FEED) if found is None else found
    pages |= store.wiki.get_many({each.page_id for each in revisions})
    text = feed.atom(t, revisions, pages, absolute=lambda address: absolute(request, address), query=request.url.query)
    return Response(text, media_type="application/atom+xml; charset=utf-8", headers={"Cache-Control": "no-cache"})


def links(request: Request) -> Response:
    """`GET /pages/links`: links that lead nowhere, wanted pages, pages that nothing leads to."""
    t = texts(request)
    return _page(request, t("reports.links.title"), views.links(t, link_report(library(request).store)))


def translations(request: Request) -> Response:
    """`GET /pages/translations`: what is to be translated or brought up to date."""
    t, store = texts(request), library(request).store
    stale, missing = work_list(store)
    shown = [(each, pair_of(store, each.page, each.language)) for each in stale[:ROWS]]
    body = views.translations(t, shown, missing[:ROWS], stale=len(stale), missing=len(missing))
    return _page(request, t("reports.translations.title"), body)


def pair(request: Request) -> Response:
    """`GET /pages/pair/<slug>?body=`: what changed in the other language since this body agreed with it."""
    found = named(request, "pair")
    return found if isinstance(found, Response) else _pair(request, found)


def review(request: Request) -> Response:
    """`GET /pages/reviews`: what waits for review, and pages whose day to be looked at again has come."""
    t = texts(request)
    waiting, due = reviews(library(request).store, _today())
    done = request.query_params.get("done", "")
    return _page(request, t("reports.reviews.title"), views.reviews(t, waiting, due, by=name_of(request), done=done))


def _agree(request: Request, fields: Mapping[str, str]) -> Response:
    """`POST /pages/pair/<slug>`: both languages say the same now."""
    found = named(request, "pair")
    if isinstance(found, Response):
        return found
    by = fields.get("by", "")
    try:
        say_agreed(library(request).store, found.page.slug, author=by)
    except KbError as error:
        return _pair(request, found, fields, error)
    place = addresses.playbook_page(found.page.slug)
    response = RedirectResponse(addresses.in_language(place, texts(request).language), 303)
    remember_name(request, response, by)
    return response


def _reviewed(request: Request, fields: Mapping[str, str]) -> Response:
    """`POST /pages/reviews/<slug>?body=` with `do`: publish the latest revision, or send it back as a draft."""
    found = named(request, "reviews")
    if isinstance(found, Response):
        return found
    t, store, by, action = texts(request), library(request).store, fields.get("by", ""), fields.get("do", "")
    try:
        name = signed(by)
        publish(store, found.page.slug, found.body.language, stage="published" if action == "publish" else "draft")
    except KbError as error:
        waiting, due = reviews(store, _today())
        body = views.reviews(t, waiting, due, by=by, error=error)
        return _page(request, t("reports.reviews.title"), body, status=422)
    text = fields.get("comment", "").strip()
    if text:
        store.wiki_comments.add(
            found.page.id,
            found.body.language,
            revision=found.body.latest,
            heading="",
            quoted="",
            author=name,
            text=text[:MOST_CHARACTERS],
        )
    done = "published" if action == "publish" else "sent-back"
    response = RedirectResponse(addresses.writing(t.language, "reviews", parameters=[("done", done)]), 303)
    remember_name(request, response, by)
    return response


def _pair(
    request: Request, found: Named, fields: Mapping[str, str] | None = None, error: KbError | None = None
) -> Response:
    t, store = texts(request), library(request).store
    language = found.body.language
    state = pair_of(store, found.page, language)
    other = found.page.bodies.get(other_language(language))
    own = Source.read(store.revisions.get(found.page.id, language, found.body.published or found.body.latest).text)
    theirs = store.revisions.get(found.page.id, other.language, other.published or other.latest) if other else None
    shown = pair_views.ComparedPair(
        found.page,
        found.body,
        state,
        changed_since(store, found.page, language),
        own.body,
        Source.read(theirs.text).body if theirs else "",
    )
    body = pair_views.pair(t, shown, {"by": name_of(request), **(fields or {})}, error)
    return _page(request, t("pair.title", title=found.title), body, status=422 if error else 200)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _page(request: Request, title: str, body: Markup, *, status: int = 200) -> Response:
    return page(request, title=title, body=body, screen=addresses.PLAYBOOK, status=status)


_W = addresses.WRITING
ROUTES = [
    Route(_W, overview),
    Route(f"{_W}/changes", changes),
    Route(f"{_W}/changes.atom", atom),
    Route(f"{_W}/links", links),
    Route(f"{_W}/translations", translations),
    Route(f"{_W}/reviews", review, methods=["GET"]),
    Route(f"{_W}/reviews/{{slug:path}}", form(_reviewed), methods=["POST"]),
    Route(f"{_W}/pair/{{slug:path}}", pair, methods=["GET"]),
    Route(f"{_W}/pair/{{slug:path}}", form(_agree), methods=["POST"]),
]
