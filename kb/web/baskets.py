"""The basket of evidence over HTTP: its page, what changes it, and what it can be taken away as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kb.errors import BasketError, NotFoundError
from kb.html import addresses, notices
from kb.html import basket as views
from kb.html.basket_notes import changed_notes
from kb.library.bibliography import Cited, bibtex, cited, csl_json
from kb.library.evidence.collected import collected
from kb.library.evidence.docx import word_document
from kb.library.evidence.markdown import markdown
from kb.library.evidence.pdf import pdf
from kb.library.evidence.sheet import Places, Sheet, sheet
from kb.model.evidence import Evidence, Lost
from kb.store.baskets import KEPT_DAYS, MOST_NOTE_CHARACTERS
from kb.store.database import now
from kb.web.basket_cookie import keep, new_secret, secret_of
from kb.web.basket_form import fields_of, referring_place
from kb.web.pages import absolute, not_found, page
from kb.web.requests import library, texts

_LIMITS = views.Limits(kept_days=KEPT_DAYS, note_characters=MOST_NOTE_CHARACTERS)
_PRIVATE = {"Cache-Control": "no-store"}
_MOMENT_CHARACTERS = 40

_SHEETS: Mapping[str, tuple[str, Callable[[Sheet], str | bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word_document),
    "md": ("text/markdown; charset=utf-8", markdown),
}
_CITATIONS = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "json": ("application/vnd.citationstyles.csl+json; charset=utf-8", csl_json),
}


def show(request: Request) -> Response:
    """`GET /basket`: what the reader has collected."""
    noted = request.query_params.get("noted", "")
    removed = request.query_params.get("removed", "")[:_MOMENT_CHARACTERS]
    return _page(request, views.Done(removed=removed, noted=noted))


def state(request: Request) -> Response:
    """`GET /basket/state`: how many passages are collected, and which, for the buttons of the screens."""
    return _state(request, secret_of(request))


async def change(request: Request) -> Response:
    """`POST /basket/<change>`: add, remove, note, move, clear or put back.

    The page of evidence sends all notes with each; those that were changed are saved first. Whoever accepts JSON is
    told the new state; a plain form is led back to where it was sent.
    """
    name = request.path_params["change"]
    if name not in _CHANGES:
        return await run_in_threadpool(not_found, request)
    try:
        fields = await fields_of(request)
    except BasketError as error:
        return await run_in_threadpool(_problem, request, error, 403)
    return await run_in_threadpool(_changed, request, name, fields)


def export(request: Request) -> Response:
    """`GET /basket/evidence.<ending>`: everything collected as one file."""
    ending = request.path_params["ending"]
    t = texts(request)
    evidence = _collected(request, secret_of(request))
    if ending not in _SHEETS and ending not in _CITATIONS:
        return not_found(request)
    if not evidence:
        return RedirectResponse(addresses.basket(t.language), 303, headers=_PRIVATE)
    content: str | bytes
    if ending in _SHEETS:
        media_type, make = _SHEETS[ending]
        content = make(sheet(t, evidence, _places(request), made_at=now()))
    else:
        media_type, cite = _CITATIONS[ending]
        content = cite(t, _cited(request, evidence))
    disposition = f'attachment; filename="kakehashi-evidence-{now()[:10]}.{ending}"'
    return Response(content, media_type=media_type, headers={**_PRIVATE, "Content-Disposition": disposition})


def _changed(request: Request, name: str, fields: Mapping[str, str]) -> Response:
    secret = secret_of(request) or new_secret()
    unsaved, refused = _save_notes(request, secret, fields)
    if refused is not None:
        return _problem(request, refused, 409, unsaved)
    try:
        place = _CHANGES[name](request, secret, fields)
    except BasketError as error:
        return _problem(request, error, 409)
    response = _state(request, secret) if _wants_json(request) else RedirectResponse(place, 303, headers=_PRIVATE)
    if secret_of(request) or name == "add":
        keep(request, response, secret)
    return response


def _save_notes(
    request: Request, secret: str, fields: Mapping[str, str]
) -> tuple[Mapping[str, str], BasketError | None]:
    """Save the notes that were changed; gives those that are refused, by passage, and why the first is."""
    unsaved: dict[str, str] = {}
    refused: BasketError | None = None
    for passage_id, note in changed_notes(fields).items():
        try:
            library(request).store.baskets.note(secret, passage_id, note)
        except BasketError as error:
            unsaved[passage_id], refused = note, refused or error
    return unsaved, refused


def _add(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    store, passage_id = library(request).store, fields.get("passage", "")
    try:
        store.passages.get(passage_id)
    except NotFoundError as error:
        raise BasketError(
            "This library holds no such passage.", remedy="Search for its words.", reason="basket-no-passage"
        ) from error
    store.baskets.add(secret, passage_id, query=fields.get("query", ""))
    return _back(request)


def _remove(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    library(request).store.baskets.remove(secret, fields.get("passage", ""))
    return _back(request)


def _take_out(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    moment = library(request).store.baskets.remove(secret, fields.get("passage", ""))
    return addresses.basket(texts(request).language, removed=moment)


def _noted(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    del secret
    passage_id = fields.get("passage", "")
    return addresses.basket(texts(request).language, noted=passage_id, fragment=f"p-{passage_id}")


def _move(request: Request, secret: str, fields: Mapping[str, str], *, way: Literal["up", "down"]) -> str:
    passage_id = fields.get("passage", "")
    library(request).store.baskets.move(secret, passage_id, way)
    return addresses.basket(texts(request).language, fragment=f"p-{passage_id}")


def _clear(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    del fields
    return addresses.basket(texts(request).language, removed=library(request).store.baskets.remove(secret))


def _put_back(request: Request, secret: str, fields: Mapping[str, str]) -> str:
    library(request).store.baskets.put_back(secret, fields.get("removed", ""))
    return addresses.basket(texts(request).language, fragment="passages")


_CHANGES: Mapping[str, Callable[[Request, str, Mapping[str, str]], str]] = {
    "add": _add,
    "remove": _remove,
    "take-out": _take_out,
    "note": _noted,
    "up": partial(_move, way="up"),
    "down": partial(_move, way="down"),
    "clear": _clear,
    "put-back": _put_back,
}
"""Each makes a change and gives the address that a plain form is led to; raises `BasketError`.

