"""The views of the library besides its list: timeline, coverage and map, each on a page of its own with its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.search_address import filter_parameters, filters_of
from kb.i18n import Texts
from kb.model.hits import Filters

View = Literal["timeline", "coverage", "map"]
VIEWS: tuple[View, ...] = get_args(View)

_Tab = Literal["list", "timeline", "coverage", "map"]
_TABS: tuple[_Tab, ...] = get_args(_Tab)


@dataclass(frozen=True, slots=True)
class OverviewAddress:
    """A view of the library as its address says it."""

    view: View
    filters: Filters = Filters()  # noqa: RUF009  frozen


def overview_address(parameters: Mapping[str, Sequence[str]]) -> OverviewAddress | None:
    """The view that the parameters of an address describe; None where that is the list."""
    view = next(iter(parameters.get("view", ())), "")
    return OverviewAddress(view, filters_of(parameters)) if view in VIEWS else None


def tabs(t: Texts, filters: Filters, shown: _Tab) -> Markup:
    """Links between the list and the pictures; all keep the filters."""
    label = t("overview.views")
    links = [
        el(
            "a",
            t(f"overview.view.{each}"),
            href=view_href(t, each, filters),
            data_nav=True,
            aria_current="page" if each == shown else None,
        )
        for each in _TABS
    ]
    return el("nav", el("ul", [el("li", link) for link in links]), aria_label=label, class_="kb-tabs")


def overview(t: Texts, address: OverviewAddress, picture: Markup) -> Markup:
    """The whole page of a view: title, the way to the others, what is left out, and its `picture`."""
    narrowed = None
    if address.filters.is_narrowed:
        clear = el("a", t("overview.filtered.clear"), href=view_href(t, address.view, Filters()), data_nav=True)
        narrowed = el("p", t("overview.filtered"), " ", clear, class_="kb-hint")
    return el(
        "div",
        el("h1", t(f"overview.title.{address.view}")),
        el("p", t(f"overview.lead.{address.view}"), class_="kb-lead"),
        tabs(t, address.filters, address.view),
        narrowed,
        el("p", el("a", t("overview.to_table"), href="#table"), class_="kb-hint kb-to-table"),
        picture,
    )


def nothing(t: Texts, filters: Filters) -> Markup:
    """In place of a picture of no documents."""
    if filters.is_narrowed:
        return el("p", t("overview.none"), class_="kb-notice")
    add = el("a", t("overview.empty.add"), href=addresses.screen(addresses.ADD, t.language), data_nav=True)
    return el("div", el("p", t("overview.empty")), el("p", add), class_="kb-notice")


def waiting(t: Texts, what: Literal["themes_wait", "map_waits"]) -> Markup:
    """That something cannot be shown yet, and when."""
    return el("div", el("p", t(f"overview.{what}")), role="status", class_="kb-notice")


def view_href(t: Texts, view: _Tab, filters: Filters) -> str:
    """Address of a view of the documents that meet `filters`."""
    kept = [("view", "" if view == "list" else view), *filter_parameters(filters)]
    return addresses.screen(addresses.LIBRARY, t.language, kept)
