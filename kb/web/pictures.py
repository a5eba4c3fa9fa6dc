"""Pages of PDF documents as pictures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import NotFoundError, PictureError
from kb.html import addresses, notices
from kb.library.marking import MOST_CHARACTERS
from kb.model.passages import Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version
from kb.web.absent import version_at, withdrawn
from kb.web.pages import not_found, page
from kb.web.requests import library, texts

_DAYS_30_S = 30 * 24 * 3600


def picture(request: Request) -> Response:
    """`/files/<version id>/page-<number>.jpg`: `?passage=<id>` boxed, words of `?q=` underlined, `?size=large`."""
    version = version_at(request, request.path_params["version_id"])
    if version is not None and (gone := withdrawn(request, version)) is not None:
        return gone
    try:
        drawn = _picture(request)
    except NotFoundError:
        return not_found(request)
    except PictureError as error:
        t = texts(request)
        busy = error.facts.get("reason") == "picture-busy"
        return page(request, title=t("picture.title"), body=notices.problem(t, error), status=503 if busy else 404)
    return Response(
        drawn.jpeg,
        media_type="image/jpeg",
        headers={"Cache-Control": f"private, max-age={_DAYS_30_S}", "Content-Disposition": "inline"},
    )


def page_number(text: str, version: Version) -> int | None:
    """The page that `text` names, None where the version has no such page."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    return number if 1 <= number <= (version.page_count or 0) else None


def marking(request: Request) -> tuple[str, bool]:
    """The words that a request wants underlined, none where they are too many, and whether it wants a large picture."""
    query = request.query_params.get("q", "").strip()
    return query if len(query) <= MOST_CHARACTERS else "", request.query_params.get("size") == addresses.LARGE


def _picture(request: Request) -> PagePicture:
    held = library(request)
    version = held.store.versions.get(request.path_params["version_id"])
    number = page_number(request.path_params["number"], version) or 0
    asked = request.query_params.get("passage")
    passage: Passage | None = None
    if asked:
        passage = held.store.passages.get(asked)
        if passage.version_id != version.id or passage.page != number:
            raise NotFoundError("The passage is on another page.", remedy="Open the passage itself.", id=asked)
    query, large = marking(request)
    return held.pictures.page(version, number, passage, query=query, large=large)


ROUTES = [Route("/files/{version_id}/page-{number}.jpg", picture)]
