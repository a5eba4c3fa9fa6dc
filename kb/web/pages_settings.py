"""The settings of a playbook page over HTTP: moving, archiving, deleting and bringing back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KeepingError, NotFoundError, PlaybookError
from kb.html import addresses, notices
from kb.html import playbook_settings as views
from kb.html.playbook_settings import LinkingPage, PageSettings
from kb.model.playbook import WikiPage
from kb.playbook.moving import archive, bring_back, delete, move
from kb.playbook.slugs import is_slug
from kb.store import Store
from kb.text.language import Language
from kb.text.normalise import one_line
from kb.web.forms import posted
from kb.web.pages import not_found, page
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

_FIELD_OF = {"playbook-name": "by", "playbook-slug": "to", "playbook-taken": "to", "playbook-why": "reason"}
_MOST_REASON_CHARACTERS = 1_000


def show(request: Request) -> Response:
    """`GET /pages/settings/<slug>`: also of a page that was deleted."""
    found = _wiki_page(request)
    if found is None:
        return not_found(request)
    slug = request.path_params["slug"]
    if found.slug != slug:
        return RedirectResponse(addresses.page_settings(texts(request).language, found.slug), 303)
    query = request.query_params
    number = query.get("n", "")
    rewritten = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 0
    return _page(request, replace(_settings(request, found), done=query.get("done", ""), rewritten=rewritten))


async def act(request: Request) -> Response:
    """`POST /pages/settings/<slug>` with what to `do` and what it needs; a refused form keeps what was typed."""
    try:
        fields = await posted(request)
    except KeepingError as error:
        t = texts(request)
        return page(request, title=t("playbook.title"), body=notices.problem(t, error), status=403)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    found = _wiki_page(request)
    action, by = fields.get("do", ""), fields.get("by", "")
    if found is None or action not in ("move", "archive", "delete", "restore"):
        return not_found(request)
    store, slug, rewritten = library(request).store, found.slug, 0
    reason = one_line(fields.get("reason", "") or fields.get("note", ""))[:_MOST_REASON_CHARACTERS]
    problems = _missing(action, by, reason)
    if problems:
        shown = replace(_settings(request, found), action=action, fields=fields, problems=problems)
        return _page(request, shown, status=422)
    try:
        if action == "move":
            moved = move(store, slug, fields.get("to", "").strip().strip("/"), author=by)
            slug, rewritten = moved.slug, len({each for each, _ in moved.rewritten})
        elif action == "archive":
            archive(store, slug, author=by, reason=reason)
        elif action == "delete":
            delete(store, slug, author=by, reason=reason)
        else:
            bring_back(store, slug, author=by, reason=reason)
    except NotFoundError:
        return not_found(request)
    except PlaybookError as error:
        return _page(request, _wrong(request, found, action, fields, error), status=422)
    t = texts(request)
    parameters = [("done", action), ("n", f"{rewritten or ''}")]
    response = RedirectResponse(addresses.writing(t.language, "settings", slug, parameters), 303)
    remember_name(request, response, by)
    return response


def _missing(action: str, by: str, reason: str) -> dict[str, str]:
    """What a form lacks, all at once: a name, and why a page is deleted."""
    found = {"reason": "playbook-why"} if action == "delete" and not reason else {}
    return found if one_line(by) else {**found, "by": "playbook-name"}


def _wrong(
    request: Request, found: WikiPage, action: str, fields: Mapping[str, str], error: PlaybookError
) -> PageSettings:
    reason = str(error.facts.get("reason", ""))
    problems = {_FIELD_OF[reason]: reason} if reason in _FIELD_OF else {}
    shown = _settings(request, found)
    return replace(shown, action=action, fields=fields, problems=problems, facts=error.facts, code=error.code)


def _settings(request: Request, found: WikiPage) -> PageSettings:
    store, language = library(request).store, texts(request).language
    former = [slug for slug, present in store.wiki.redirects().items() if present == found.slug]
    body = found.body(language) or found.body(language, unpublished=True)
    return PageSettings(
        page=found,
        title=(body.title if body else "") or found.slug,
        linking=_linking(store, [found.slug, *former], found, language),
        former=former,
        by=name_of(request),
    )


def _linking(store: Store, slugs: Sequence[str], found: WikiPage, language: Language) -> Sequence[LinkingPage]:
    """Pages that link to one of `slugs`, each once, in the reader's language where it is written in it."""
    ids = {each.page_id for each in store.wiki_links.to(("page",), slugs)} - {found.id}
    linking = []
    for each in store.wiki.get_many(ids).values():
        body = each.body(language)
        if body is not None and not each.deleted_at:
            linking.append(LinkingPage(each.slug, body.title or each.slug, body.language))
    return sorted(linking, key=lambda each: each.title)


def _page(request: Request, shown: PageSettings, *, status: int = 200) -> Response:
    t = texts(request)
    title = t("settings.title", title=shown.title)
    return page(
        request,
        title=t("writing.error", title=title) if status != 200 else title,
        body=views.settings_page(t, shown),
        screen=addresses.PLAYBOOK,
        status=status,
    )


def _wiki_page(request: Request) -> WikiPage | None:
    slug = request.path_params["slug"]
    return library(request).store.wiki.get(slug) if is_slug(slug) else None


ROUTES = [
    Route(f"{addresses.WRITING}/settings/{{slug:path}}", show, methods=["GET"]),
    Route(f"{addresses.WRITING}/settings/{{slug:path}}", act, methods=["POST"]),
]
