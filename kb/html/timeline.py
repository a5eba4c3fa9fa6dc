"""Publications in time: a band for each theme, the United Kingdom above its line, Japan below, both on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from kb.html import labels
from kb.html.element import el, spaced
from kb.html.marks import facts_of, faded_sign, key_of_shapes, link_sign, listed_sign, mark
from kb.html.publications import Publication
from kb.html.year_columns import YearColumns, year_columns
from kb.i18n import Texts, date_text, publisher_name
from kb.model.themes import THEMES, Theme

MOST_DRAWN = 1_000
"""Marks in one picture; beyond them it would be no picture any more."""

_Side = Literal["uk", "both", "jp"]

_SLOTS = 4
"""Marks beside one another in a year: one for each quarter."""
_GUTTER = 6.0
"""Width of the names of the sides, in hundredths of the picture."""
_PITCH, _TITLE, _BELOW, _SCALE = 17, 34, 14, 30
"""Pixels: between the middles of marks above one another, for the name of a band, under a band, for the years."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A publication in its band: the slot from the left, and how many marks from the line."""

    publication: Publication
    side: _Side
    slot: int
    level: int


def timeline(t: Texts, shown: Sequence[Publication]) -> Markup:
    """Legend, picture, what has to be known about it, and the table."""
    dated = [each for each in shown if each.year is not None][-MOST_DRAWN:]
    columns = year_columns(each.year for each in dated if each.year is not None)
    undated = sum(each.year is None for each in shown)
    all_dated = len(shown) - undated
    notes = [
        t("overview.undated", n=undated) if undated else None,
        t("overview.most_drawn", most=MOST_DRAWN, all=all_dated) if all_dated > MOST_DRAWN else None,
        t("overview.placed"),
        t("overview.themes_by"),
    ]
    return el(
        "div",
        _legend(t, dated),
        _picture(t, dated, columns) if columns else None,
        [el("p", note, class_="kb-hint kb-measure") for note in notes if note],
        el("h2", t("overview.table.timeline"), id="table", tabindex="-1"),
        _table(t, shown),
    )


def _legend(t: Texts, shown: Iterable[Publication]) -> Markup:
    more = [
        (faded_sign(), t("overview.key.older"), any(not each.is_current for each in shown)),
        (link_sign(), t("overview.key.link"), any(each.replaced for each in shown)),
        (listed_sign(), t("overview.key.listed"), any(each.is_listed for each in shown)),
    ]
    return key_of_shapes(
        t, {each.country for each in shown}, *((sign, words) for sign, words, is_there in more if is_there)
    )


def _picture(t: Texts, shown: Sequence[Publication], columns: YearColumns) -> Markup:
    bands: list[Markup] = []
    places: dict[str, tuple[float, int]] = {}
    top = _SCALE
    for theme in (*THEMES, None):
        members = [each for each in shown if each.theme == theme]
        if members:
            band, top = _band(t, theme, members, columns, top, places)
            bands.append(band)
    links = [
        _succession(places[older], places[each.key], outward=1 if each.country == "jp" else -1)
        for each in shown
        for older in each.replaced
        if older in places
    ]
    name = t("overview.chart.timeline", n=len(shown))
    drawing = el(
        "svg",
        _scale(t, columns, top),
        el("g", links, aria_hidden="true"),
        bands,
        role="group",
        aria_label=name,
        width="100%",
        height=top + _SCALE,
        class_="kb-chart",
    )
    return el("div", drawing, class_="kb-wide-picture", tabindex="0", role="region", aria_label=name)


def _succession(older: tuple[float, int], newer: tuple[float, int], *, outward: int) -> Markup:
    """From one mark to another, between the rows of marks, so that it touches none besides these two."""
    between = older[1] + outward * _PITCH // 2
    ends = [(older, (older[0], between)), ((older[0], between), (newer[0], between)), ((newer[0], between), newer)]
    return el(
        "g",
        [el("line", x1=_share(a[0]), y1=a[1], x2=_share(b[0]), y2=b[1], class_="kb-succession") for a, b in ends],
    )


def _scale(t: Texts, columns: YearColumns, bottom: int) -> Markup:
    """Years above and below, and a line at the beginning of each."""
    drawn: list[Markup] = []
    for number, label in enumerate(columns.labels(t)):
        left, middle = _x(columns, number * _SLOTS - 0.5), _x(columns, number * _SLOTS + (_SLOTS - 1) / 2)
        drawn.append(el("line", x1=_share(left), x2=_share(left), y1=_SCALE - 6, y2=bottom, class_="kb-grid"))
        drawn += [el("text", label, x=_share(middle), y=y, class_="kb-tick") for y in (16, bottom + 20)]
    return el("g", drawn, aria_hidden="true")


