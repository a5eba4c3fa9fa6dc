"""Who a browser is: the name it signs with, and a secret by which it finds its own drafts and watched pages again."""

from __future__ import annotations

import secrets
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from kb.playbook.watching import COOKIE, owner_in
from kb.text.normalise import one_line
from kb.web.requests import library

_NAME = "kb_name"
_KEPT_S = 365 * 24 * 3600
_MOST_NAME_CHARACTERS = 100


def name_of(request: Request) -> str:
    """The name that was signed with last; empty where there is none."""
    return one_line(unquote(request.cookies.get(_NAME, "")))[:_MOST_NAME_CHARACTERS]


def owner_of(request: Request) -> str:
    """Whose drafts and watched pages these are; empty for a browser that has none."""
    return owner_in(request.cookies)


def with_owner(request: Request, response: Response) -> str:
    """`owner_of`, for a browser that may be new: its secret is made and kept by way of `response`."""
    owner = owner_of(request)
    secret = request.cookies[COOKIE] if owner else secrets.token_urlsafe(32)
    _keep(request, response, COOKIE, secret)
    return owner_in({COOKIE: secret})


def remember_name(request: Request, response: Response, name: str) -> None:
    """Let the browser keep the name for the next form."""
    _keep(request, response, _NAME, quote(one_line(name)[:_MOST_NAME_CHARACTERS]))


def _keep(request: Request, response: Response, cookie: str, value: str) -> None:
    is_secure = request.url.scheme == "https" or library(request).settings.base_url.startswith("https://")
    response.set_cookie(cookie, value, max_age=_KEPT_S, path="/", httponly=True, samesite="lax", secure=is_secure)
