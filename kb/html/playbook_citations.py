"""The report of citations whose source has drifted, and the forms that confirm them or bring them up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses, difference
from kb.html.blocks import is_structured
from kb.html.element import Child, el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.page_text import quotation
from kb.html.playbook_notes import place, quoted, told
from kb.html.signed_form import done_notice, hidden, name_field
from kb.i18n import Texts, date_text
from kb.model.evidence import Evidence
from kb.model.passages import Passage
from kb.model.playbook import WikiPage
from kb.playbook.citing import has_draft
from kb.playbook.drift import Drift, Report
from kb.store.cited_passages import Cause
from kb.text.language import LANGUAGES

CAUSES: tuple[Cause, ...] = ("edition", "reading", "withdrawn", "lost")


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What the page shows: the part `number` of `last` of a report, chosen by `chosen` (`page`, `cause`, `language`).

    `headings` are the words of the headings by page, language and id; `better` are the passages that could take the
    place of others. `done` is what was done just now, `problem` why it was not; `name` is that of the reader.
    """

    report: Report
    chosen: Mapping[str, str]
    headings: Mapping[tuple[int, str, str], str]
    better: Mapping[str, Passage]
    page: WikiPage | None = None
    number: int = 1
    last: int = 1
    name: str = ""
    done: str = ""
    problem: Markup | None = None


def citations(t: Texts, shown: ShownReport) -> Markup:
    """The whole page."""
    counts = shown.report.counts
    parts: list[Child] = [
        el("h1", t("citing.report.title")),
        shown.problem,
        done_notice(t, f"citing.done.{shown.done}") if shown.done else None,
        el("p", t("citing.report.lead"), class_="kb-lead"),
        _of_page(t, shown),
    ]
    if not counts.total:
        parts.append(el("div", el("p", t("citing.report.none")), class_="kb-notice"))
        return el("div", parts)
    found = shown.report.found
    if not shown.page:
        parts.append(el("p", t("citing.report.count", n=counts.total), t("citing.report.pages", n=counts.pages)))
    parts += [_filters(t, shown), el("h2", t("citing.report.found", n=found), id="found")]
    entries = [_entry(t, each, shown) for each in shown.report.shown]
    return el("div", parts, el("ol", entries, class_="kb-plain kb-drifts"), _turn(t, shown))


def _of_page(t: Texts, shown: ShownReport) -> Markup | None:
    if shown.page is None:
        return None
    body = shown.page.body(t.language, unpublished=True)
    title = el("span", body.title if body else shown.page.slug, lang=body.language if body else None)
    every = el("a", t("citing.report.every"), href=addresses.citations(t.language))
    return el("p", Markup(t("citing.report.of", title=title)), " ", every)


def _filters(t: Texts, shown: ShownReport) -> Markup:
    """Ways to those of one cause, and of one language, each with how many there are."""
    counts = shown.report.counts
    causes = [(each, t(f"citing.cause.{each}"), counts.causes.get(each, 0)) for each in CAUSES]
    languages = [(each, LANGUAGE_NAMES[each], counts.languages.get(each, 0)) for each in LANGUAGES]
    return el(
        "div",
        _choice(t, shown, "cause", [("", t("citing.filter.all"), counts.total), *causes]),
        _choice(t, shown, "language", [("", t("citing.filter.all"), counts.total), *languages]),
        class_="kb-drift-filters",
    )


def _choice(t: Texts, shown: ShownReport, name: str, values: Sequence[tuple[str, str, int]]) -> Markup:
    chosen = shown.chosen.get(name, "")
    items = []
    for value, words, count in values:
        if not count and value != chosen:
            continue
        label = t("citing.filter.count", words=words, count=count)
        href = addresses.citations(t.language, **{**shown.chosen, name: value})
        items.append(el("li", el("strong", label) if value == chosen else el("a", label, href=href)))
    identity = f"filter-{name}"
    heading = el("span", t(f"citing.filter.{name}"), id=identity, class_="kb-drift-filter")
    return el("nav", heading, el("ul", items, class_="kb-actions"), aria_labelledby=identity)


