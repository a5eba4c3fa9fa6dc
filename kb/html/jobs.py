"""Files on their way into the library: what is happening to each, what became of it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.notices import problem_lines
from kb.html.receipt import receipt_lines
from kb.i18n import Texts, size_text
from kb.library.uploads import BatchState, Upload, UploadPage
from kb.model.jobs import Job
from kb.model.works import Version
from kb.store.queue import WHICH, Which
from kb.text.language import Language

_MINUTE_S = 60
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Listing:
    """Which list of uploads an address asks for, and which page of it; what it says wrongly is left out."""

    screen: str
    which: Which = "all"
    number: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str], screen: str) -> Listing:
        """The listing that the parameters of an address of `screen` ask for."""
        which: Which = next((each for each in WHICH if each == parameters.get("show")), "all")
        page = parameters.get("files", "")
        return cls(screen, which, int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1)

    def address(self, language: Language, *, which: Which | None = None, number: int = 1) -> str:
        """Address of a page of this list, or of another one."""
        shown = self.which if which is None else which
        parameters = [("show", "" if shown == "all" else shown), ("files", str(number) if number > 1 else "")]
        return addresses.screen(self.screen, language, parameters, fragment="jobs-title")


def job_list(t: Texts, page: UploadPage, listing: Listing) -> Markup:
    """The batches that are on their way, and one page of files: those being read first."""
    place = listing.address(t.language, number=page.number)
    rows = [_row(t, upload, place) for upload in page.uploads]
    return el(
        "section",
        el("h2", t("jobs.title"), id="jobs-title"),
        _nobody_reads(t) if page.is_active and not page.is_read else None,
        [_batch(t, state, place) for state in page.batches],
        _lists(t, page, listing) if page.counts["all"] else None,
        el("ol", rows, class_="kb-jobs") if rows else el("p", t(f"jobs.none.{page.which}"), class_="kb-hint"),
        _pages(t, page, listing),
        aria_labelledby="jobs-title",
    )


def finished_words(t: Texts, page: UploadPage) -> str:
    """How far the batches are, in words that are read out when they change; empty where there is none."""
    return " ".join(_batch_words(t, state) for state in page.batches)


def _nobody_reads(t: Texts) -> Markup:
    return el("div", el("p", t("jobs.nobody.title")), el("p", t("jobs.nobody.text")), class_="kb-notice")


def _batch(t: Texts, state: BatchState, place: str) -> Markup:
    batch, words = state.batch, _batch_words(t, state)
    counts = {
        "added": batch.added,
        "edition": batch.edition,
        "held": batch.held,
        "failed": batch.failed,
        "cancelled": batch.cancelled,
    }
    shown = [t(f"jobs.batch.{name}", n=count) for name, count in counts.items() if count]
    is_active = batch.finished < batch.total
    return el(
        "div",
        el("p", el("strong", words), " ", _left(t, state.left_s) if is_active else None),
        el("progress", value=str(batch.finished), max=str(batch.total), aria_label=words) if is_active else None,
        el("p", spaced(shown), class_="kb-hint") if shown else None,
        _button(t("jobs.batch.stop"), addresses.upload_batch(batch.id, place), f"stop-{batch.id}")
        if is_active
        else None,
        class_="kb-batch",
    )


def _batch_words(t: Texts, state: BatchState) -> str:
    return t("jobs.batch.words", done=state.batch.finished, n=state.batch.total)


def _lists(t: Texts, page: UploadPage, listing: Listing) -> Markup:
    items = []
    for which in WHICH:
        words = t(f"jobs.list.{which}", n=page.counts[which])
        if which == page.which:
            items.append(el("li", el("span", words, aria_current="true")))
        else:
            href = listing.address(t.language, which=which)
            items.append(el("li", el("a", words, href=href, data_nav=True, data_stay=True)))
    return el("nav", el("ul", items), aria_label=t("jobs.list.label"), class_="kb-views kb-job-lists")


def _pages(t: Texts, page: UploadPage, listing: Listing) -> Markup | None:
    if page.last == 1:
        return None
    ways = [("jobs.page.earlier", page.number - 1), ("jobs.page.later", page.number + 1)]
    links = [
        el("li", el("a", t(key), href=listing.address(t.language, number=number), data_nav=True))
        for key, number in ways
        if 1 <= number <= page.last
    ]
    here = el("li", t("jobs.page.here", number=page.number, last=page.last))
    return el(
        "nav",
        el("ul", links[:1] if page.number > 1 else None, here, links[-1:] if page.number < page.last else None),
        aria_label=t("jobs.page.label"),
        class_="kb-pages",
    )


def _row(t: Texts, upload: Upload, place: str) -> Markup:
    job = upload.job
    title = upload.version.title if upload.version else job.metadata.get("title", "")
    tone = "attention" if upload.needs_attention else job.state
    return el(
        "li",
        el("h3", title or job.filename, lang=upload.version.metadata.language if upload.version else None),
        el("p", spaced([job.filename if title else None, size_text(job.size_bytes)]), class_="kb-hint"),
        _state(t, upload),
        _action(t, job, place),
        class_=f"kb-job kb-job-{tone}",
    )


def _state(t: Texts, upload: Upload) -> Markup:
    job = upload.job
    match job.state:
        case "waiting":
            return el(
                "p", t("jobs.waiting", n=upload.ahead) if upload.ahead else t("jobs.next"), " ", _left(t, upload.left_s)
            )
        case "running":
            return _running(t, upload)
        case "failed":
            return el("div", problem_lines(t, job.problem, {"filename": job.filename, **job.facts}))
        case "cancelled":
            return el("p", t("jobs.cancelled"))
        case "done":
            return _done(t, upload)


def _running(t: Texts, upload: Upload) -> Markup:
    job = upload.job
    if job.is_stopping:
        return el("p", t("jobs.stopping"))
    is_counted = bool(job.total) and job.stage in ("reading", "embedding")
    words = (
        t(f"jobs.counted.{job.stage}", done=job.done, total=job.total) if is_counted else t(f"jobs.stage.{job.stage}")
    )
    bar = el("progress", value=str(job.done), max=str(job.total), aria_label=words) if is_counted else None
    return el("div", el("p", words, " ", _left(t, upload.left_s)), bar)


def _done(t: Texts, upload: Upload) -> Markup:
    job, version = upload.job, upload.version
    if version is None:
        return el("p", t("jobs.gone"))
    href = addresses.document(t.language, version.id)
    link = el("a", t("jobs.open"), href=href, data_nav=True)
    if job.outcome == "held":
        return el("p", t("jobs.held"), " ", link)
    earlier = upload.earlier
    words = el("p", t("jobs.edition"), " ", _linked(t, earlier)) if earlier else None
    return el("div", el("p", t("jobs.done"), " ", link), words, _attention(t, upload, version), _receipt(t, upload))


def _receipt(t: Texts, upload: Upload) -> Markup | None:
    if upload.receipt is None:
        return None
    return el(
        "details",
        el("summary", t("receipt.title"), el("span", f" {upload.job.filename}", class_="kb-hidden")),
        receipt_lines(t, upload.receipt),
        id=f"receipt-{upload.job.id}",
        class_="kb-receipt",
    )


def _attention(t: Texts, upload: Upload, version: Version) -> Markup | None:
    if not upload.needs_attention:
        return None
    missing = t("jobs.join").join(t(f"jobs.field.{name}") for name in upload.missing)
    href = addresses.screen(addresses.EDIT, t.language, [("id", version.id)])
    lines = [
        el("p", t("jobs.missing", fields=missing), " ", el("a", t("jobs.complete"), href=href, data_nav=True))
        if missing
        else None,
        el("p", t("jobs.proposed"), " ", el("a", t("jobs.decide"), href=href, data_nav=True))
        if upload.is_asked
        else None,
        el("p", t("jobs.notices")) if upload.has_notices else None,
    ]
    return el("div", el("p", el("strong", t("jobs.attention"))), lines)


def _linked(t: Texts, version: Version) -> Markup:
    href = addresses.document(t.language, version.id)
    return el("a", version.title, href=href, data_nav=True, lang=version.metadata.language)


def _action(t: Texts, job: Job, place: str) -> Markup | None:
    if job.is_active and not job.is_stopping:
        return _button(t("jobs.stop"), addresses.upload(job.id, "stop", place), f"stop-{job.id}", of=job.filename)
    if job.can_be_retried:
        return _button(t("jobs.retry"), addresses.upload(job.id, "retry", place), f"retry-{job.id}", of=job.filename)
    return None


def _button(words: str, action: str, identity: str, *, of: str = "") -> Markup:
    """A form of one button; `of` says to screen readers which file it is about."""
    about = el("span", f" {of}", class_="kb-hidden") if of else None
    button = el("button", words, about, type="submit", id=identity, class_="kb-link-button")
    return el("form", button, action=action, method="post", data_send=True, class_="kb-job-action")


def _left(t: Texts, seconds: float | None) -> str | None:
    """How long something will still take, as roughly as that is known."""
    if seconds is None or seconds <= 0:
        return None
    if seconds < _MINUTE_S:
        return t("jobs.left.seconds")
    if seconds < _HOUR_S:
        return t("jobs.left.minutes", n=round(seconds / _MINUTE_S))
    return t("jobs.left.hours", n=round(seconds / _HOUR_S))
