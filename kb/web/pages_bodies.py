"""Which page and which of its bodies a request below `/pages` is about, and forms that change something of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kb.errors import KeepingError
from kb.html import addresses, notices
from kb.html import playbook as reading
from kb.model.playbook import Body, WikiPage
from kb.playbook.slugs import is_slug
from kb.text.language import LANGUAGES
from kb.web.forms import posted
from kb.web.pages import not_found, page
from kb.web.requests import library, texts


@dataclass(frozen=True, slots=True)
class Named:
    """A page that is there, and the body that was asked for, or the one that its reader would read."""

    page: WikiPage
    body: Body

    @property
    def title(self) -> str:
        """The title of the body."""
        return self.body.title or self.page.slug


def named(request: Request, action: str) -> Named | Response:
    """The page and body that the address of an `action` names; or the answer where there is none, or it moved."""
    t, slug = texts(request), request.path_params["slug"]
    found = library(request).store.wiki.get(slug) if is_slug(slug) else None
    asked = request.query_params.get("body") or t.language
    language = next((each for each in LANGUAGES if each == asked), t.language)
    body = (found.bodies.get(language) or found.body(language, unpublished=True)) if found else None
    if found is None or body is None:
        return not_found(request)
    if found.deleted_at:
        return page(request, title=t("playbook.deleted.title"), body=reading.deleted(t, found.slug), status=410)
    if found.slug != slug and request.method == "GET":
        kept = [(name, value) for name, value in request.query_params.items() if name != "lang"]
        return RedirectResponse(addresses.writing(t.language, action, found.slug, kept), 303)
    return Named(found, body)


def number(request: Request, name: str) -> int:
    """A number of the address; 0 where it is none."""
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else 0


def form(change: Callable[[Request, Mapping[str, str]], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A route that gives `change` the fields of a form of ours, in a thread that may wait for the database."""

    async def posted_form(request: Request) -> Response:
        try:
            fields = await posted(request)
        except KeepingError as error:
            return await run_in_threadpool(refused, request, error)
        return await run_in_threadpool(change, request, fields)

    return posted_form


def refused(request: Request, error: KeepingError) -> Response:
    """The answer to a form that no page of ours has sent."""
    t = texts(request)
    return page(request, title=t("playbook.title"), body=notices.problem(t, error), status=403)
