"""The whole HTTP side: opens the library when the server starts, and answers everything that is not Streamlit's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from kb.html import addresses
from kb.i18n import COOKIE
from kb.text.language import LANGUAGES
from kb.web import (
    baskets,
    comparisons,
    files,
    glossary_page,
    keeping,
    pages_cells,
    pages_citations,
    pages_discuss,
    pages_edit,
    pages_helping,
    pages_history,
    pages_images,
    pages_reports,
    pages_search,
    pages_settings,
    permalinks,
    pictures,
    playbook_pages,
    uploads,
)
from kb.web.assets import assets
from kb.web.basket_cookie import collected_count
from kb.web.headers import SecurityHeaders
from kb.web.pages import not_found
from kb.web.requests import WithLibrary, holdings, library, place, texts
from kb.web.shell import Shell
from kb.web.worker import worker

if TYPE_CHECKING:
    from kb.app import Kakehashi

_YEAR_S = 365 * 24 * 3600
_FIRST_PAGE_S = 1.5
"""How long the model waits for somebody to open a page, so that it does not hold up the first one."""
_STREAMLIT = re.compile(r"/(?:static|media|component)/|.*/_stcore/")
"""Streamlit's own addresses; its client also asks for `_stcore` below the path of a screen."""


class Site:
    """One library on the web. `index_html` is the page that Streamlit ships; `open_library` is called at start."""

    def __init__(self, index_html: Path, *, open_library: Callable[[], Kakehashi]) -> None:
        self._index_html = index_html
        self._open_library = open_library
        self._library: Kakehashi | None = None

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncIterator[None]:
        """Open the library, begin loading the model and start the worker; undo it all when the server stops."""
        del app
        self._library = self._open_library()
        self._library.start(after_s=_FIRST_PAGE_S)
        try:
            async with worker(self._library.settings) if self._library.settings.worker else nullcontext():
                yield
        finally:
            self._library.close()

    def middleware(self) -> Sequence[Middleware]:
        """What every request passes through."""
        return [Middleware(SecurityHeaders), Middleware(WithLibrary, library=self._opened)]

    def routes(self) -> Sequence[BaseRoute]:
        """Every address that is not Streamlit's own."""
        return [
            *(Route(path, self._screen) for path in addresses.SCREENS),
            *permalinks.ROUTES,
            *comparisons.ROUTES,
            *files.ROUTES,
            *pictures.ROUTES,
            *pages_images.ROUTES,  # before the pages, whose addresses are all that follows /playbook
            *playbook_pages.ROUTES,
            *pages_edit.ROUTES,
            *pages_helping.ROUTES,
            *pages_settings.ROUTES,
            *pages_history.ROUTES,
            *pages_reports.ROUTES,
            *pages_discuss.ROUTES,
            *glossary_page.ROUTES,
            *baskets.ROUTES,
            *keeping.ROUTES,
            *pages_citations.ROUTES,
            *pages_cells.ROUTES,
            *pages_search.ROUTES,
            *uploads.ROUTES,
            Route("/set-lang", set_language),
            Route("/healthz", health),
            Mount("/assets", assets()),
            _Elsewhere("/{path:path}", not_found),
        ]

    def _opened(self) -> Kakehashi:
        assert self._library is not None, "the server has not started"
        return self._library

    def _screen(self, request: Request) -> Response:
        shell = Shell(self._index_html.read_text(encoding="utf-8"))
        t = texts(request)
        html = shell.page(
            t,
            screen=request.url.path,
            place=place(request),
            holdings=holdings(request),
            collected=collected_count(request),
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"})


def set_language(request: Request) -> Response:
    """Remember the language a reader asks for and go back to where they were."""
    language = next((each for each in LANGUAGES if each == request.query_params.get("to")), texts(request).language)
    response = RedirectResponse(addresses.way_back(request.query_params.get("next", "/"), language), 303)
    response.set_cookie(COOKIE, language, max_age=_YEAR_S, samesite="lax", path="/")
    return response


def health(request: Request) -> Response:
    """Whether the site is up and whether it can be searched yet."""
    state = library(request).readiness.state
    return JSONResponse({"status": "ok", "search": state}, headers={"Cache-Control": "no-store"})


class _Elsewhere(Route):
    """Every address nobody else answers, so that it is a real 404; Streamlit's own addresses pass by."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and _STREAMLIT.match(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)
