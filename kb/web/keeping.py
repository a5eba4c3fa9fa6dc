"""Withdrawing, restoring and deleting documents, the record of changes and the export, over plain HTTP."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kb.errors import ArchiveError, KbError, KeepingError, NotFoundError
from kb.html import addresses, notices
from kb.html import keeping as views
from kb.html import records as record_views
from kb.html.keeping import Sent
from kb.html.records import ROWS, Records
from kb.library.citations import citing
from kb.library.deletion import delete, erase
from kb.library.export import export
from kb.library.withdrawal import current_again, restore, withdraw
from kb.model.works import Version
from kb.web.forms import posted, require_ours
from kb.web.pages import not_found, page
from kb.web.requests import library, texts

_exporting = threading.Lock()
_BLOCK_BYTES = 1 << 18
"""One export at a time: it reads the whole library."""


def keeping(request: Request) -> Response:
    """`GET /keeping/<version id>`: what can be done with a version, and what refers to it."""
    try:
        version = library(request).store.versions.get(request.path_params["version_id"])
    except NotFoundError:
        return not_found(request)
    return not_found(request) if version.slug else _page(request, version)


async def act(request: Request) -> Response:
    """`POST /keeping/<version id>` with `action` and what it needs; a form that is refused keeps what was typed."""
    try:
        fields = await posted(request)
    except KeepingError as error:
        return await run_in_threadpool(_refused, request, error, 403)
    return await run_in_threadpool(_act, request, fields)


def records(request: Request) -> Response:
    """`/records`: what is withdrawn, and who changed what, newest first; `?p=` leads to older rows."""
    store = library(request).store
    asked = request.query_params.get("p", "")
    last = max(1, -(-store.audit.count() // ROWS))
    number = min(int(asked), last) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 else 1
    number = max(number, 1)
    withdrawn = store.withdrawals.all_standing()
    versions = store.versions.get_many(list(withdrawn))
    t = texts(request)
    shown = Records(
        withdrawn=[(versions[each], why) for each, why in withdrawn.items() if each in versions],
        entries=store.audit.list(limit=ROWS, skipped=(number - 1) * ROWS),
        page=number,
        last=last,
        done=request.query_params.get("done", ""),
    )
    return page(request, title=t("records.title"), body=record_views.records(t, shown))


def download(request: Request) -> Response:
    """`POST /export`: the library as a zip, without what is withdrawn."""
    try:
        require_ours(request)
    except KeepingError as error:
        return _refused(request, error, 403)
    if not _exporting.acquire(blocking=False):
        busy = ArchiveError("Somebody else exports the library.", remedy="Try again later.", reason="export-busy")
        return _refused(request, busy, 503)
    try:
        written = _written(request)
    except ArchiveError as error:
        return _refused(request, error, 503)
    finally:
        _exporting.release()
    size_bytes = written.seek(0, os.SEEK_END)
    written.seek(0)
    name = f"kakehashi-{datetime.now(UTC):%Y-%m-%d}.zip"
    return StreamingResponse(
        _blocks(written),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": f"{size_bytes}",
            "Cache-Control": "no-store",
        },
    )


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """What is in a file, which is closed when all is read or the reader has gone."""
    with file:
        yield from iter(lambda: file.read(_BLOCK_BYTES), b"")


def _written(request: Request) -> IO[bytes]:
    """The zip in a file without a name: a reader who takes their time holds up nobody, and nothing stays behind."""
    held = library(request)
    held.settings.index_path.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as undone:
        file = undone.enter_context(tempfile.TemporaryFile(dir=held.settings.index_path))
        for piece in export(held.settings, held.store, with_withdrawn=False):
            file.write(piece)
        undone.pop_all()
    return file


def _act(request: Request, fields: dict[str, str]) -> Response:
    held, t = library(request), texts(request)
    identity, action = request.path_params["version_id"], fields.get("action", "")
    by, reason = fields.get("by", ""), fields.get("reason", "")
    try:
        version = held.store.versions.get(identity)
    except NotFoundError:
        return not_found(request)
    try:
        if action == "withdraw":
            withdraw(held.store, identity, by=by, reason=reason)
            done = "withdrawn"
        elif action == "restore":
            restore(held.store, identity, by=by, reason=reason)
            done = "restored"
        elif action == "delete":
            title = fields.get("title", "")
            delete(held.settings, held.store, identity, title=title, by=by, reason=reason)
            done = "deleted"
        else:
            return not_found(request)
    except KeepingError as error:
        return _page(request, version, Sent(action, fields, error))
    after = BackgroundTask(erase, held.settings, held.store) if done == "deleted" else None
    return RedirectResponse(addresses.records(t.language, done=done), 303, background=after)


def _page(request: Request, version: Version, sent: Sent | None = None) -> Response:
    held, t = library(request), texts(request)
    withdrawal = held.store.withdrawals.standing(version.id)
    cited = citing(held.store, version)
    return page(
        request,
        title=views.title(t, withdrawal, sent),
        body=views.keeping(t, version, withdrawal, cited, again=current_again(held.store, version), sent=sent),
        status=422 if sent else 200,
    )


def _refused(request: Request, error: KbError, status: int) -> Response:
    t = texts(request)
    return page(request, title=t("records.title"), body=notices.problem(t, error), status=status)


ROUTES = [
    Route("/keeping/{version_id}", keeping, methods=["GET"]),
    Route("/keeping/{version_id}", act, methods=["POST"]),
    Route(addresses.RECORDS, records),
    Route(addresses.EXPORT, download, methods=["POST"]),
]
