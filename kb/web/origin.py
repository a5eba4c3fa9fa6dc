"""Whether a request that changes something comes from a page of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from kb.errors import UploadError
from kb.web.requests import library


def is_same_origin(request: Request) -> bool:
    """Whether a request was not sent by a page of another site.

    Browsers say where a request comes from: in `Sec-Fetch-Site`, older ones in `Origin`. A program that says neither is
    no browser, and no site can speak through it.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or (bool(origin) and urlsplit(origin).netloc in hosts(request))


def hosts(request: Request) -> set[str]:
    """The names of this site, with their ports: as the browser called it, and as it is set."""
    return {request.headers.get("host", ""), urlsplit(library(request).settings.base_url).netloc} - {""}


def require_same_origin(request: Request) -> None:
    """Refuse an upload that a page of another site makes a browser send; raises `UploadError`."""
    if not is_same_origin(request):
        raise UploadError(
            "This was sent by a page of another site and refused.",
            remedy="Open the page for adding documents here and add the files again.",
            reason="upload-foreign",
        )
