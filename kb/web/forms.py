"""Forms that change something: sent by a page of this site, and read whole or not at all."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from kb.errors import KeepingError
from kb.web.origin import is_same_origin

_MOST_BYTES = 64_000
_MOST_FIELDS = 50
_TYPE = "application/x-www-form-urlencoded"


def require_ours(request: Request) -> None:
    """Raise `KeepingError` where a page of another site made the browser send this form."""
    if not is_same_origin(request):
        raise KeepingError(
            "The form was not sent from a page of this service.",
            remedy="Open the page again and send the form from there.",
            reason="not-from-here",
        )


async def posted(request: Request, *, most_bytes: int = _MOST_BYTES, most_fields: int = _MOST_FIELDS) -> dict[str, str]:
    """Fields of a form that a page of this site has sent, each once; raises `KeepingError` for any other."""
    require_ours(request)
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > most_bytes:
            break
    if len(body) > most_bytes or not request.headers.get("content-type", "").startswith(_TYPE):
        raise KeepingError("The form cannot be read.", remedy="Open the page again.", reason="not-from-here")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields)
    except ValueError as error:
        raise KeepingError("The form cannot be read.", remedy="Open the page again.", reason="not-from-here") from error
    return dict(pairs)
