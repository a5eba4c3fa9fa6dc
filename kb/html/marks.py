"""Marks that stand for documents in the pictures of the library: a shape for each country, a link with its facts."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import Child, el
from kb.i18n import Texts, date_text, publisher_name
from kb.model.works import Country

COUNTRIES: tuple[Country, ...] = ("uk", "jp", "both", "other")


def shape(country: Country) -> Markup:
    """The shape of a country, about its own middle, 12 pixels across."""
    if country == "uk":
        return el("circle", r="6")
    if country == "jp":
        return el("rect", x="-5.5", y="-5.5", width="11", height="11")
    if country == "both":
        return el("path", d="M0 -7.5 L7.5 0 L0 7.5 L-7.5 0 Z")
    return el("path", d="M0 -7 L7 5.5 L-7 5.5 Z")


def mark(
    shown: Child, facts: str, *, href: str, country: Country, x: str, y: str, key: str = "", is_faded: bool = False,
    is_listed: bool = False,
) -> Markup:  # fmt: skip
    """A mark at (`x`, `y`), lengths of the picture, that leads to `href`; `facts` are its name.

    `shown` is what stands in it besides its shape.
    """
    state = " kb-mark-faded" * is_faded + " kb-mark-listed" * is_listed
    return el(
        "a",
        el("title", facts),
        el("svg", el("circle", r="8", class_="kb-mark-room"), shape(country), shown, x=x, y=y, overflow="visible"),
        href=href,
        data_nav=True,
        id=key or None,
        class_=f"kb-mark kb-mark-{country}{state}",
    )


def facts_of(t: Texts, title: str, publisher: str, published: str, *states: str) -> str:
    """Title, publisher, date and states of a document in one line."""
    return " · ".join(
        filter(None, [title, publisher_name(t.language, publisher), date_text(t.language, published), *states])
    )


def key_of_shapes(t: Texts, countries: set[Country], *more: tuple[Markup, str]) -> Markup:
    """The legend: the shape of each country in the picture, then `more` signs with their words."""
    signs = [
        (_sign(shape(each), f"kb-mark kb-mark-{each}"), t(f"country.name.{each}"))
        for each in COUNTRIES
        if each in countries
    ]
    items = [el("li", sign, " ", words) for sign, words in (*signs, *more)]
    return el("ul", items, aria_label=t("overview.legend"), class_="kb-key")


def listed_sign() -> Markup:
    """What the legend shows for documents that are not held."""
    return _sign(shape("uk"), "kb-mark kb-mark-uk kb-mark-listed")


def faded_sign() -> Markup:
    """What the legend shows for older editions."""
    return _sign(shape("uk"), "kb-mark kb-mark-uk kb-mark-faded")


def link_sign() -> Markup:
    """What the legend shows between an edition and the one that replaced it."""
    return _sign(el("line", x1="-9", x2="9", y1="0", y2="0", class_="kb-succession"), "")


def _sign(drawn: Markup, class_: str) -> Markup:
    return el("svg", drawn, viewBox="-10 -10 20 20", width="20", height="20", aria_hidden="true", class_=class_)
