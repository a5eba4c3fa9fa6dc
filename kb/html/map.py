"""Documents as a map: what is alike lies near, in both languages, with the names of themes where most of them lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import labels
from kb.html.element import el
from kb.html.hits import version_href
from kb.html.marks import facts_of, key_of_shapes, mark
from kb.i18n import Texts, publisher_name
from kb.model.themes import THEMES, Theme
from kb.model.works import Version

HEIGHT = 660
"""Pixels; the width is that of the page, at most `_WIDTH`."""
_WIDTH, _MARGIN = 1052, 16
_LINE, _LETTER, _WIDE_LETTER = 22, 9.0, 16.5
"""Pixels: between two names above one another, and the widths of a letter of either script."""
_LEAST_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a theme on the map: its number, its middle in hundredths of the width, its base line in pixels."""

    theme: Theme
    number: int
    x: float
    y: float


def library_map(
    t: Texts,
    shown: Sequence[Version],
    *,
    places: Mapping[str, tuple[float, float]],
    neighbours: Mapping[str, Sequence[str]],
    themes: Mapping[str, Theme],
) -> Markup:
    """Legend, picture, what has to be known about it, and the table. `places` and `neighbours` as in `DocumentMap`."""
    drawn = [version for version in shown if version.id in places]
    names = _names(t, drawn, places, themes)
    marks = [_mark(t, version, places[version.id], themes.get(version.work_id)) for version in drawn]
    drawing = el(
        "svg",
        marks,
        el("g", [_name(t, each) for each in names], aria_hidden="true"),
        role="group",
        aria_label=t("overview.chart.map", n=len(drawn)),
        width="100%",
        height=HEIGHT,
        class_="kb-chart kb-map",
    )
    numbered = [el("li", el("b", str(each.number)), " ", t(f"theme.{each.theme}.name")) for each in names]
    return el(
        "div",
        key_of_shapes(t, {version.metadata.country for version in drawn}),
        drawing,
        el("ul", numbered, class_="kb-key kb-narrow-key", aria_hidden="true") if numbered else None,
        el("p", t("overview.distance"), " ", t("overview.themes_by"), class_="kb-hint kb-measure"),
        el("h2", t("overview.table.map"), id="table", tabindex="-1"),
        _table(t, drawn, neighbours, themes),
    )


def _mark(t: Texts, version: Version, place: tuple[float, float], theme: Theme | None) -> Markup:
    metadata = version.metadata
    facts = facts_of(
        t, version.title, metadata.publisher, metadata.published, t(f"theme.{theme}.name") if theme else ""
    )
    return mark(
        None,
        facts,
        href=version_href(t, version),
        country=metadata.country,
        x=f"{_across(place[0]):.2f}%",
        y=f"{_down(place[1]):.0f}",
    )


def _across(x: float) -> float:
    return 100 * (_MARGIN + x * (_WIDTH - 2 * _MARGIN)) / _WIDTH


def _down(y: float) -> float:
    return 2 * _MARGIN + y * (HEIGHT - 3 * _MARGIN)


def _names(
    t: Texts, drawn: Sequence[Version], places: Mapping[str, tuple[float, float]], themes: Mapping[str, Theme]
) -> list[_Name]:
    """Names of the themes with enough documents, above the document nearest to all others; none covers another."""
    members: dict[Theme, list[tuple[float, float]]] = defaultdict(list)
    for version in drawn:
        theme = themes.get(version.work_id)
        if theme is not None:
            members[theme].append(places[version.id])
    wanted: list[_Name] = []
    for theme in THEMES:
        if len(members[theme]) >= _LEAST_MEMBERS:
            x, y = _heart(members[theme])
            half = 50 * _length(t, theme) / _WIDTH
            wanted.append(_Name(theme, len(wanted) + 1, min(max(_across(x), half), 100 - half), _down(y) - 12))
    placed: list[_Name] = []
    for each in sorted(wanted, key=lambda name: (name.y, name.x)):
        y = each.y
        while any(_covers(t, other, each, y) for other in placed):
            y += _LINE / 2
        placed.append(_Name(each.theme, each.number, each.x, min(y, HEIGHT - 4.0)))
    return sorted(placed, key=lambda name: name.number)


def _heart(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The point with the least sum of distances to the others."""
    return min(points, key=lambda one: sum(((one[0] - x) ** 2 + (one[1] - y) ** 2) ** 0.5 for x, y in points))


def _covers(t: Texts, other: _Name, each: _Name, y: float) -> bool:
    reach = 50 * (_length(t, other.theme) + _length(t, each.theme)) / _WIDTH
    return abs(other.y - y) < _LINE and abs(other.x - each.x) < reach


def _length(t: Texts, theme: Theme) -> float:
    """Width of the name of a theme in pixels, roughly."""
    return sum(_LETTER if letter.isascii() else _WIDE_LETTER for letter in t(f"theme.{theme}.name"))


def _name(t: Texts, name: _Name) -> Markup:
    return el(
        "text",
        el("tspan", str(name.number), class_="kb-map-number"),
        el("tspan", t(f"theme.{name.theme}.name"), class_="kb-map-words"),
        x=f"{name.x:.2f}%",
        y=f"{name.y:.0f}",
        class_="kb-map-name",
    )


def _table(
    t: Texts, drawn: Sequence[Version], neighbours: Mapping[str, Sequence[str]], themes: Mapping[str, Theme]
) -> Markup:
    """By theme, then by title, those in the reader's language first."""
    known = {version.id: version for version in drawn}
    order = {theme: number for number, theme in enumerate(THEMES)}

    def key(version: Version) -> tuple[int, bool, str]:
        theme = themes.get(version.work_id)
        return (
            order[theme] if theme else len(order),
            version.metadata.language != t.language,
            version.title.casefold(),
        )

    heads = ("theme", "title", "country", "nearest")
    return el(
        "div",
        el(
            "table",
            el("caption", t("overview.table.map"), class_="kb-hidden"),
            el(
                "thead",
                el(
                    "tr",
                    [
                        el(
                            "th",
                            t(f"overview.head.{name}"),
                            scope="col",
                            aria_sort="ascending" if name == "theme" else None,
                        )
                        for name in heads
                    ],
                ),
            ),
            el("tbody", [_row(t, version, known, neighbours, themes) for version in sorted(drawn, key=key)]),
        ),
        class_="kb-table kb-map-table",
    )


def _row(
    t: Texts,
    version: Version,
    known: Mapping[str, Version],
    neighbours: Mapping[str, Sequence[str]],
    themes: Mapping[str, Theme],
) -> Markup:
    near = [known[each] for each in neighbours.get(version.id, ()) if each in known]
    publisher = publisher_name(t.language, version.metadata.publisher)
    return el(
        "tr",
        el("td", t(f"theme.{themes.get(version.work_id) or 'none'}.name")),
        el("th", _link(t, version), el("div", publisher, class_="kb-hint") if publisher else None, scope="row"),
        el("td", labels.country_tag(t, version.metadata.country) or t("country.name.other")),
        el("td", el("ul", [el("li", _link(t, each)) for each in near], class_="kb-plain")),
    )


def _link(t: Texts, version: Version) -> Markup:
    return el("a", version.title, href=version_href(t, version), data_nav=True, lang=version.metadata.language)
