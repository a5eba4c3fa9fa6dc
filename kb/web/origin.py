"""Whether a request that changes something comes from a page of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from kb.errors import UploadError
from kb.web.requests import library


def require_same_origin(request: Request) -> None:
    """Refuse what a page of another site makes a browser send; raises `UploadError`.

    Browsers say where a request comes from: in `Sec-Fetch-Site`, older ones in `Origin`. A program that says neither is
    no browser, and no site can speak through it.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    elif origin is not None:
        ours = {request.headers.get("host", ""), urlsplit(library(request).settings.base_url).netloc}
        is_ours = bool(origin) and urlsplit(origin).netloc in ours - {""}
    else:
        is_ours = True
    if not is_ours:
        raise UploadError(
            "This was sent by a page of another site and refused.",
            remedy="Open the page for adding documents here and add the files again.",
            reason="upload-foreign",
        )