The notes, which `note` is for, are saved before each.
"""


def _page(request: Request, done: views.Done = views.NOTHING_DONE, *, status: int = 200) -> Response:
    t, secret = texts(request), secret_of(request)
    body = views.basket(t, _collected(request, secret), _LIMITS, done)
    response = page(request, title=t("basket.title"), body=body, screen=addresses.BASKET, status=status)
    response.headers.update(_PRIVATE)
    if secret:
        library(request).store.baskets.seen(secret)
        keep(request, response, secret)
    return response


def _problem(
    request: Request, error: BasketError, status: int, unsaved: Mapping[str, str] = MappingProxyType({})
) -> Response:
    t = texts(request)
    if _wants_json(request):
        lines = notices.problem_lines(t, error.code, error.facts)
        said = (" " if t.language == "en" else "").join(line.striptags() for line in lines)
        return JSONResponse({"problem": said}, status, headers=_PRIVATE)
    problem = notices.problem(t, error)
    return _page(request, views.Done(problem=problem, unsaved=unsaved), status=status)


def _state(request: Request, secret: str) -> Response:
    items = library(request).store.baskets.items(secret)
    return JSONResponse({"count": len(items), "passages": [each.passage_id for each in items]}, headers=_PRIVATE)


def _collected(request: Request, secret: str) -> Sequence[Evidence | Lost]:
    store = library(request).store
    return collected(store, store.baskets.items(secret))


def _places(request: Request) -> Places:
    pictures = library(request).pictures
    return Places(
        passage=lambda passage_id: absolute(request, addresses.passage(passage_id)),
        page_picture=lambda version, number, passage_id: absolute(
            request, addresses.picture(version, number, passage=passage_id)
        ),
        picture=pictures.page,
    )


def _cited(request: Request, evidence: Sequence[Evidence | Lost]) -> Sequence[Cited]:
    return cited(
        evidence,
        passage_address=lambda passage_id: absolute(request, addresses.passage(passage_id)),
        edition_address=lambda version: absolute(request, addresses.edition(version)),
    )


def _back(request: Request) -> str:
    language = texts(request).language
    place = referring_place(request)
    return addresses.way_back(place, language) if place else addresses.basket(language)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


ROUTES = [
    Route(addresses.BASKET, show, methods=["GET"]),
    Route(f"{addresses.BASKET}/state", state, methods=["GET"]),
    Route(f"{addresses.BASKET}/evidence.{{ending}}", export, methods=["GET"]),
    Route(f"{addresses.BASKET}/{{change}}", change, methods=["POST"]),
]
