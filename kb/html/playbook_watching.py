"""What a reader watches of the playbook, and the buttons that begin and end it."""

from __future__ import annotations

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.playbook_overview import change_list
from kb.html.signed_form import hidden
from kb.i18n import Texts
from kb.model.playbook import WikiPage
from kb.playbook.watching import Watched


def watch_button(t: Texts, action: str, target: str, words: str, *, place: str, of: str = "") -> Markup:
    """A plain form of one button that does `action` to `target` and leads back to `place`."""
    return el(
        "form",
        hidden(target=target, next=place),
        el(
            "button",
            words,
            el("span", f" {of}", class_="kb-hidden") if of else None,
            name="do",
            value=action,
            class_="kb-link-button",
        ),
        method="post",
        action=addresses.writing(t.language, "watch"),
        class_="kb-inline-form",
    )


def watched_section(t: Texts, watched: Watched | None, *, place: str) -> Markup | None:
    """What changed of what the reader watches, and what that is; nothing where they watch nothing."""
    if watched is None:
        return None
    pages = [
        el(
            "li",
            el("a", _title(t, page), href=addresses.in_language(addresses.playbook_page(page.slug), t.language)),
            " ",
            watch_button(t, "not-page", page.slug, t("watch.end"), place=place, of=_title(t, page)),
        )
        for page in watched.pages
    ]
    themes = [
        el("li", theme, " ", watch_button(t, "not-theme", theme, t("watch.end"), place=place, of=theme))
        for theme in watched.themes
    ]
    changes = [
        el("p", t("watch.changes", n=len(watched.changes))),
        change_list(t, watched.changes, watched.changed_pages),
        watch_button(t, "seen", "all", t("watch.seen"), place=place),
    ]
    return el(
        "section",
        el("h2", t("watch.title"), id="kb-watched"),
        changes if watched.changes else el("p", t("watch.nothing"), class_="kb-facts"),
        el("details", el("summary", t("watch.list", n=len(pages) + len(themes))), el("ul", pages, themes)),
        aria_labelledby="kb-watched",
        class_="kb-watched",
    )


def _title(t: Texts, page: WikiPage) -> str:
    body = page.body(t.language, unpublished=True)
    return body.title if body and body.title else page.slug
