"""The filters of a search or of the library: a plain form whose fields are the parameters of the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.search_address import COUNTRIES, DOCUMENT_TYPES
from kb.i18n import Texts, publisher_name, same_publishers
from kb.model.hits import Filters
from kb.model.works import Country
from kb.text.language import LANGUAGES

_FEW = 6
"""Publishers shown at once; the others stand behind one more step."""


class Counts(Protocol):
    """How many documents carry each value."""

    @property
    def countries(self) -> Mapping[str, int]:
        """By country."""

    @property
    def publishers(self) -> Mapping[str, int]:
        """By publisher."""

    @property
    def languages(self) -> Mapping[str, int]:
        """By language."""

    @property
    def document_types(self) -> Mapping[str, int]:
        """By kind of document."""

    @property
    def years(self) -> Mapping[int, int]:
        """By year of publication."""


def filter_form(
    t: Texts, counts: Counts, chosen: Filters, *, action: str, kept: Iterable[tuple[str, str]] = ()
) -> Markup:
    """The form. `kept` are the other parameters of the address, which stay as they are."""
    hidden = [
        el("input", type="hidden", name=name, value=value) for name, value in (*kept, ("lang", t.language)) if value
    ]
    groups = [
        _choices(t, "country", countries(t, counts), chosen.countries),
        _choices(t, "language", _named(t, "language", LANGUAGES, counts.languages), chosen.languages),
        _years(t, counts, chosen),
        _choices(t, "type", _named(t, "type", DOCUMENT_TYPES, counts.document_types), chosen.document_types),
        _publishers(t, counts.publishers, chosen.publishers),
        _older(t, chosen),
    ]
    clear = el("a", t("filters.clear"), href=_cleared(t, action, kept), data_nav=True) if chosen.is_narrowed else None
    buttons = el("div", el("button", t("filters.apply"), type="submit", class_="kb-button kb-button-plain"), clear)
    form = el(
        "form",
        hidden,
        groups,
        buttons,
        action=action,
        method="get",
        data_nav=True,
        data_stay=True,
        class_="kb-filter-form",
    )
    active = active_count(chosen)
    summary = t("filters.title") + (f" ({active})" if active else "")
    return el("details", el("summary", summary), form, open=True, data_wide=True, id="filters", class_="kb-filters")


def active_count(chosen: Filters) -> int:
    """How many conditions a reader has set."""
    several = (chosen.countries, chosen.languages, chosen.document_types, chosen.publishers)
    single = (chosen.year_from is not None, chosen.year_to is not None, not chosen.current_only)
    return sum(map(len, several)) + sum(single)


def countries(t: Texts, counts: Counts) -> list[tuple[Country, str, int]]:
    """Countries to choose from, as value, words and number of documents, those about both countries among each."""
    shared = counts.countries.get("both", 0)
    found: list[tuple[Country, str, int]] = []
    for country in COUNTRIES:
        own = counts.countries.get(country, 0)
        if own and shared and country in ("uk", "jp"):
            found.append((country, t(f"country.with_shared.{country}"), own + shared))
        elif own:
            found.append((country, t(f"country.name.{country}"), own))
    return found


def _named(t: Texts, key: str, values: Sequence[str], counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(value, t(f"{key}.{value}"), counts[value]) for value in values if counts.get(value)]


def _choices(t: Texts, name: str, options: Sequence[tuple[str, str, int]], chosen: Sequence[str]) -> Markup | None:
    if len(options) < 2 and not chosen:
        return None
    boxes = [_box(name, value, words, n, checked=value in chosen) for value, words, n in options]
    return el("fieldset", el("legend", t(f"filters.{name}")), boxes)


def _publishers(t: Texts, counts: Mapping[str, int], chosen: Sequence[str]) -> Markup | None:
    shown: Counter[str] = Counter()
    for name, n in counts.items():
        shown[publisher_name(t.language, name)] += n
    picked = same_publishers(chosen)
    ordered = sorted(shown, key=lambda publisher: (publisher not in picked, -shown[publisher], publisher))
    if len(ordered) < 2 and not chosen:
        return None
    boxes = [_box("publisher", each, each, shown[each], checked=each in picked) for each in ordered]
    rest = boxes[_FEW:]
    more = (
        el("details", el("summary", t("filters.publisher.more", n=len(rest))), rest, id="publishers") if rest else None
    )
    return el("fieldset", el("legend", t("filters.publisher.title")), boxes[:_FEW], more)


def _box(name: str, value: str, words: str, n: int, *, checked: bool) -> Markup:
    box = el("input", type="checkbox", name=name, value=value, checked=checked)
    return el("label", box, el("span", words, " ", el("span", f"({n:,})", class_="kb-count")), class_="kb-box")


def _years(t: Texts, counts: Counts, chosen: Filters) -> Markup | None:
    is_chosen = chosen.year_from is not None or chosen.year_to is not None
    if not counts.years or (len(counts.years) < 2 and not is_chosen):
        return None
    fields = [
        el(
            "label",
            el("span", t(f"filters.year.{name}")),
            el("input", type="text", inputmode="numeric", maxlength="4", name=name, value=str(year or "")),
        )
        for name, year in (("from", chosen.year_from), ("to", chosen.year_to))
    ]
    legend = t("filters.year.title", first=str(min(counts.years)), last=str(max(counts.years)))
    return el("fieldset", el("legend", legend), el("div", fields, class_="kb-years"))


def _older(t: Texts, chosen: Filters) -> Markup:
    box = el("input", type="checkbox", name="older", value="1", checked=not chosen.current_only)
    return el(
        "fieldset",
        el("legend", t("filters.edition")),
        el("label", box, el("span", t("filters.older")), class_="kb-box"),
    )


def _cleared(t: Texts, action: str, kept: Iterable[tuple[str, str]]) -> str:
    return addresses.screen(action, t.language, kept)
