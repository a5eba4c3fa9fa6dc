"""What waits to be done in the playbook, and what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.playbook_history import why
from kb.i18n import Texts, date_text
from kb.model.playbook import Revision, WikiPage
from kb.text.language import Language

REPORTS = ("citations", "links", "translations", "reviews")


def overview(
    t: Texts,
    counts: Mapping[str, int],
    recent: Sequence[Revision],
    pages: Mapping[int, WikiPage],
    comments: Mapping[tuple[int, Language], int],
    commented: Mapping[int, WikiPage],
) -> Markup:
    """The page behind `/pages`."""
    items = [
        el(
            "li",
            el("a", t(f"reports.{name}.title"), href=addresses.writing(t.language, name)),
            el("p", t(f"reports.{name}.count", n=counts[name]), class_="kb-facts"),
        )
        for name in REPORTS
    ]
    discussed = [
        el("li", _discussion(t, commented[page_id], language, count))
        for (page_id, language), count in comments.items()
        if page_id in commented and language in commented[page_id].bodies and not commented[page_id].deleted_at
    ]
    return el(
        "div",
        back(t),
        el("h1", t("reports.title")),
        el("p", t("reports.lead"), class_="kb-lead"),
        el(
            "ul",
            el("li", el("a", t("writing.link.new"), href=addresses.writing(t.language, "new"))),
            class_="kb-actions",
        ),
        el("ul", items, class_="kb-plain kb-sources"),
        el("section", el("h2", t("reports.comments")), el("ul", discussed, class_="kb-plain")) if discussed else None,
        el(
            "section",
            el("h2", t("reports.changes.recent")),
            change_list(t, recent, pages),
            el("p", el("a", t("reports.changes.all"), href=addresses.writing(t.language, "changes"))),
        ),
    )


def changes(
    t: Texts, revisions: Sequence[Revision], pages: Mapping[int, WikiPage], *, at: int, has_older: bool
) -> Markup:
    """Every change, newest first; `at` counts the parts from 1."""
    steps = [("records.newer", at - 1)] if at > 1 else []
    steps += [("records.older", at + 1)] if has_older else []
    turns = [
        el("li", el("a", t(key), href=addresses.writing(t.language, "changes", parameters=[("p", str(to))])))
        for key, to in steps
    ]
    return el(
        "div",
        back(t),
        el("h1", t("reports.changes.title")),
        el("p", t("reports.changes.lead"), class_="kb-lead"),
        el(
            "p",
            el("a", t("reports.feed"), href=addresses.writing(t.language, "changes.atom")),
        ),
        change_list(t, revisions, pages) if revisions else el("p", t("reports.changes.none"), class_="kb-notice"),
        el("nav", el("ul", turns), aria_label=t("records.pages"), class_="kb-pages") if turns else None,
    )


def change_list(t: Texts, revisions: Sequence[Revision], pages: Mapping[int, WikiPage]) -> Markup:
    """One line a change: the page, who, when, why, and what changed."""
    return el("ol", [_change(t, each, pages[each.page_id]) for each in revisions], class_="kb-plain kb-changes-list")


def back(t: Texts) -> Markup:
    """The way back to the playbook."""
    return el("p", el("a", t("playbook.all"), href=addresses.in_language("/playbook", t.language)), class_="kb-back")


def _change(t: Texts, each: Revision, page: WikiPage) -> Markup:
    body = page.bodies[each.language]
    href = addresses.in_language(addresses.playbook_page(page.slug), each.language)
    when = t("records.when", date=date_text(t.language, each.made_at), time=each.made_at[11:16])
    words = t("history.changes") if each.number > 1 else t("history.view")
    parameters = [("body", each.language), ("to" if each.number > 1 else "number", str(each.number))]
    action = "compare" if each.number > 1 else "revision"
    link = el(
        "a",
        words,
        el("span", f" {body.title}", class_="kb-hidden"),
        href=addresses.writing(t.language, action, page.slug, parameters),
    )
    return el(
        "li",
        el("a", body.title or page.slug, href=href, lang=each.language),
        el(
            "p",
            spaced([LANGUAGE_NAMES[each.language], each.author, el("time", when, datetime=each.made_at), link]),
            class_="kb-facts",
        ),
        el("p", why(t, each)) if why(t, each) else None,
    )


def _discussion(t: Texts, page: WikiPage, language: Language, count: int) -> Markup:
    body = page.bodies[language]
    href = addresses.writing(t.language, "discuss", page.slug, [("body", language)])
    return spaced([el("a", body.title or page.slug, href=href, lang=language), t("reports.comments.open", n=count)])
