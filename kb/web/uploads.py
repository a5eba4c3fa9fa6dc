"""Adding documents over HTTP: the form without scripts, what receives its files, and stopping or repeating a file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kb.errors import KbError, NotFoundError, UploadError
from kb.html import add, addresses, jobs, notices
from kb.html.element import el
from kb.library.reception import Reception
from kb.library.uploads import upload_page
from kb.model.jobs import Job
from kb.text.normalise import one_line
from kb.web.assets import upload_script_href
from kb.web.multipart import read_form
from kb.web.origin import require_same_origin
from kb.web.pages import not_found, page
from kb.web.requests import library, texts

_MOST_TOLD = 300
"""Characters of what is said of a document in one field."""


def show(request: Request) -> Response:
    """`GET /uploads`: the form and the list, for readers without scripts."""
    return _page(request)


async def receive(request: Request) -> Response:
    """`POST /uploads`: take in files and what is said of them.

    Whoever accepts JSON is told of each file what became of it; a plain form is led back to the list. Where the request
    breaks off or is not understood, the files that came whole are queued all the same.
    """
    try:
        require_same_origin(request)
    except UploadError as error:
        return await run_in_threadpool(_refused, request, error, 403)
    site = library(request)
    with Reception(site.settings, site.store) as reception:
        try:
            fields = await read_form(request, reception)
        except UploadError as error:
            await run_in_threadpool(reception.queue, {})
            return await run_in_threadpool(_refused, request, error, 400)
        except ClientDisconnect:
            await run_in_threadpool(reception.queue, {})
            return Response(status_code=400)  # nobody reads it
        queued = await run_in_threadpool(reception.queue, _told(fields), batch=fields.get("batch", ""))
    return await run_in_threadpool(_received, request, queued)


def stop(request: Request) -> Response:
    """`POST /uploads/<number>/stop`: take a file out of the queue or stop reading it."""
    return _changed(request, lambda: library(request).store.jobs.stop(_job(request).id))


def retry(request: Request) -> Response:
    """`POST /uploads/<number>/retry`: read a file that failed or was stopped once more."""
    return _changed(request, lambda: library(request).store.jobs.retry(_job(request).id))


def stop_batch(request: Request) -> Response:
    """`POST /uploads/batches/<batch>/stop`: stop every file of a batch that is not in the library yet."""
    return _changed(request, lambda: library(request).store.jobs.stop_batch(request.path_params["batch"]))


def _page(request: Request, notice: Markup | None = None, *, status: int = 200) -> Response:
    site, t = library(request), texts(request)
    listed = jobs.Listing.of(request.query_params, addresses.UPLOADS)
    body = el(
        "div",
        add.intro(t, max_upload_mb=site.settings.max_upload_mb, max_pages=site.settings.max_pages),
        notice,
        add.form(t, batch=secrets.token_hex(8), max_upload_mb=site.settings.max_upload_mb, screen=addresses.UPLOADS),
        jobs.job_list(t, upload_page(site.store, which=listed.which, number=listed.number), listed),
        el("script", type="module", src=upload_script_href()),
    )
    return page(request, title=t("add.title"), body=body, screen=addresses.ADD, status=status)


def _received(request: Request, queued: Sequence[Job]) -> Response:
    if _wants_json(request):
        return JSONResponse({"files": [_answer(request, job) for job in queued]})
    if not queued:
        return _page(request, add.no_file(texts(request)), status=422)
    return RedirectResponse(addresses.screen(addresses.UPLOADS, texts(request).language, fragment="jobs-title"), 303)


def _refused(request: Request, error: KbError, status: int) -> Response:
    if _wants_json(request):
        words = notices.problem_texts(texts(request), error.code, error.facts)
        return JSONResponse({"problem": " ".join(words)}, status)
    return _page(request, notices.problem(texts(request), error), status=status)


def _changed(request: Request, change: Callable[[], object]) -> Response:
    try:
        require_same_origin(request)
        change()
    except UploadError as error:
        return _refused(request, error, 403)
    except NotFoundError:
        return not_found(request)
    if _wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(addresses.way_back(request.query_params.get("next", ""), texts(request).language), 303)


def _job(request: Request) -> Job:
    return library(request).store.jobs.get(request.path_params["job_id"])


def _answer(request: Request, job: Job) -> Mapping[str, object]:
    """What is said of one file to the page that sent it; `problem` is empty for a file that was taken in."""
    words = notices.problem_texts(texts(request), job.problem, {"filename": job.filename, **job.facts})
    return {"id": job.id, "filename": job.filename, "problem": " ".join(words) if job.problem else ""}


def _told(fields: Mapping[str, str]) -> Mapping[str, str]:
    """What the form says of the documents; what its own choices do not hold is left out."""
    told = {name: one_line(fields.get(name, ""))[:_MOST_TOLD] for name in add.FIELDS}
    return {name: value for name, value in told.items() if value in add.CHOICES.get(name, (value,))}


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


ROUTES = [
    Route(addresses.UPLOADS, show, methods=["GET"]),
    Route(addresses.UPLOADS, receive, methods=["POST"]),
    Route(f"{addresses.UPLOADS}/{{job_id:int}}/stop", stop, methods=["POST"]),
    Route(f"{addresses.UPLOADS}/{{job_id:int}}/retry", retry, methods=["POST"]),
    Route(f"{addresses.UPLOADS}/batches/{{batch}}/stop", stop_batch, methods=["POST"]),
]
