"""The settings of a playbook page: its address, archiving, deleting and bringing back, and what links to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.playbook_fields import Form, summary
from kb.i18n import Fact, Texts, date_text
from kb.model.playbook import WikiPage
from kb.text.language import Language

_FIELDS = {"move": ("to", "by"), "archive": ("note", "by"), "delete": ("reason", "by"), "restore": ("note", "by")}
"""Fields of each form in order; `note` is a reason that may be left out."""


@dataclass(frozen=True, slots=True)
class LinkingPage:
    """A page that links to another: its slug, the title of its body in `language`."""

    slug: str
    title: str
    language: Language


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Everything one view of the page shows: `former` addresses, what links here, and a form that was refused.

    `done` is what has just been done, and `rewritten` how many pages got new links by it.
    """

    page: WikiPage
    title: str
    linking: Sequence[LinkingPage]
    former: Sequence[str]
    by: str = ""
    action: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    code: str = ""
    done: str = ""
    rewritten: int = 0


def settings_page(t: Texts, shown: PageSettings) -> Markup:
    """The whole page."""
    page = shown.page
    actions = ("restore",) if page.deleted_at else ("move", "restore" if page.archived_at else "archive", "delete")
    refused = Form(t, shown.fields, problems=shown.problems, facts=shown.facts, prefix=f"{shown.action}-")
    return el(
        "div",
        _back(t, shown),
        summary(refused, shown.code),
        _done(t, shown),
        el("h1", t("settings.title", title=shown.title)),
        el("p", _facts(t, page), class_="kb-facts"),
        _links(t, shown),
        [_section(t, shown, action) for action in actions],
        class_="kb-settings",
    )


def _back(t: Texts, shown: PageSettings) -> Markup:
    page = shown.page
    if page.deleted_at or not any(each.published for each in page.bodies.values()):
        return el("p", el("a", t("playbook.all"), href=f"/playbook?lang={t.language}"), class_="kb-back")
    href = addresses.in_language(addresses.playbook_page(page.slug), t.language)
    return el("p", el("a", t("writing.back"), href=href), class_="kb-back")


def _done(t: Texts, shown: PageSettings) -> Markup | None:
    if shown.done not in ("move", "archive", "delete", "restore"):
        return None
    rewritten = el("p", t("settings.done.rewritten", n=shown.rewritten)) if shown.rewritten else None
    words = el("p", t(f"settings.done.{shown.done}"))
    return el("div", words, rewritten, role="status", class_="kb-notice kb-notice-done")


def _facts(t: Texts, page: WikiPage) -> Markup:
    states = [
        t(f"settings.state.{state}", date=date_text(t.language, moment))
        for state, moment in (("deleted", page.deleted_at), ("archived", page.archived_at))
        if moment
    ]
    return spaced([el("code", addresses.playbook_page(page.slug)), *states[:1]])


def _links(t: Texts, shown: PageSettings) -> Markup:
    items = [
        el(
            "li",
            el("a", each.title, href=addresses.in_language(addresses.playbook_page(each.slug), each.language)),
            lang=each.language,
        )
        for each in shown.linking
    ]
    none = el("p", t("settings.links.none"))
    return el(
        "section",
        el("h2", t("settings.links"), id="kb-links"),
        el("ul", items) if items else none,
        el("p", t("settings.former", slugs=", ".join(shown.former)), class_="kb-hint") if shown.former else None,
        aria_labelledby="kb-links",
    )


def _section(t: Texts, shown: PageSettings, action: str) -> Markup:
    page = shown.page
    own = shown.fields if shown.action == action else {"by": shown.by, "to": page.slug if action == "move" else ""}
    problems = shown.problems if shown.action == action else {}
    form = Form(t, own, problems=problems, facts=shown.facts, prefix=f"{action}-")
    key = "unarchive" if action == "restore" and not page.deleted_at else action
    n = len({each.slug for each in shown.linking})
    is_warned = action == "delete"
    return el(
        "section",
        el("h2", t(f"settings.{key}.title"), id=f"kb-{action}"),
        el("p", t(f"settings.{key}.text"), class_="kb-measure"),
        el("p", t("settings.move.links", n=n), class_="kb-measure") if action == "move" else None,
        el("p", t("settings.delete.links", n=n), class_="kb-measure") if is_warned and n else None,
        el(
            "form",
            el("input", type="hidden", name="do", value=action),
            [form.line(name) for name in _FIELDS[action]],
            el(
                "button",
                t(f"settings.{key}.button"),
                type="submit",
                class_="kb-button kb-button-warning" if is_warned else "kb-button",
            ),
            method="post",
            action=addresses.page_settings(t.language, page.slug),
            novalidate=True,
            class_="kb-form",
        ),
        aria_labelledby=f"kb-{action}",
        class_="kb-keeping",
    )
