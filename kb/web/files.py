"""The bytes of every version: PDF opens in the browser, everything else is text or a download, nothing can run."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kb.html import addresses
from kb.web.absent import missing, version_at, withdrawn
from kb.web.headers import FILE_POLICY
from kb.web.pages import not_found
from kb.web.requests import library

_TEXT = frozenset({"text/html", "text/markdown", "text/plain"})
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f"/\\<>|:*?]+')
_NAME_CHARACTERS = 120


def file(request: Request) -> Response:
    """`/files/<version id>.<ending>`."""
    store = library(request).store
    name = request.path_params["name"]
    identity = name.rpartition(".")[0]
    version = version_at(request, identity)
    if version is None:
        return missing(request, "version", identity)
    if (gone := withdrawn(request, version)) is not None:
        return gone
    path = store.files.path(version.sha256)
    ending = addresses.file_ending(version)
    if name != f"{version.id}.{ending}" or not path.is_file():
        return not_found(request)
    title = _NOT_IN_NAMES.sub(" ", version.title)[:_NAME_CHARACTERS].strip() or version.id
    return FileResponse(
        path,
        media_type="text/plain; charset=utf-8" if version.media_type in _TEXT else version.media_type,
        filename=f"{title}.{'txt' if version.media_type == 'text/html' else ending}",
        content_disposition_type="inline" if version.media_type == "application/pdf" else "attachment",
        headers={"Content-Security-Policy": FILE_POLICY, "Cache-Control": "private, max-age=86400"},
    )


ROUTES = [Route("/files/{name}", file)]
