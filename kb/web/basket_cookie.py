"""Whose basket of evidence a request is about: a secret that the browser keeps in a cookie no script can read."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from kb.html.basket_counter import COOKIE, secret_in
from kb.store.baskets import KEPT_DAYS
from kb.web.requests import library

_BYTES = 32
_DAY_S = 24 * 3600


def secret_of(request: Request) -> str:
    """The secret that the browser sent; empty where it sent none, or one that is not of ours."""
    return secret_in(request.cookies)


def new_secret() -> str:
    """A secret for a new basket: 256 random bits."""
    return secrets.token_urlsafe(_BYTES)


def keep(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep `secret` for as long as an unused basket is kept, from now on."""
    is_secure = request.url.scheme == "https" or library(request).settings.base_url.startswith("https://")
    response.set_cookie(
        COOKIE, secret, max_age=KEPT_DAYS * _DAY_S, path="/", httponly=True, samesite="lax", secure=is_secure
    )


def collected_count(request: Request) -> int:
    """How many passages the reader has collected."""
    return library(request).store.baskets.count(secret_of(request))
