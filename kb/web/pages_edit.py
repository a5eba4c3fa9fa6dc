"""Writing a page of the playbook: `/pages/edit/<slug>` and `/pages/new`, plain forms that keep what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import EditConflictError, KbError, KeepingError, PlaybookError
from kb.html import addresses, notices
from kb.html import playbook_editor as views
from kb.html.element import el
from kb.html.playbook_editor import Editor
from kb.html.playbook_preview import preview
from kb.model.playbook import Stage
from kb.playbook.saving import MOST_CHARACTERS, Edit, Saved, save, taken
from kb.playbook.slugs import proposed_slug
from kb.playbook.source import Source
from kb.playbook.typed import TYPED, form_of, plain_lines, problems_of, source_of
from kb.web.assets import editor_script_hrefs
from kb.web.forms import posted
from kb.web.pages import page
from kb.web.pages_opening import Opened, beside, conflict_of, editor_of, open_page, rendered_with_remarks
from kb.web.person import name_of, owner_of, remember_name, with_owner
from kb.web.requests import library, texts

MOST_BYTES = 5_000_000
"""Of a form: as many characters as a page may have, each of nine bytes as browsers send Japanese."""

_STAGES: Mapping[str, Stage] = {"publish": "published", "draft": "draft", "review": "review"}
_SLUG_PROBLEMS = frozenset({"playbook-slug", "playbook-taken"})
_FIELD_OF = {"playbook-title": "title", "playbook-name": "by", "playbook-long": "body"}


def show(request: Request) -> Response:
    """`GET`: the form with the latest text, or with the draft that `?draft=1` asks for."""
    opened = open_page(request)
    if isinstance(opened, Response):
        return opened
    draft = library(request).store.wiki_drafts.get(owner_of(request), opened.key, opened.language)
    fields = {**form_of(opened.source), "slug": opened.wanted, "by": name_of(request), "agrees": opened.agrees}
    based_on = opened.based_on
    is_restored = draft is not None and bool(request.query_params.get("draft"))
    if draft is not None and is_restored:
        fields, based_on = {**fields, **draft.fields}, opened.still_held(draft.based_on)
        draft = None
    elif draft is not None and _is_same(draft.fields, fields):
        draft = None
    shown = editor_of(request, opened, fields, based_on=based_on)
    shown = replace(shown, draft=draft, is_restored=is_restored, done=request.query_params.get("done", ""))
    return _page(request, shown, status=200)


async def send(request: Request) -> Response:
    """`POST`: save what was typed, or show how it will look."""
    try:
        fields = await posted(request, most_bytes=MOST_BYTES)
    except KeepingError as error:
        return await run_in_threadpool(_refused, request, error)
    return await run_in_threadpool(_sent, request, fields)


def _sent(request: Request, sent: Mapping[str, str]) -> Response:
    opened = open_page(request, based_on=sent.get("based_on", ""))
    if isinstance(opened, Response):
        return opened
    fields = {**{name: sent.get(name, "") for name in TYPED}, "body": plain_lines(sent.get("body", ""))}
    if opened.page is None:
        fields["slug"] = fields["slug"].strip().strip("/") or proposed_slug(fields["title"])
    shown = editor_of(request, opened, fields, based_on=opened.based_on)
    stage = _STAGES.get(sent.get("do", ""))
    if stage is None:
        return _page(request, _previewed(request, opened, shown), status=200)
    problems = problems_of(fields, is_new=opened.page is None)
    there = library(request).store.wiki.get(fields["slug"]) if opened.page is None and "slug" not in problems else None
    if there is not None and not there.deleted_at:
        return _page(request, _wrong(shown, taken(there.slug)), status=422)
    if problems:
        length = {"length": len(fields["body"]), "most": MOST_CHARACTERS} if "body" in problems else {}
        return _page(request, replace(shown, form=replace(shown.form, problems=problems, facts=length)), status=422)
    source = source_of(opened.source, fields)
    if stage == "published" and (source.text != opened.source.text or not opened.is_published):
        source = source.with_values({"updated": f"{datetime.now(UTC).date()}"})
    slug = opened.page.slug if opened.page else fields["slug"]
    edit = Edit(
        slug, opened.language, source.text, opened.based_on, fields["by"], fields["change"], stage,
        agrees=fields["agrees"] == "1",
    )  # fmt: skip
    try:
        saved = save(library(request).store, edit)
    except EditConflictError as error:
        return _page(request, _conflicting(request, opened, shown, source, error), status=409)
    except PlaybookError as error:
        return _page(request, _wrong(shown, error), status=422)
    return _saved(request, opened, saved, stage, fields["by"])


def _saved(request: Request, opened: Opened, saved: Saved, stage: Stage, name: str) -> Response:
    t = texts(request)
    library(request).store.wiki_drafts.remove(owner_of(request), opened.key, opened.language)
    done = "merged" if saved.merged else stage
    if stage == "published":
        place = addresses.screen(addresses.playbook_page(saved.slug), opened.language, [("done", done)])
    else:
        parameters = [("body", opened.language), ("done", done)]
        place = addresses.writing(t.language, "edit", saved.slug, parameters)
    response = RedirectResponse(place, 303)
    remember_name(request, response, name)
    return response


def _wrong(shown: Editor, error: PlaybookError) -> Editor:
    """The form with what the playbook refused, at the field it is about where it is about one."""
    reason = str(error.facts.get("reason", ""))
    name = "slug" if reason in _SLUG_PROBLEMS and shown.page is None else _FIELD_OF.get(reason, "")
    problems = {name: reason} if name else {}
    return replace(shown, form=replace(shown.form, problems=problems, facts=error.facts), code=error.code)


def _conflicting(request: Request, opened: Opened, shown: Editor, mine: Source, error: EditConflictError) -> Editor:
    """The form with both wordings, made from what the other one saved."""
    again = opened.again(library(request).store, shown.form.fields["slug"], error.latest)
    typed = {name: shown.form.fields[name] for name in ("change", "by", "agrees", "slug")}
    fields = {**form_of(Source.read(error.text)), **typed}
    editor = editor_of(request, again, fields, based_on=error.latest)
    return replace(editor, conflict=conflict_of(library(request).store, opened, again, mine, error))


def _previewed(request: Request, opened: Opened, shown: Editor) -> Editor:
    fields = shown.form.fields
    rendered, remarks = rendered_with_remarks(request, fields["body"])
    made = preview(texts(request), rendered, remarks, opened.language, title=fields["title"])
    return replace(shown, preview=made, other=beside(request, opened, fields["body"]))


def _page(request: Request, shown: Editor, *, status: int) -> Response:
    t = texts(request)
    scripts = [el("script", type="module", src=href) for href in editor_script_hrefs()]
    body = el("div", views.editor(t, shown), scripts)
    response = page(request, title=views.title(t, shown), body=body, screen=addresses.PLAYBOOK, status=status)
    response.headers["Cache-Control"] = "no-store"
    with_owner(request, response)
    return response


def _refused(request: Request, error: KbError) -> Response:
    t = texts(request)
    return page(request, title=t("playbook.title"), body=notices.problem(t, error), status=403)


def _is_same(draft: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    """Whether a draft says nothing that the form does not say already."""
    return all(draft.get(name, fields[name]) == fields[name] for name in TYPED if name in fields and name != "by")


ROUTES = [
    Route(f"{addresses.WRITING}/new", show, methods=["GET"]),
    Route(f"{addresses.WRITING}/new", send, methods=["POST"]),
    Route(f"{addresses.WRITING}/edit/{{slug:path}}", show, methods=["GET"]),
    Route(f"{addresses.WRITING}/edit/{{slug:path}}", send, methods=["POST"]),
]
