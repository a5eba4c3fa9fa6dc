"""Forms that change a basket: sent by a page of this site, and read whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from kb.errors import BasketError
from kb.web.origin import hosts, is_same_origin

_MOST_BYTES = 64_000
_MOST_FIELDS = 20
_TYPE = "application/x-www-form-urlencoded"


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of the form, each once; raises `BasketError` for what no page of this site has sent.

    What another site starts carries no cookie of ours, and would give the reader a new basket in place of their own.
    """
    if not is_same_origin(request):
        raise _refused()
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > _MOST_BYTES:
            raise _refused()
    if body and not request.headers.get("content-type", "").startswith(_TYPE):
        raise _refused()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise _refused() from error
    return dict(pairs)


def referring_place(request: Request) -> str:
    """Path and query of the page of this site that sent the request; empty where the browser does not say."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc not in hosts(request):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _refused() -> BasketError:
    return BasketError(
        "The request did not come from a page of this service.",
        remedy="Open your evidence and make the change there.",
        reason="basket-not-from-here",
    )