def _entry(t: Texts, drift: Drift, shown: ShownReport) -> Markup:
    page, body = drift.page, drift.page.bodies[drift.language]
    heading = shown.headings.get((page.id, drift.language, drift.heading), "")
    href = addresses.in_language(addresses.playbook_page(page.slug, fragment=drift.heading), drift.language)
    title = el("a", body.title or page.slug, href=href, lang=drift.language)
    where = spaced([el("span", heading, lang=drift.language) if heading else None, LANGUAGE_NAMES[drift.language]])
    return el(
        "li",
        el("p", el("span", t(f"citing.kind.{drift.kind}"), class_="kb-tag"), class_="kb-drift-kind"),
        el("h3", title),
        el("p", where, class_="kb-facts"),
        _source(t, drift, shown),
        el("p", _checked(t, drift), class_="kb-hint"),
        _form(t, drift, shown),
        id=_identity(drift),
        class_="kb-drift-entry",
    )


def _source(t: Texts, drift: Drift, shown: ShownReport) -> list[Markup | None]:
    evidence = drift.evidence
    if not isinstance(evidence, Evidence):
        return [el("p", t("basket.lost"), class_="kb-note-title"), told(t, evidence)]
    structured = is_structured(evidence.version)
    fates = evidence.fates
    fate = fates.there or fates.here
    words = (
        quoted(t, evidence.passage, structured=structured, name=_identity(drift))
        if evidence.may_be_quoted
        else el("p", t("withdrawn.not_quoted"))
    )
    newer = shown.better.get(drift.better)
    changed = bool(fate.segments) and evidence.may_be_quoted
    return [
        place(t, evidence),
        el("h4", t("citing.words")),
        words,
        told(t, evidence),
        el("h4", t("citing.difference")) if changed else None,
        difference.words(t, fate.segments, evidence.passage.language) if changed else None,
        el(
            "details",
            el("summary", t("citing.newer")),
            quotation(newer, structured=structured),
            id=f"newer-{_identity(drift)}",
            class_="kb-whole",
        )
        if newer
        else None,
    ]


def _checked(t: Texts, drift: Drift) -> str:
    if drift.check is None:
        return t("citing.unchecked")
    return t("citing.checked", name=drift.check.checked_by, date=date_text(t.language, drift.check.checked_at))


def _form(t: Texts, drift: Drift, shown: ShownReport) -> Markup:
    body, identity = drift.page.bodies[drift.language], _identity(drift)
    edit = addresses.writing(t.language, "edit", drift.page.slug, [("body", drift.language)], fragment=drift.heading)
    waits = has_draft(body)
    of = el("span", f" {t('citing.form.of', title=body.title)}", class_="kb-hidden")
    confirm = el(
        "button", t("citing.confirm"), of, type="submit", name="do", value="confirm", class_="kb-button kb-button-plain"
    )
    update = el(
        "button", t("citing.update"), of, type="submit", name="do", value="update", class_="kb-button kb-button-plain"
    )
    offered = bool(drift.better) and not waits
    return el(
        "form",
        hidden(
            slug=drift.page.slug,
            body=drift.language,
            passage=drift.passage_id,
            state=drift.state,
            better=drift.better,
            p=str(shown.number),
            **shown.chosen,
        ),
        name_field(t, f"by-{identity}", shown.name),
        el("p", t("citing.draft"), class_="kb-hint") if waits and drift.better else None,
        el("div", confirm, update if offered else None, el("a", t("citing.edit"), of, href=edit), class_="kb-bar"),
        method="post",
        action=addresses.citations(t.language),
        class_="kb-drift-form",
    )


def _turn(t: Texts, shown: ShownReport) -> Markup | None:
    steps = {"citing.previous": shown.number - 1, "citing.next": shown.number + 1}
    links = [
        el("li", el("a", t(key), href=addresses.citations(t.language, **shown.chosen, p=str(to))))
        for key, to in steps.items()
        if 1 <= to <= shown.last
    ]
    if not links:
        return None
    where = t("citing.part", number=str(shown.number), last=str(shown.last))
    return el("nav", el("p", where, class_="kb-hint"), el("ul", links), aria_label=where, class_="kb-pages")


def _identity(drift: Drift) -> str:
    return f"d-{drift.page.id}-{drift.language}-{drift.passage_id}"
