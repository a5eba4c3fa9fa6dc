"""Documents as a map: what is alike lies near, in both languages, with the names of themes where most of them lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
_WIDTH, _MARGIN = 1052, 24
_LINE, _LETTER, _WIDE_LETTER = 22, 9.0, 16.5
"""Pixels: between two names above one another, and the widths of a letter of either script."""
_LEAST_MEMBERS = 3
_STEPS_DOWN, _STEPS_ACROSS = (-12, -34, 24, 46, -56, 68), (0, -4, 4, -8, 8)
"""Where a name may stand: pixels below and hundredths beside the middle of its theme."""


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
        [el("p", t(f"overview.{note}"), class_="kb-hint kb-measure") for note in ("distance", "themes_by")],
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
    return 1.5 * _MARGIN + y * (HEIGHT - 2.5 * _MARGIN)


def _names(
    t: Texts, drawn: Sequence[Version], places: Mapping[str, tuple[float, float]], themes: Mapping[str, Theme]
) -> list[_Name]:
    """Names of the themes with enough documents, by the document that is nearest to all others of the theme."""
    members: dict[Theme, list[tuple[float, float]]] = defaultdict(list)
    for version in drawn:
        theme = themes.get(version.work_id)
        if theme is not None:
            members[theme].append(places[version.id])
    wanted: list[_Name] = []
    for theme in THEMES:
        if len(members[theme]) >= _LEAST_MEMBERS:
            x, y = _heart(members[theme])
            wanted.append(_Name(theme, len(wanted) + 1, _across(x), _down(y)))
    dots = [(_across(x), _down(y)) for x, y in (places[version.id] for version in drawn)]
    placed: list[_Name] = []
    for each in wanted:
        choices = [_moved(t, each, dx, dy) for dy in _STEPS_DOWN for dx in _STEPS_ACROSS]
        placed.append(min(choices, key=lambda choice: _cost(t, choice, each, placed, dots)))
    return placed


def _heart(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The point with the least sum of distances to the others."""
    return min(points, key=lambda one: sum(((one[0] - x) ** 2 + (one[1] - y) ** 2) ** 0.5 for x, y in points))


def _moved(t: Texts, name: _Name, dx: float, dy: float) -> _Name:
    """The name moved by `dx` hundredths and `dy` pixels, as far as the picture reaches."""
    half = _half(t, name.theme)
    return replace(name, x=min(max(name.x + dx, half), 100 - half), y=min(max(name.y + dy, _LINE), HEIGHT - 8.0))


def _cost(t: Texts, choice: _Name, wish: _Name, placed: Sequence[_Name], dots: Sequence[tuple[float, float]]) -> float:
    """How bad a place for a name is: over another name, over documents, far from where it belongs."""
    half = _half(t, choice.theme)
    names = sum(
        abs(other.y - choice.y) < _LINE and abs(other.x - choice.x) < half + _half(t, other.theme) for other in placed
    )
    covered = sum(abs(x - choice.x) < half + 0.5 and -_LINE < y - choice.y < 9 for x, y in dots)
    return 1_000 * names + 30 * covered + 6 * abs(choice.x - wish.x) + abs(choice.y - wish.y)


def _half(t: Texts, theme: Theme) -> float:
    """Half the width of the name of a theme in hundredths of the picture, roughly."""
    letters = t(f"theme.{theme}.name")
    return 50 * sum(_LETTER if letter.isascii() else _WIDE_LETTER for letter in letters) / _WIDTH


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

    heads = [
        el("th", t(f"overview.head.{name}"), scope="col", aria_sort="ascending" if name == "theme" else None)
        for name in ("title", "country", "theme", "nearest")
    ]
    return el(
        "table",
        el("caption", t("overview.table.map"), class_="kb-hidden"),
        el("thead", el("tr", heads)),
        el("tbody", [_row(t, version, known, neighbours, themes) for version in sorted(drawn, key=key)]),
        class_="kb-library kb-map-table",
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
        el("th", _link(t, version), el("div", publisher, class_="kb-hint") if publisher else None, scope="row"),
        el("td", labels.country_tag(t, version.metadata.country) or t("country.name.other"), class_="kb-cell-country"),
        el("td", t(f"theme.{themes.get(version.work_id) or 'none'}.name")),
        el(
            "td",
            el("ul", [el("li", _link(t, each)) for each in near], class_="kb-plain"),
            data_head=t("overview.head.nearest"),
            class_="kb-near",
        ),
    )


def _link(t: Texts, version: Version) -> Markup:
    return el("a", version.title, href=version_href(t, version), data_nav=True, lang=version.metadata.language)
