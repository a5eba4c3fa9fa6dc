"""The library as a table: sorting by links in its heads, filters beside it, one page of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, cast, get_args

from markupsafe import Markup

from kb.html import addresses, labels, overview, sources
from kb.html.editions import superseded_by
from kb.html.element import el
from kb.html.filters import Counts, filter_form
from kb.html.hits import version_href
from kb.html.metadata_form import complete_link
from kb.html.receipt import health_mark
from kb.html.search_address import filter_parameters, filters_of
from kb.i18n import Texts, publisher_name
from kb.model.editions import Successor
from kb.model.hits import Filters
from kb.model.receipts import Health
from kb.model.works import Version
from kb.sources.catalogue import OfficialSource

Sort = Literal["title", "publisher", "year", "added"]
ROWS = 50

_KEYS: Mapping[Sort, Callable[[Version], tuple[str, ...]]] = {
    "title": lambda version: (version.title.casefold(),),
    "publisher": lambda version: (version.metadata.publisher.casefold(), version.title.casefold()),
    "year": lambda version: (version.metadata.published,),
    "added": lambda version: (version.added_at,),
}
_COLUMNS = ("title", "country", "publisher", "year", "language", "pages", "health")
_NEWEST_FIRST: tuple[Sort, ...] = ("year", "added")


@dataclass(frozen=True, slots=True)
class LibraryAddress:
    """A view of the library as its address says it."""

    filters: Filters = Filters()  # noqa: RUF009  frozen
    sort: Sort = "title"
    page: int = 1

    def href(self, t: Texts) -> str:
        """Address of this view."""
        return addresses.screen(addresses.LIBRARY, t.language, [*filter_parameters(self.filters), *self.kept()])

    def kept(self) -> list[tuple[str, str]]:
        """What a change of the filters leaves as it is."""
        return [
            ("sort", "" if self.sort == "title" else self.sort),
            ("p", "" if self.page == 1 else str(self.page)),
        ]


def library_address(parameters: Mapping[str, Sequence[str]]) -> LibraryAddress:
    """The view of the library that the parameters of an address describe."""
    sort = next(iter(parameters.get("sort", ())), "")
    page = next(iter(parameters.get("p", ())), "")
    return LibraryAddress(
        filters=filters_of(parameters),
        sort=cast(Sort, sort) if sort in get_args(Sort) else "title",
        page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1,
    )


def library(
    t: Texts,
    address: LibraryAddress,
    versions: Sequence[Version],
    counts: Counts,
    *,
    catalogue: Sequence[OfficialSource] = (),
    held: Mapping[str, Version] = MappingProxyType({}),
    health: Mapping[str, Health] = MappingProxyType({}),
    successor: Callable[[Version], Successor | None] = lambda _: None,
) -> Markup:
    """The whole page: title, filters, how many, table, further pages, and the official sources of the `catalogue`.

    `held` are the versions that hold one of these, by the id of the source; `health` says by id how well a version was
    read, and `successor` gives what replaced it.
    """
    listed = sources.meeting(catalogue, address.filters)
    ordered = sorted(versions, key=_KEYS[address.sort], reverse=address.sort in _NEWEST_FIRST)
    if address.sort == "title":  # titles of two scripts have no common order: those the reader can read come first
        ordered.sort(key=lambda version: version.metadata.language != t.language)
    last = max(1, -(-len(ordered) // ROWS))
    page = min(address.page, last)
    rows = ordered[(page - 1) * ROWS : page * ROWS]
    kept = replace(address, page=1).kept()
    return el(
        "div",
        el("h1", t("library.title")),
        el("p", t("library.lead"), class_="kb-lead"),
        overview.tabs(t, address.filters, "list"),
        sources.jump(t, listed, held),
        el(
            "div",
            filter_form(t, counts, address.filters, action=addresses.LIBRARY, kept=kept),
            el(
                "section",
                el("h2", t("library.count", n=len(ordered)), id="results", tabindex="-1"),
                _sorting(t, address),
                _table(t, address, rows, health, successor) if rows else el("p", t("library.none"), class_="kb-notice"),
                _pages(t, address, page, last),
                aria_labelledby="results",
            ),
            class_="kb-beside",
        ),
        sources.official_sources(t, listed, held),
    )


def _sorting(t: Texts, address: LibraryAddress) -> Markup:
    links = [
        el(
            "a",
            t(f"library.sort.{sort}"),
            href=replace(address, sort=sort, page=1).href(t),
            data_nav=True,
            data_stay=True,
            id=f"sort-{sort}",
            aria_current="true" if sort == address.sort else None,
            class_="kb-view",
        )
        for sort in _KEYS
    ]
    label = t("library.sort.label")
    return el("nav", el("span", label), el("ul", [el("li", a) for a in links]), aria_label=label, class_="kb-views")


def _table(
    t: Texts,
    address: LibraryAddress,
    rows: Sequence[Version],
    health: Mapping[str, Health],
    successor: Callable[[Version], Successor | None],
) -> Markup:
    return el(
        "table",
        el("caption", t("library.caption"), class_="kb-hidden"),
        el("thead", el("tr", [_head(t, address, name) for name in _COLUMNS])),
        el("tbody", [_row(t, version, health.get(version.id), successor(version)) for version in rows]),
        class_="kb-library",
    )


def _head(t: Texts, address: LibraryAddress, name: str) -> Markup:
    order = None
    if name == address.sort:
        order = "descending" if address.sort in _NEWEST_FIRST else "ascending"
    return el("th", t(f"library.head.{name}"), scope="col", aria_sort=order, class_=f"kb-cell-{name}")


def _row(t: Texts, version: Version, health: Health | None, successor: Successor | None) -> Markup:
    metadata = version.metadata
    cells: dict[str, Markup | str | None] = {
        "country": labels.country_tag(t, metadata.country) or t("country.name.other"),
        "publisher": publisher_name(t.language, metadata.publisher),
        "year": str(metadata.year or ""),
        "language": t(f"language.{metadata.language}"),
        "pages": f"{version.page_count:,}" if version.page_count else "",
        "health": health_mark(t, health, short=True) if health else "",
    }
    status = labels.edition_tag(t, version) if version.status != "current" else None
    title = el("a", version.title, href=version_href(t, version), data_nav=True, lang=metadata.language)
    replaced = el("p", superseded_by(t, successor), class_="kb-superseded") if successor else None
    complete = complete_link(t, version)
    lacking = el("span", complete, class_="kb-complete") if complete else None
    return el(
        "tr",
        el("th", title, " " if status else None, status, replaced, lacking, scope="row"),
        [el("td", cells[name], data_head=t(f"library.head.{name}"), class_=f"kb-cell-{name}") for name in _COLUMNS[1:]],
    )


def _pages(t: Texts, address: LibraryAddress, page: int, last: int) -> Markup | None:
    if last == 1:
        return None
    steps = [("library.previous", page - 1)] if page > 1 else []
    steps += [("library.next", page + 1)] if page < last else []
    links = [el("li", el("a", t(key), href=replace(address, page=to).href(t), data_nav=True)) for key, to in steps]
    position = el("li", t("library.page", page=str(page), last=str(last)))
    return el("nav", el("ul", [position, *links]), aria_label=t("library.pages"), class_="kb-pages")
