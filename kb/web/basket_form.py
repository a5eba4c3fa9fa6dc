"""Forms that change a basket of evidence, and the page that each was sent from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from kb.errors import BasketError, KeepingError
from kb.store.baskets import MOST_ITEMS, MOST_NOTE_CHARACTERS
from kb.web.forms import posted
from kb.web.origin import hosts

_MOST_FIELDS = 2 * MOST_ITEMS + 10
_MOST_BYTES = 9 * MOST_ITEMS * MOST_NOTE_CHARACTERS + 64_000
"""A basket full of the longest notes; a character of three bytes takes nine in a form."""


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of the form, each once; raises `BasketError` for what no page of this site has sent.

    What another site starts carries no cookie of ours, and would give the reader a new basket in place of their own.
    """
    try:
        return await posted(request, most_bytes=_MOST_BYTES, most_fields=_MOST_FIELDS)
    except KeepingError as error:
        raise BasketError(
            "The request did not come from a page of this service.",
            remedy="Open your evidence and make the change there.",
            reason="basket-not-from-here",
        ) from error


def referring_place(request: Request) -> str:
    """Path and query of the page of this site that sent the request; empty where the browser does not say."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc not in hosts(request):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
