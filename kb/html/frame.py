"""What every page has around it: the way to skip to the content, the top bar and the footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses
from kb.html.basket_counter import counter
from kb.html.element import el, spaced
from kb.i18n import Texts, date_text
from kb.text.language import Language

_NAVIGATION = (
    (addresses.SEARCH, "frame.nav.search"),
    (addresses.LIBRARY, "frame.nav.library"),
    (addresses.PLAYBOOK, "frame.nav.playbook"),
    (addresses.GLOSSARY, "frame.nav.glossary"),
    (addresses.ADD, "frame.nav.add"),
)
LANGUAGE_NAMES: Mapping[Language, str] = {"en": "English", "ja": "日本語"}
"""Each language in its own words."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the footer says of the library: how much it holds and when that last changed (ISO 8601, or empty)."""

    documents: int = 0
    last_changed: str = ""


def skip_link(t: Texts) -> Markup:
    """The first stop of the Tab key: to the content."""
    return el("a", t("frame.skip"), href="#content", class_="kb-skip")


def top_bar(t: Texts, *, screen: str, place: str, collected: int = 0) -> Markup:
    """Name, navigation and language switch. `screen` is the entry that is open, `place` the address to keep.

    `collected` is how many passages the reader has collected.
    """
    name = el(
        "a",
        el("span", "Kakehashi", lang="en"),
        " ",
        el("span", "架け橋", lang="ja", class_="kb-name-ja"),
        href=addresses.screen(addresses.SEARCH, t.language),
        class_="kb-name",
        data_nav=True,
    )
    entries = [
        el(
            "li",
            el(
                "a",
                t(key),
                href=addresses.screen(path, t.language),
                data_nav=True,
                aria_current="page" if path == screen else None,
            ),
        )
        for path, key in _NAVIGATION
    ]
    entries.append(el("li", _evidence(t, collected, is_open=screen == addresses.BASKET)))
    return el(
        "div",
        name,
        el("nav", el("ul", entries), aria_label=t("frame.nav.label"), class_="kb-nav"),
        _language_switch(t, place),
        class_="kb-top-inner",
    )


def footer(t: Texts, holdings: Holdings) -> Markup:
    """What the library holds, how it can be read by everyone, how links work, and the notice of origin."""
    held = el(
        "p",
        spaced(
            [
                t("frame.footer.holds", n=holdings.documents),
                t("frame.footer.changed", date=date_text(t.language, holdings.last_changed))
                if holdings.last_changed
                else None,
                el("a", t("frame.footer.records"), href=addresses.records(t.language)),
            ]
        ),
    )
    parts = [
        el("div", el("h2", t(f"frame.footer.{part}.title")), el("p", t(f"frame.footer.{part}.text")))
        for part in ("links", "accessibility", "sources")
    ]
    return el("div", el("div", parts, class_="kb-foot-parts"), held, class_="kb-foot-inner")


def _evidence(t: Texts, collected: int, *, is_open: bool) -> Markup:
    """The way to what the reader has collected; it leaves the app, for which it is no screen."""
    href = addresses.screen(addresses.BASKET, t.language)
    return el("a", t("basket.title"), counter(t, collected), href=href, aria_current="page" if is_open else None)


def _language_switch(t: Texts, place: str) -> Markup:
    items = []
    for language, name in LANGUAGE_NAMES.items():
        if language == t.language:
            items.append(el("li", el("span", name, lang=language, aria_current="true")))
        else:
            there = addresses.in_language(place, language)
            href = addresses.switch_language(language, place)
            items.append(el("li", el("a", name, href=href, data_nav=there, lang=language, hreflang=language)))
    return el("nav", el("ul", items), aria_label=t("frame.language"), class_="kb-language")