def _band(
    t: Texts,
    theme: Theme | None,
    members: Sequence[Publication],
    columns: YearColumns,
    top: int,
    places: dict[str, tuple[float, int]],
) -> tuple[Markup, int]:
    """One theme from `top` on, and where the next may begin. Notes in `places` where each mark stands."""
    placed = _stacked(members, columns)
    levels = {
        side: max((each.level + 1 for each in placed if each.side == side), default=0) for side in ("uk", "both", "jp")
    }
    above, on, below = max(levels["uk"], 1) * _PITCH, levels["both"] * _PITCH, max(levels["jp"], 1) * _PITCH
    first = top + _TITLE
    line, after = first + above + on // 2 + 2, first + above + on + 4
    marks = []
    for each in placed:
        offset = each.level * _PITCH + _PITCH / 2
        y = (
            first + above - offset
            if each.side == "uk"
            else after + offset
            if each.side == "jp"
            else first + above + 2 + offset
        )
        x = _x(columns, each.slot)
        places[each.publication.key] = (x, round(y))
        marks.append(_mark(t, each.publication, x, round(y)))
    name = theme or "none"
    band = el(
        "g",
        el("rect", x="0", y=top, width="100%", height="1", class_="kb-band-edge"),
        el(
            "text",
            el("tspan", t(f"theme.{name}.name"), class_="kb-band-name"),
            el("tspan", _counted(t, members), dx="10", class_="kb-band-count"),
            x="0",
            y=top + 22,
        ),
        el("line", x1=_share(_GUTTER), x2="100%", y1=line, y2=line, class_="kb-band-line"),
        el("text", t("country.short.uk"), x="0", y=line - on // 2 - 6, class_="kb-side kb-side-uk"),
        el("text", t("country.short.jp"), x="0", y=line + on // 2 + 16, class_="kb-side kb-side-jp"),
        marks,
        id=f"theme-{name}",
        role="group",
        aria_label=t(f"theme.{name}.name"),
    )
    return band, round(after + below + _BELOW)


def _stacked(members: Sequence[Publication], columns: YearColumns) -> list[_Placed]:
    """Marks in their slots: those with a month first, the others where their year has most room."""
    heights: Counter[tuple[_Side, int]] = Counter()
    placed = []
    for each in sorted(members, key=lambda publication: publication.month is None):
        side: _Side = "uk" if each.country == "uk" else "jp" if each.country == "jp" else "both"
        first = columns.of(each.year or 0) * _SLOTS
        is_exact = each.month is not None and (each.year or 0) >= columns.first
        choice = [first + ((each.month or 1) - 1) // 3] if is_exact else range(first, first + _SLOTS)
        slot = min(choice, key=lambda number: (heights[side, number], number))
        placed.append(_Placed(each, side, slot, heights[side, slot]))
        heights[side, slot] += 1
    return placed


def _mark(t: Texts, each: Publication, x: float, y: int) -> Markup:
    states = [
        "" if each.is_current else t("overview.key.older"),
        t("overview.key.listed") if each.is_listed else "",
    ]
    return mark(
        None,
        facts_of(t, each.title, each.publisher, each.published, *states),
        href=each.href,
        country=each.country,
        x=_share(x),
        y=str(y),
        is_faded=not each.is_current,
        is_listed=each.is_listed,
    )


def _counted(t: Texts, members: Sequence[Publication]) -> str:
    counts: Mapping[str, int] = Counter(each.country for each in members)
    facts = {name: counts.get(name, 0) for name in ("uk", "jp", "both")}
    return t("overview.band.both", **facts) if facts["both"] else t("overview.band", uk=facts["uk"], jp=facts["jp"])


def _x(columns: YearColumns, slot: float) -> float:
    return _GUTTER + (100 - _GUTTER) * (slot + 0.5) / (len(columns) * _SLOTS)


def _share(hundredths: float) -> str:
    return f"{hundredths:.2f}%"


def _table(t: Texts, shown: Sequence[Publication]) -> Markup:
    newest_first = [each for each in reversed(shown) if each.published] + [each for each in shown if not each.published]
    head = [
        el("th", t(f"overview.head.{name}"), scope="col", aria_sort="descending" if name == "published" else None)
        for name in ("title", "published", "country", "theme", "state")
    ]
    return el(
        "table",
        el("caption", t("overview.table.timeline"), class_="kb-hidden"),
        el("thead", el("tr", head)),
        el("tbody", [_row(t, each) for each in newest_first]),
        class_="kb-library",
    )


def _row(t: Texts, each: Publication) -> Markup:
    title = el("a", each.title, href=each.href, data_nav=True, lang=each.language)
    publisher = publisher_name(t.language, each.publisher)
    state = spaced(
        [
            None if each.is_current else el("span", t("overview.key.older"), class_="kb-edition kb-edition-superseded"),
            t("overview.key.listed") if each.is_listed else None,
        ]
    )
    return el(
        "tr",
        el("th", title, el("div", publisher, class_="kb-hint") if publisher else None, scope="row"),
        el("td", date_text(t.language, each.published)),
        el("td", labels.country_tag(t, each.country) or t("country.name.other"), class_="kb-cell-country"),
        el("td", t(f"theme.{each.theme or 'none'}.name")),
        el("td", state),
    )
