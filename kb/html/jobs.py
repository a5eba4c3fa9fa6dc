"""Files on their way into the library: one row each, what is happening now, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.notices import problem_lines
from kb.i18n import Texts, size_text
from kb.model.jobs import Job


def is_active(job: Job) -> bool:
    """Whether something will still happen to this file."""
    return job.state in ("waiting", "running")


def job_list(t: Texts, jobs: Sequence[Job]) -> Markup:
    """Rows of files, newest first."""
    return el(
        "section",
        el("h2", t("jobs.title"), id="jobs-title"),
        el("ul", [_row(t, job) for job in jobs], class_="kb-jobs")
        if jobs
        else el("p", t("jobs.none"), class_="kb-hint"),
        aria_labelledby="jobs-title",
    )


def _row(t: Texts, job: Job) -> Markup:
    title = job.metadata.get("title", "")
    return el(
        "li",
        el("h3", title or job.filename),
        el(
            "p",
            job.filename if title else None,
            " · " if title else None,
            size_text(job.size_bytes),
            class_="kb-hint",
        ),
        _state(t, job),
        class_=f"kb-job kb-job-{job.state}",
    )


def _state(t: Texts, job: Job) -> Markup:
    if job.state == "failed":
        return el("div", problem_lines(t, job.problem, {"filename": job.filename, **job.facts}))
    if job.state == "done":
        link = None
        if job.version_id:
            href = addresses.document(t.language, job.version_id)
            link = el("a", t("jobs.open"), href=href, data_nav=True)
        return el("p", t("jobs.done"), " ", link)
    if job.state == "cancelled":
        return el("p", t("jobs.cancelled"))
    words = t(f"jobs.stage.{job.stage}")
    bar = None
    if job.total:
        words = t("jobs.progress", stage=words, done=job.done, total=job.total)
        bar = el("progress", value=job.done, max=job.total, aria_label=words)
    return el("div", el("p", words), bar)
