"""The list of playbook pages, and one page with its contents and a lasting link at each heading."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import actions, addresses, playbook_actions
from kb.html.element import el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.playbook_about import changed_by, linking_section, pair_notice
from kb.html.playbook_drift import drift_notice
from kb.html.playbook_links import IN_THE_APP, Addresses, Links
from kb.html.playbook_notes import note_list
from kb.html.playbook_related import related_section
from kb.html.playbook_turns import minutes, turns
from kb.i18n import Texts, date_text
from kb.playbook.around import Around
from kb.playbook.pages import Playbook, PlaybookEntry, PlaybookPage
from kb.playbook.render import Heading, render
from kb.text.language import Language

Themes = Sequence[tuple[str, Sequence[PlaybookEntry]]]

NOTHING_AROUND = Around()
_CONTENTS_LEVEL = 3
"""Deepest headings that stand in the contents."""


def index(t: Texts, themes: Themes, *, to: Addresses = IN_THE_APP) -> Markup:
    """Every page of the playbook under its theme."""
    return el(
        "div",
        el("h1", t("playbook.title")),
        el("p", t("playbook.lead"), class_="kb-lead"),
        playbook_actions.index_actions(t),
        search_form(t),
        theme_list(t, themes, to=to, heading="h2") if themes else el("p", t("playbook.empty"), class_="kb-notice"),
    )


def search_form(t: Texts) -> Markup:
    """The field that searches the playbook: the search of the first page, kept to pages of the playbook."""
    kept = [("type", "playbook"), ("lang", t.language)]
    return el(
        "form",
        [el("input", type="hidden", name=name, value=value) for name, value in kept],
        el("label", t("playbook.search.label"), for_="playbook-q"),
        el(
            "div",
            el("input", type="search", id="playbook-q", name="q", autocomplete="off", enterkeyhint="search"),
            el("button", t("search.button"), type="submit", class_="kb-button"),
            class_="kb-search-row",
        ),
        action=addresses.SEARCH,
        method="get",
        role="search",
        data_nav=True,
        class_="kb-search kb-playbook-search",
    )


def theme_list(t: Texts, themes: Themes, *, to: Addresses = IN_THE_APP, heading: str = "h3") -> Markup:
    """Playbook pages under their themes, each with one line; themes as `heading`."""
    return el("div", [_theme(t, theme, pages, to, heading) for theme, pages in themes], class_="kb-themes")


def page(
    t: Texts,
    shown: PlaybookPage,
    book: Playbook,
    around: Around = NOTHING_AROUND,
    *,
    to: Addresses = IN_THE_APP,
) -> Markup:
    """One page of `book`: title, state of translation, contents on the side, text, and what stands `around` it."""
    sources = around.sources
    links = Links(t, to, book, drifted=sources.drifted)
    rendered = render(shown.body, resolve=links, t=t, is_comparison=shown.kind == "comparison")
    other = next((each for each in shown.languages if each != shown.language), None)
    sections = [_section(t, shown.slug, heading, html, other, to) for heading, html in rendered.sections]
    return el(
        "div",
        el("p", el("a", t("playbook.all"), href=to.index(t.language), data_nav=True), class_="kb-back"),
        el("h1", shown.title, lang=shown.language),
        el("p", shown.summary, lang=shown.language, class_="kb-lead") if shown.summary else None,
        el("p", _state(t, shown), class_="kb-facts"),
        playbook_actions.page_actions(t, shown, open_comments=around.open_comments),
        pair_notice(t, shown, around.pair),
        drift_notice(t, shown.slug, rendered.notes, sources),
        el(
            "div",
            _contents(t, rendered.headings, shown.language),
            el(
                "div",
                el("article", rendered.lead, sections, lang=shown.language, class_="kb-text"),
                note_list(t, rendered.notes, sources),
            ),
            class_="kb-reading",
        ),
        linking_section(t, around.linking, to=to),
        turns(t, *book.neighbours(shown.slug, t.language), to=to),
        related_section(t, around.related, to=to),
    )


def deleted(t: Texts, slug: str) -> Markup:
    """The page for one that was taken away."""
    return el(
        "div",
        el("h1", t("playbook.deleted.title")),
        el("p", t("playbook.deleted.text")),
        el("ul", el("li", el("a", t("playbook.deleted.restore"), href=addresses.page_settings(t.language, slug)))),
        el("p", el("a", t("playbook.all"), href=addresses.playbook_screen(t.language))),
    )


def _theme(t: Texts, theme: str, pages: Sequence[PlaybookEntry], to: Addresses, heading: str) -> Markup:
    items = [
        el(
            "li",
            el("a", page.title, href=to.page(t.language, page.slug), data_nav=True, lang=page.language),
            el("p", page.summary, lang=page.language) if page.summary else None,
        )
        for page in pages
    ]
    return el("div", el(heading, theme, lang=pages[0].language) if theme else None, el("ul", items, class_="kb-plain"))


def _state(t: Texts, shown: PlaybookPage) -> Markup:
    untranslated = shown.language != t.language
    return spaced(
        [
            t("playbook.updated", date=date_text(t.language, shown.updated)) if shown.updated else None,
            changed_by(t, shown),
            t("playbook.minutes", n=minutes(shown.body, shown.language)),
            t("playbook.untranslated") if untranslated else None,
            t("playbook.both") if len(shown.languages) > 1 else None,
        ]
    )


def _contents(t: Texts, headings: Sequence[Heading], language: Language) -> Markup | None:
    shown = [heading for heading in headings if heading.level <= _CONTENTS_LEVEL]
    if len(shown) < 2:
        return None
    items = [
        el(
            "li",
            el("a", heading.title, href=f"#{heading.id}"),
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


def _section(t: Texts, slug: str, heading: Heading, html: Markup, other: Language | None, to: Addresses) -> Markup:
    title = el(f"h{heading.level}", heading.title, heading.marks, id=heading.id, tabindex="-1")
    links = [actions.copy_link(t, addresses.playbook_page(slug, fragment=heading.id), of=heading.title)]
    if other is not None:
        href = to.page(other, slug, fragment=heading.id)
        hidden = el("span", f" {heading.title}", class_="kb-hidden")
        links.append(el("a", LANGUAGE_NAMES[other], hidden, href=href, data_nav=True, hreflang=other, lang=other))
    return el("section", el("div", title, el("span", links, lang=t.language), class_="kb-heading"), html)
