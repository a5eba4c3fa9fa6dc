"""What a request says about its reader, and the library it is answered from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.html.frame import Holdings
from kb.i18n import COOKIE, Texts, choose
from kb.library import overview
from kb.text.language import LANGUAGES

if TYPE_CHECKING:
    from kb.app import Kakehashi


class WithLibrary:
    """ASGI middleware that gives every request the library, which is open once the server has started."""

    def __init__(self, app: ASGIApp, library: Callable[[], Kakehashi]) -> None:
        self._app = app
        self._library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the library in its state."""
        if scope["type"] == "http":
            scope.setdefault("state", {})["library"] = self._library()
        await self._app(scope, receive, send)


def library(request: Request) -> Kakehashi:
    """The library that answers this request."""
    found: Kakehashi = request.state.library
    return found


def holdings(request: Request) -> Holdings:
    """How much the library holds and when that changed."""
    store = library(request).store
    return Holdings(documents=sum(overview.facets(store).languages.values()), last_changed=overview.last_changed(store))


def texts(request: Request) -> Texts:
    """Texts in the language of the reader: as the address says, else the cookie, else what the browser prefers."""
    return Texts(choose(request.query_params.get("lang", ""), request.cookies.get(COOKIE, ""), _preferred(request)))


def place(request: Request) -> str:
    """Path and query of the address, as the browser asked for it."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _preferred(request: Request) -> str:
    """First of our languages in `Accept-Language`, which browsers send in order of preference."""
    ranges = (part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((language for language in ranges if language in LANGUAGES), "")
