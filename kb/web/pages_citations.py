"""The report of citations whose source has drifted, and what is done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import EditConflictError, KbError, KeepingError, NotFoundError, PlaybookError
from kb.html import addresses, notices
from kb.html import playbook_citations as views
from kb.html.playbook_citations import CAUSES, ShownReport
from kb.model.evidence import Evidence
from kb.model.playbook import WikiPage
from kb.playbook import drift
from kb.playbook.citing import update
from kb.playbook.drift import Drift
from kb.playbook.saving import signed
from kb.store import Store
from kb.text.language import LANGUAGES, Language
from kb.web.forms import posted
from kb.web.pages import not_found, page
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

SHOWN = 20
"""Citations on one page of the report."""
_CHOICES = ("page", "cause", "language")


def citations(request: Request) -> Response:
    """`GET /pages/citations`: those of every page, or of `?page=`; of one `?cause=` or `?language=`; `?p=` goes on."""
    return _page(request, request.query_params, done=request.query_params.get("done", ""))


async def act(request: Request) -> Response:
    """`POST /pages/citations`: `do` is `confirm` or `update`, for the citation that the form names."""
    try:
        fields = await posted(request)
    except KeepingError as error:
        return await run_in_threadpool(_refused, request, error)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    t, store = texts(request), library(request).store
    held = store.wiki.get(fields.get("slug", ""))
    language = _language(fields.get("body", ""))
    if held is None or held.deleted_at or language is None or language not in held.bodies:
        return not_found(request)
    try:
        name = signed(fields.get("by", ""))
        if fields.get("do") == "confirm":
            done = _confirm(store, held, language, fields, name)
        elif fields.get("do") == "update":
            done = _update(request, held, language, fields, name)
        else:
            return not_found(request)
    except (PlaybookError, NotFoundError) as error:
        status = 409 if isinstance(error, EditConflictError) else 422
        return _page(request, fields, error=error, status=status, name=fields.get("by", ""))
    chosen = {each: fields.get(each, "") for each in _CHOICES}
    response = RedirectResponse(addresses.citations(t.language, **chosen, p=fields.get("p", ""), done=done), 303)
    remember_name(request, response, name)
    return response


def _confirm(store: Store, held: WikiPage, language: Language, fields: Mapping[str, str], name: str) -> str:
    passage, state = fields.get("passage", ""), fields.get("state", "")
    if drift.find(store, held, language, passage) is None:
        raise drift.changed_again()
    drift.confirm(store, held, language, passage, by=name, state=state)
    return "confirmed"


def _update(request: Request, held: WikiPage, language: Language, fields: Mapping[str, str], name: str) -> str:
    t, store = texts(request), library(request).store
    found = drift.find(store, held, language, fields.get("passage", ""))
    if found is None:
        raise drift.changed_again()
    summary = t("citing.summary", title=_title(found))
    better, state = fields.get("better", ""), fields.get("state", "")
    update(store, found, better=better, state=state, by=name, summary=summary)
    return "updated"


def _title(found: Drift) -> str:
    if not isinstance(found.evidence, Evidence):
        return found.passage_id
    successor = found.evidence.successor
    return (successor.version if successor else found.evidence.version).title


def _page(
    request: Request,
    asked: Mapping[str, str],
    *,
    error: KbError | None = None,
    done: str = "",
    status: int = 200,
    name: str = "",
) -> Response:
    t, store = texts(request), library(request).store
    of = store.wiki.get(asked.get("page", "")) if asked.get("page") else None
    if asked.get("page") and (of is None or of.deleted_at):
        return not_found(request)
    cause = asked.get("cause", "") if asked.get("cause", "") in CAUSES else ""
    language = _language(asked.get("language", "")) or ""
    number = _number(asked.get("p", ""))
    found = drift.report(store, of, cause=cause, language=language, skipped=(number - 1) * SHOWN, limit=SHOWN)
    last = max(1, -(-found.found // SHOWN))
    if number > last:
        number = last
        found = drift.report(store, of, cause=cause, language=language, skipped=(number - 1) * SHOWN, limit=SHOWN)
    shown = ShownReport(
        found,
        chosen={"page": of.slug if of else "", "cause": cause, "language": language},
        headings=_headings(store, found.shown),
        better=store.passages.get_many(sorted({each.better for each in found.shown if each.better})),
        page=of,
        number=number,
        last=last,
        name=name or name_of(request),
        done=done if done in ("confirmed", "updated") else "",
        problem=notices.problem(t, error) if error else None,
    )
    body = views.citations(t, shown)
    return page(request, title=t("citing.report.title"), body=body, screen=addresses.PLAYBOOK, status=status)


def _headings(store: Store, shown: Sequence[Drift]) -> Mapping[tuple[int, str, str], str]:
    return {
        (page_id, language, each.id): each.title
        for page_id, language in {(each.page.id, each.language) for each in shown}
        for each in store.wiki_links.headings(page_id, language)
    }


def _refused(request: Request, error: KbError) -> Response:
    t = texts(request)
    return page(request, title=t("citing.report.title"), body=notices.problem(t, error), status=403)


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _language(text: str) -> Language | None:
    return next((each for each in LANGUAGES if each == text), None)


ROUTES = [
    Route(f"{addresses.WRITING}/citations", citations, methods=["GET"]),
    Route(f"{addresses.WRITING}/citations", act, methods=["POST"]),
]
