"""Filling in the table of a page that compares: a cell written, filled with a passage, or noted as not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kb.errors import (
    EditConflictError,
    IndexUnavailableError,
    KbError,
    KeepingError,
    NotFoundError,
    PlaybookError,
    QueryError,
)
from kb.html import addresses, notices
from kb.html import playbook_cells as views
from kb.html.playbook_cells import OpenCell, ShownTable
from kb.model.works import Version
from kb.playbook.comparison_page import COUNTRIES, Table, as_query, table_of
from kb.playbook.filling import CellName, OpenTable, add_topic, fill, open_table
from kb.playbook.links import links
from kb.playbook.markup.countries import ComparedCountry
from kb.playbook.proposals import Proposals, keep, proposals
from kb.playbook.saving import signed
from kb.playbook.source import Source
from kb.store import Store
from kb.text.language import LANGUAGES, other_language
from kb.web.forms import posted
from kb.web.pages import not_found, page
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

_DONE = ("filled", "nothing", "added")


def cells(request: Request) -> Response:
    """`GET /pages/cells/<slug>?body=`: the table; `?row=&country=&do=edit|propose` opens a cell, `?q=&also=` search."""
    try:
        opened = _opened(request)
    except NotFoundError:
        return not_found(request)
    asked = request.query_params
    done = asked.get("done", "")
    return _page(request, opened, _asked_cell(request, opened, asked), done=done if done in _DONE else "")


async def act(request: Request) -> Response:
    """`POST /pages/cells/<slug>?body=`: `do` is `edit`, `nothing` or `topic`; `put` names the passage to put in."""
    try:
        fields = await posted(request)
    except KeepingError as error:
        return await run_in_threadpool(_refused, request, error)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    t = texts(request)
    try:
        opened = _opened(request)
    except NotFoundError:
        return not_found(request)
    try:
        name = signed(fields.get("by", ""))
        done = _saved(request, opened, fields, name)
    except (PlaybookError, QueryError, IndexUnavailableError) as error:
        status = 409 if isinstance(error, EditConflictError) else 422
        opened = _opened(request)
        return _page(request, opened, _asked_cell(request, opened, fields), error=error, fields=fields, status=status)
    if not done:
        return not_found(request)
    fragment = "add" if done == "added" else f"row-{_number(fields.get('row', ''))}"
    language = opened.body.language
    response = RedirectResponse(
        addresses.cells(t.language, opened.page.slug, language, fragment=fragment, done=done), 303
    )
    remember_name(request, response, name)
    return response


def _saved(request: Request, opened: OpenTable, fields: Mapping[str, str], name: str) -> str:
    """What was done; empty where the form asks for nothing that can be."""
    t, store, doing = texts(request), library(request).store, fields.get("do", "")
    if doing == "topic":
        topic = fields.get("topic", "")
        add_topic(store, opened, topic, by=name, summary=t("cells.summary.added", topic=topic))
        return "added"
    country = _country(fields.get("country", ""))
    if country is None:
        return ""
    cell = CellName(_number(fields.get("row", "")), fields.get("topic", ""), country, fields.get("was", ""))
    told = {"topic": cell.topic, "country": t(f"country.name.{country}")}
    if doing == "nothing":
        found = _proposals(request, fields.get("q", ""), fields.get("also", ""), country)
        text, summary = "", t("cells.summary.nothing", **told, query=found.query)
        text = f"[[none:{keep(store, found, by=name)[1]}|{found.query}]]"
        fill(store, opened, cell, text, by=name, summary=summary)
        return "nothing"
    if put := fields.get("put", ""):
        store.passages.get(put)
        text = f"{fields.get(f'text-{put}', '').strip()} [[cite:{put}]]".strip()
    elif doing == "edit":
        text = fields.get("text", "")
    else:
        return ""
    fill(store, opened, cell, text, by=name, summary=t("cells.summary.filled", **told))
    return "filled"


def _asked_cell(request: Request, opened: OpenTable, asked: Mapping[str, str]) -> OpenCell | None:
    """The cell that a request wants open, with what was typed, or with what the search finds for it."""
    row, country = _number(asked.get("row", "")), _country(asked.get("country", ""))
    if country is None or opened.table is None or row >= len(opened.table.rows):
        return None
    if asked.get("do") == "edit":
        return OpenCell(row, country, "edit", text=asked.get("text"))
    also = asked.get("also", _other_topic(request, opened, row))
    try:
        found = _proposals(request, asked.get("q") or opened.table.rows[row].topic.text, also, country)
    except (QueryError, IndexUnavailableError) as error:
        return OpenCell(row, country, "propose", problem=notices.problem(texts(request), error))
    return OpenCell(row, country, "propose", proposals=found)


def _proposals(request: Request, query: str, also: str, country: ComparedCountry) -> Proposals:
    held = library(request)
    return proposals(held.store, held.search, as_query(query), country, also=as_query(also))


def _other_topic(request: Request, opened: OpenTable, row: int) -> str:
    """The topic of the same row in the other language; empty where that table has other rows."""
    store, other = library(request).store, opened.page.bodies.get(other_language(opened.body.language))
    if other is None or opened.table is None:
        return ""
    text = store.revisions.get(opened.page.id, other.language, other.latest).text
    table: Table | None = table_of(Source.read(text).body)
    same = table is not None and len(table.rows) == len(opened.table.rows)
    return table.rows[row].topic.text if table and same else ""


def _page(
    request: Request,
    opened: OpenTable,
    cell: OpenCell | None,
    *,
    error: KbError | None = None,
    fields: Mapping[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    t, typed = texts(request), fields or {}
    shown = ShownTable(
        opened,
        sources=_sources(library(request).store, opened),
        cell=cell,
        name=typed.get("by", "") or name_of(request),
        done=done,
        topic=typed.get("topic", "") if typed.get("do") == "topic" else "",
        problem=notices.problem(t, error) if error else None,
    )
    body = views.cells(t, shown)
    title = f"{t('cells.title')}: {opened.source.one('title')}"
    return page(request, title=title, body=body, screen=addresses.PLAYBOOK, status=status)


def _sources(store: Store, opened: OpenTable) -> Mapping[str, Version]:
    """The documents of the passages that the table cites."""
    rows = opened.table.rows if opened.table else ()
    texts_ = [cell.text for row in rows for cell in (row.topic, *row.countries.values())]
    cited: Sequence[str] = sorted({link.target for each in texts_ for link in links(each) if link.kind == "cite"})
    passages = store.passages.get_many(cited)
    versions = store.versions.get_many(sorted({each.version_id for each in passages.values()}))
    return {name: versions[each.version_id] for name, each in passages.items()}


def _opened(request: Request) -> OpenTable:
    """The table in the language of the body that is asked for, else in that of the reader, else in the other."""
    store, slug = library(request).store, request.path_params["slug"]
    asked = request.query_params.get("body", "")
    if asked in LANGUAGES:
        return open_table(store, slug, next(each for each in LANGUAGES if each == asked))
    own = texts(request).language
    try:
        return open_table(store, slug, own)
    except NotFoundError:
        return open_table(store, slug, other_language(own))


def _refused(request: Request, error: KbError) -> Response:
    t = texts(request)
    return page(request, title=t("cells.title"), body=notices.problem(t, error), status=403)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _country(text: str) -> ComparedCountry | None:
    return next((each for each in COUNTRIES if each == text), None)


ROUTES = [
    Route(f"{addresses.WRITING}/cells/{{slug:path}}", cells, methods=["GET"]),
    Route(f"{addresses.WRITING}/cells/{{slug:path}}", act, methods=["POST"]),
]
