"""Images of the playbook over HTTP: adding them, choosing one, and the images themselves."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KbError, PlaybookError, UploadError
from kb.html import addresses, notices
from kb.html import playbook_images as views
from kb.model.wiki_writing import WikiImage
from kb.playbook.images import MOST_BYTES, keep_image, too_large
from kb.web.multipart import read_form
from kb.web.origin import require_same_origin
from kb.web.pages import not_found, page
from kb.web.person import name_of, remember_name
from kb.web.requests import library, texts

_YEAR_S = 365 * 24 * 3600
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""By the endings of names: what a row says may have come from elsewhere."""
_PRIVATE = {"Cache-Control": "no-store"}


def image(request: Request) -> Response:
    """`/playbook/images/<name>`: an image, which never changes."""
    held = library(request)
    known = held.store.wiki_images.get(request.path_params["name"])
    path = held.settings.images_dir / known.name if known else None
    if known is None or path is None or not path.is_file():
        return not_found(request)
    return FileResponse(
        path,
        media_type=_TYPES.get(known.name.rpartition(".")[2], "application/octet-stream"),
        headers={
            "Cache-Control": f"public, max-age={_YEAR_S}, immutable",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def show(request: Request) -> Response:
    """`GET /pages/images`: the images that are there and a form to add one; with `?part=1` only the list."""
    t, images = texts(request), library(request).store.wiki_images.list()
    if request.query_params.get("part"):
        return HTMLResponse(views.image_list(t, images), headers={**_PRIVATE, "Content-Language": t.language})
    return _page(request, {"by": name_of(request)}, added=request.query_params.get("added", ""))


async def add(request: Request) -> Response:
    """`POST /pages/images`: a `file`, the `words` that say what it shows, and the name of who adds it (`by`).

    Whoever accepts JSON is given the mark-up, or the problem; a plain form is led back to the list.
    """
    try:
        require_same_origin(request)
    except UploadError as error:
        return await run_in_threadpool(_refused, request, error, {}, 403)
    received = _Received()
    try:
        fields = await read_form(request, received)
    except (UploadError, PlaybookError) as error:
        return await run_in_threadpool(_refused, request, error, {}, 422)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    return await run_in_threadpool(_added, request, fields, bytes(received.data))


def _added(request: Request, fields: Mapping[str, str], data: bytes) -> Response:
    held, t = library(request), texts(request)
    try:
        if not data:
            raise PlaybookError("No file was chosen.", remedy="Choose one.", reason="image-none")
        kept = keep_image(
            held.store, held.settings.images_dir, data, words=fields.get("words", ""), author=fields.get("by", "")
        )
    except PlaybookError as error:
        return _refused(request, error, fields, 422)
    response = _answer(request, kept) if _wants_json(request) else None
    place = addresses.writing(t.language, "images", parameters=[("added", kept.name)])
    response = response or RedirectResponse(place, 303)
    remember_name(request, response, fields.get("by", ""))
    return response


def _answer(request: Request, kept: WikiImage) -> Response:
    shown = library(request).store.wiki_images.get(kept.name) or kept
    return JSONResponse({"name": kept.name, "mark": views.mark_up(shown)}, headers=_PRIVATE)


def _refused(request: Request, error: KbError, fields: Mapping[str, str], status: int) -> Response:
    if _wants_json(request):
        words = notices.problem_texts(texts(request), error.code, error.facts)
        reason = str(error.facts.get("reason", ""))
        return JSONResponse({"problem": " ".join(words), "reason": reason}, status, headers=_PRIVATE)
    return _page(request, fields, error=error, status=status)


def _page(
    request: Request, fields: Mapping[str, str], *, error: KbError | None = None, added: str = "", status: int = 200
) -> Response:
    t, images = texts(request), library(request).store.wiki_images.list()
    body = views.images_page(t, images, fields, error=error, added=added)
    return page(request, title=t("writing.images.title"), body=body, screen=addresses.PLAYBOOK, status=status)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


class _Received:
    """The file of a form in memory, as long as it is one that can be an image."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._files = 0

    def begin(self, filename: str) -> None:
        """A file begins; only the first one counts."""
        del filename
        self._files += 1

    def write(self, block: bytes) -> None:
        """More of it; raises `PlaybookError` where it is too much."""
        if self._files == 1:
            self.data += block
        if len(self.data) > MOST_BYTES:
            raise too_large()

    def end(self) -> None:
        """It is whole."""


ROUTES = [
    Route("/playbook/images/{name}", image),
    Route(f"{addresses.WRITING}/images", show, methods=["GET"]),
    Route(f"{addresses.WRITING}/images", add, methods=["POST"]),
]
