"""A passage among the words around it, for documents that have no pages to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kb.html.element import el
from kb.html.page_text import page_text
from kb.i18n import Texts
from kb.model.passages import Page, Passage, PlacedHeading

_AROUND = {"en": 700, "ja": 400}
"""Characters before and after a passage, to the next end of a line."""


def in_context(
    t: Texts, passage: Passage, page: Page, outline: Sequence[PlacedHeading], *, structured: bool, href: str
) -> Markup:
    """The passage marked in the text around it, which goes on at `href` where it is cut."""
    begin, end = _around(passage, page)
    moved = replace(passage, start=passage.start - begin, end=passage.end - begin)
    headings = [
        replace(each, start=each.start - begin)
        for each in outline
        if each.page == page.number and begin <= each.start < end
    ]
    shown = replace(page, text=page.text[begin:end])
    return el(
        "div",
        el("h2", t("document.text"), class_="kb-hidden"),
        el("p", el("a", t("passage.before"), href=href), class_="kb-hint") if page.text[:begin].strip() else None,
        page_text(shown, moved, structured=structured, outline=headings),
        el("p", el("a", t("passage.after"), href=href), class_="kb-hint") if page.text[end:].strip() else None,
        class_="kb-context",
    )


def _around(passage: Passage, page: Page) -> tuple[int, int]:
    """Whole lines about the passage, so that lists, tables and headings stay what they are."""
    reach = _AROUND[page.language]
    begin = page.text.rfind("\n", 0, max(passage.start - reach, 0)) + 1
    end = page.text.find("\n", min(passage.end + reach, len(page.text)))
    return begin, end if end >= 0 else len(page.text)
