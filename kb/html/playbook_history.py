"""Revisions of a playbook page: the list, one of them as it was read, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.playbook_difference import difference
from kb.html.playbook_fields import Form, summary
from kb.i18n import Texts, date_text
from kb.model.playbook import Body, Revision, WikiPage
from kb.playbook.comparing import ComparedTexts
from kb.playbook.render import Rendered
from kb.playbook.source import Source

__all__ = ["Compared", "History", "Markup", "compared", "history", "revision"]


@dataclass(frozen=True, slots=True)
class History:
    """A part of the revisions of a body, newest first; `at` counts the parts from 1."""

    page: WikiPage
    body: Body
    revisions: Sequence[Revision]
    at: int
    has_older: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Two revisions of a body, the earlier one first, and what differs."""

    page: WikiPage
    body: Body
    before: Revision
    after: Revision
    texts: ComparedTexts


def history(t: Texts, shown: History) -> Markup:
    """The list of revisions, any two of which can be compared."""
    rows = [_row(t, shown, each, first=not number) for number, each in enumerate(shown.revisions)]
    table = el(
        "table",
        el("caption", t("history.caption"), class_="kb-hidden"),
        el(
            "thead",
            el("tr", [el("th", t(f"history.head.{name}"), scope="col") for name in ("pick", "when", "who", "why")]),
        ),
        el("tbody", rows),
        class_="kb-library kb-records kb-history",
    )
    return el(
        "div",
        head(t, shown.page, shown.body, t("history.heading"), action="history"),
        el("p", t("history.lead"), class_="kb-measure"),
        el(
            "form",
            [
                el("input", type="hidden", name=name, value=value)
                for name, value in (("body", shown.body.language), ("lang", t.language))
            ],
            el("p", el("button", t("history.compare"), class_="kb-button kb-button-plain")) if len(rows) > 1 else None,
            el("div", table, class_="kb-table", tabindex="0", role="region", aria_label=t("history.caption")),
            method="get",
            action=f"{addresses.WRITING}/compare/{shown.page.slug}",
        ),
        _parts(t, shown),
    )


def revision(
    t: Texts,
    page: WikiPage,
    body: Body,
    shown: Revision,
    rendered: Rendered,
    typed: Mapping[str, str],
    error: KbError | None,
) -> Markup:
    """A revision as it was read, and below it the form that brings it back."""
    form = Form(t, typed, shown.language, prefix="restore-")
    sections = [
        el("section", el(f"h{heading.level}", heading.title, heading.marks, id=heading.id), html)
        for heading, html in rendered.sections
    ]
    restore = el(
        "form",
        el("h2", t("history.restore.title")),
        el("p", t("history.restore.text"), class_="kb-measure"),
        form.line("change"),
        form.line("by"),
        el("button", t("history.restore.button"), class_="kb-button"),
        method="post",
        action=addresses.writing(
            t.language, "revision", page.slug, [("body", shown.language), ("number", str(shown.number))]
        ),
        class_="kb-form",
    )
    return el(
        "div",
        summary(form, str(error.facts.get("reason") or error.code)) if error else None,
        head(t, page, body, Source.read(shown.text).one("title") or page.slug, action="history"),
        el("p", t("history.revision.notice", n=shown.number), " ", facts(t, shown), class_="kb-notice"),
        el("article", rendered.lead, sections, lang=shown.language, class_="kb-text"),
        restore if shown.number != body.latest else None,
    )


def compared(t: Texts, shown: Compared) -> Markup:
    """What differs between two revisions, word by word."""
    language = shown.body.language
    sides = [
        (
            el("dt", t(f"history.compare.{name}")),
            el("dd", _revision_link(t, shown.page, each, t("history.number", n=each.number)), " ", facts(t, each)),
        )
        for name, each in (("before", shown.before), ("after", shown.after))
    ]
    return el(
        "div",
        head(t, shown.page, shown.body, t("history.compare.heading"), action="history"),
        el("dl", sides, class_="kb-terms kb-editions"),
        difference(t, shown.texts, language),
        el("p", _revision_link(t, shown.page, shown.before, t("history.compare.restore", n=shown.before.number))),
    )


