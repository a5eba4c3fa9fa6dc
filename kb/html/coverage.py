"""Coverage: how many publications of each country the library holds by theme and year, and where it has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from kb.html.element import el
from kb.html.publications import Publication
from kb.html.year_columns import YearColumns, year_columns
from kb.i18n import Texts
from kb.model.themes import THEMES, Theme
from kb.model.works import Country

_Side = Literal["uk", "jp"]
_SIDES: tuple[_Side, _Side] = ("uk", "jp")
_STEPS = (1, 2, 4, 8)
"""From how many documents on a cell has each of its four tints."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """Publications by theme, country and column; a publication about both countries counts for each."""

    held: Counter[tuple[Theme | None, Country, int]]
    listed: Counter[tuple[Theme | None, Country, int]]


def coverage(t: Texts, shown: Sequence[Publication], *, timeline_href: str) -> Markup:
    """Legend, the grid, which is a table already, and a table of themes with what is missing.

    Each theme leads to its band in the timeline at `timeline_href`.
    """
    columns = year_columns(each.year for each in shown if each.year is not None)
    counts = _counted(shown, columns)
    themes: list[Theme | None] = list(THEMES)
    if any(each.theme is None for each in shown):
        themes.append(None)
    return el(
        "div",
        _legend(t),
        el(
            "div",
            _grid(t, themes, counts, columns, timeline_href),
            class_="kb-wide-picture",
            tabindex="0",
            role="region",
            aria_label=t("overview.title.coverage"),
        ),
        el("p", t("overview.themes_by"), class_="kb-hint kb-measure"),
        el("h2", t("overview.table.coverage"), id="table", tabindex="-1"),
        _themes(t, shown),
    )


def _sides(publication: Publication) -> tuple[_Side, ...]:
    return _SIDES if publication.country == "both" else tuple(each for each in _SIDES if each == publication.country)


def _counted(shown: Sequence[Publication], columns: YearColumns | None) -> _Counts:
    counts = _Counts(Counter(), Counter())
    undated = len(columns) if columns else 0
    for each in shown:
        column = columns.of(each.year) if columns and each.year is not None else undated
        for side in _sides(each):
            (counts.listed if each.is_listed else counts.held)[each.theme, side, column] += 1
    return counts


def _legend(t: Texts) -> Markup:
    def scale(side: _Side) -> list[Markup]:
        return [
            el("span", str(least), class_=f"kb-half kb-half-{side} kb-tint-{i}") for i, least in enumerate(_STEPS, 1)
        ]

    items = [
        *(el("li", scale(side), " ", el("span", t(f"country.name.{side}"))) for side in _SIDES),
        el("li", t("overview.key.many")),
        el("li", el("span", "–", class_="kb-half kb-hole"), " ", t("overview.key.hole")),
        el("li", el("span", "+2", class_="kb-half kb-half-listed"), " ", t("overview.key.plus")),
    ]
    return el("ul", items, aria_label=t("overview.legend"), class_="kb-key")


def _grid(
    t: Texts, themes: Sequence[Theme | None], counts: _Counts, columns: YearColumns | None, timeline_href: str
) -> Markup:
    years = columns.labels(t) if columns else []
    heads = [*years, t("overview.undated.short"), t("overview.total")]
    return el(
        "table",
        el("caption", t("overview.title.coverage"), class_="kb-hidden"),
        el(
            "thead",
            el(
                "tr",
                el("th", t("overview.head.theme"), scope="col"),
                el("td"),
                [el("th", each, scope="col") for each in heads],
            ),
        ),
        el("tbody", [_row(t, theme, counts, len(years), timeline_href) for theme in themes]),
        class_="kb-coverage",
    )


def _row(t: Texts, theme: Theme | None, counts: _Counts, years: int, timeline_href: str) -> Markup:
    name, columns = theme or "none", years + 1
    is_drawn = any(sum(_at(counts, theme, side, range(years))) for side in _SIDES)
    title: Markup | str = t(f"theme.{name}.name")
    if is_drawn:
        title = el("a", title, href=f"{timeline_href}#theme-{name}", data_nav=True)
    cells = [
        el("td", [_half(t, side, *_at(counts, theme, side, [column])) for side in _SIDES]) for column in range(columns)
    ]
    whole = [_half(t, side, *_at(counts, theme, side, range(columns)), is_total=True) for side in _SIDES]
    return el(
        "tr",
        el("th", title, scope="row", title=t(f"theme.{name}.line")),
        el(
            "td",
            [el("span", t(f"country.short.{side}"), class_="kb-half kb-half-name") for side in _SIDES],
            aria_hidden="true",
        ),
        cells,
        el("td", whole),
    )


def _at(counts: _Counts, theme: Theme | None, side: _Side, columns: Sequence[int]) -> tuple[int, int]:
    return (
        sum(counts.held[theme, side, column] for column in columns),
        sum(counts.listed[theme, side, column] for column in columns),
    )


def _half(t: Texts, side: _Side, held: int, listed: int, *, is_total: bool = False) -> Markup:
    """One country in one cell. Signs for the eye, words for the ear."""
    tint = sum(held >= least for least in _STEPS)
    country = t(f"country.name.{side}")
    words = (
        t("overview.cell.held", country=country, n=held) if held or listed else t("overview.cell.none", country=country)
    )
    words += t("overview.cell.listed", n=listed) if listed else ""
    sign = " ".join(filter(None, [str(held) if held else "", f"+{listed}" if listed else ""])) or "–"
    kind = (
        "kb-half-total"
        if is_total
        else f"kb-half-{side} kb-tint-{tint}"
        if held
        else "kb-half-listed"
        if listed
        else "kb-hole"
    )
    return el(
        "span",
        el("span", sign, aria_hidden="true"),
        el("span", words, " ", class_="kb-hidden"),
        class_=f"kb-half {kind}",
    )


def _themes(t: Texts, shown: Sequence[Publication]) -> Markup:
    rows = sorted(
        (_theme_row(t, theme, [each for each in shown if each.theme == theme]) for theme in THEMES),
        key=lambda row: row[0],
    )
    names = [
        t("overview.head.theme"),
        t("overview.total"),
        *(t(f"country.short.{side}") for side in _SIDES),
        *(t(f"overview.head.{name}") for name in ("listed", "newest_uk", "newest_jp", "gaps")),
    ]
    head = [el("th", name, scope="col", aria_sort="ascending" if i == 1 else None) for i, name in enumerate(names)]
    return el(
        "div",
        el(
            "table",
            el("caption", t("overview.table.coverage"), class_="kb-hidden"),
            el("thead", el("tr", head)),
            el("tbody", [row for _, row in rows]),
        ),
        class_="kb-table kb-figures-table",
        tabindex="0",
        role="region",
        aria_label=t("overview.table.coverage"),
    )


def _theme_row(t: Texts, theme: Theme, members: Sequence[Publication]) -> tuple[int, Markup]:
    held = [each for each in members if not each.is_listed]
    of_side = {side: [each for each in held if side in _sides(each)] for side in _SIDES}
    newest = {side: max((each.year or 0 for each in of_side[side]), default=0) for side in _SIDES}
    row = el(
        "tr",
        el("th", t(f"theme.{theme}.name"), scope="row"),
        el("td", f"{len(held):,}"),
        [el("td", f"{len(of_side[side]):,}") for side in _SIDES],
        el("td", f"{len(members) - len(held):,}"),
        [el("td", str(newest[side] or "–")) for side in _SIDES],
        el("td", _gap(t, members, of_side)),
    )
    return len(held), row


def _gap(t: Texts, members: Sequence[Publication], held: dict[_Side, list[Publication]]) -> str:
    lacking = [side for side in _SIDES if not held[side]]
    if len(lacking) == len(_SIDES):
        return t("overview.gap.nothing")
    if lacking:
        return t(f"overview.gap.{lacking[0]}")
    newest = max(members, key=lambda each: each.published, default=None)
    return t("overview.gap.newer") if newest is not None and newest.is_listed else ""
