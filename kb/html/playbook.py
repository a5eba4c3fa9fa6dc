"""The list of playbook pages, and one page with its contents and a lasting link at each heading."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import actions, addresses
from kb.html.element import el, spaced
from kb.html.home import theme_list
from kb.i18n import Texts, date_text
from kb.playbook.pages import PlaybookPage
from kb.playbook.render import Heading, render
from kb.text.language import Language

_CONTENTS_LEVEL = 3
"""Deepest headings that stand in the contents."""


def index(t: Texts, themes: Sequence[tuple[str, Sequence[PlaybookPage]]]) -> Markup:
    """Every page of the playbook under its theme."""
    return el(
        "div",
        el("h1", t("playbook.title")),
        el("p", t("playbook.lead"), class_="kb-lead"),
        theme_list(t, themes, heading="h2") if themes else el("p", t("playbook.empty"), class_="kb-notice"),
    )


def page(t: Texts, shown: PlaybookPage, languages: Sequence[Language]) -> Markup:
    """One page: title, state of translation, contents on the side, text."""
    rendered = render(shown.body)
    return el(
        "div",
        el(
            "p",
            el("a", t("playbook.all"), href=addresses.playbook_screen(t.language), data_nav=True),
            class_="kb-back",
        ),
        el("h1", shown.title, lang=shown.language),
        el("p", shown.summary, lang=shown.language, class_="kb-lead") if shown.summary else None,
        el("p", _state(t, shown, languages), class_="kb-facts"),
        el("ul", el("li", actions.copy_link(t, addresses.playbook_page(shown.slug))), class_="kb-actions"),
        el(
            "div",
            _contents(t, rendered.headings, shown.language),
            el(
                "article",
                rendered.lead,
                [_section(t, shown.slug, heading, html) for heading, html in rendered.sections],
                lang=shown.language,
                class_="kb-text",
            ),
            class_="kb-reading",
        ),
    )


def _state(t: Texts, shown: PlaybookPage, languages: Sequence[Language]) -> Markup:
    untranslated = shown.language != t.language
    return spaced(
        [
            t("playbook.updated", date=date_text(t.language, shown.updated)) if shown.updated else None,
            t("playbook.untranslated") if untranslated else None,
            t("playbook.both") if len(languages) > 1 else None,
        ]
    )


def _contents(t: Texts, headings: Sequence[Heading], language: Language) -> Markup | None:
    shown = [heading for heading in headings if heading.level <= _CONTENTS_LEVEL]
    if len(shown) < 2:
        return None
    items = [
        el(
            "li",
            el("a", heading.title, href=f"#{heading.id}", data_within=True),
            class_=f"kb-level-{heading.level}",
        )
        for heading in shown
    ]
    return el(
        "nav",
        el("h2", t("contents.title"), id="contents-title"),
        el("ol", items, lang=language),
        aria_labelledby="contents-title",
        class_="kb-contents",
    )


def _section(t: Texts, slug: str, heading: Heading, html: Markup) -> Markup:
    title = el(f"h{heading.level}", heading.title, id=heading.id, tabindex="-1")
    link = actions.copy_link(t, addresses.playbook_page(slug, fragment=heading.id), of=heading.title)
    return el("section", el("div", title, el("span", link, lang=t.language), class_="kb-heading"), html)