def head(t: Texts, page: WikiPage, body: Body, title: str, *, action: str) -> Markup:
    """The way back to the page, the heading, and the same view of the other language."""
    others = [
        el(
            "li",
            el(
                "a",
                LANGUAGE_NAMES[language],
                href=addresses.writing(t.language, action, page.slug, [("body", language)]),
                hreflang=language,
                lang=language,
            ),
        )
        for language in page.bodies
        if language != body.language
    ]
    back = addresses.in_language(addresses.playbook_page(page.slug), t.language)
    return el(
        "div",
        el("p", el("a", body.title or page.slug, href=back, lang=body.language), class_="kb-back"),
        el("h1", title),
        el("p", t(f"history.body.{body.language}"), class_="kb-facts"),
        el("ul", others, class_="kb-actions") if others else None,
    )


def facts(t: Texts, revision: Revision) -> Markup:
    """Who made a revision, when, and why."""
    when = t("records.when", date=date_text(t.language, revision.made_at), time=revision.made_at[11:16])
    return spaced([revision.author, el("time", when, datetime=revision.made_at), why(t, revision)])


def why(t: Texts, revision: Revision) -> Markup | None:
    """The summary of a change, or how it came about where nobody wrote one."""
    if revision.summary:
        return el("span", revision.summary)
    return el("span", t(f"history.origin.{revision.origin}")) if revision.origin != "edit" else None


def _row(t: Texts, shown: History, each: Revision, *, first: bool) -> Markup:
    name = t("history.number", n=each.number)
    picks = [
        el(
            "label",
            el("input", type="radio", name=side, value=str(each.number), checked=is_checked),
            el("span", t(f"history.pick.{side}", n=each.number), class_="kb-hidden"),
        )
        for side, is_checked in (("from", each.number == shown.body.latest - 1), ("to", first))
    ]
    state = None
    if each.number == shown.body.published:
        state = el("strong", t("history.published"))
    elif each.number > shown.body.published:
        state = el("strong", t(f"history.stage.{'review' if shown.body.stage == 'review' else 'draft'}"))
    when = t("records.when", date=date_text(t.language, each.made_at), time=each.made_at[11:16])
    links = [_revision_link(t, shown.page, each, t("history.view"), of=name)]
    if each.number > 1:
        href = addresses.writing(
            t.language,
            "compare",
            shown.page.slug,
            [("body", each.language), ("from", str(each.number - 1)), ("to", str(each.number))],
        )
        links.append(el("a", t("history.changes"), el("span", f" {name}", class_="kb-hidden"), href=href))
    return el(
        "tr",
        el("td", picks, class_="kb-picks"),
        el("th", el("time", when, datetime=each.made_at), el("span", name, class_="kb-hint"), scope="row"),
        el("td", each.author),
        el("td", spaced([why(t, each), state]), el("ul", [el("li", link) for link in links], class_="kb-actions")),
    )


def _revision_link(t: Texts, page: WikiPage, each: Revision, words: str, *, of: str = "") -> Markup:
    parameters = [("body", each.language), ("number", str(each.number))]
    hidden = el("span", f" {of}", class_="kb-hidden") if of else None
    return el("a", words, hidden, href=addresses.writing(t.language, "revision", page.slug, parameters))


def _parts(t: Texts, shown: History) -> Markup | None:
    steps = [("records.newer", shown.at - 1)] if shown.at > 1 else []
    steps += [("records.older", shown.at + 1)] if shown.has_older else []
    items = [
        el(
            "li",
            el(
                "a",
                t(key),
                href=addresses.writing(
                    t.language, "history", shown.page.slug, [("body", shown.body.language), ("p", str(to))]
                ),
            ),
        )
        for key, to in steps
    ]
    return el("nav", el("ul", items), aria_label=t("records.pages"), class_="kb-pages") if items else None
