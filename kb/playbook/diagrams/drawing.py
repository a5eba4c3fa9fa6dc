"""A flowchart as SVG. Colours and lines belong to the stylesheet; here are only shapes, places and text."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.playbook.diagrams.layout import Arranged, PlacedEdge, PlacedNode, Point
from kb.playbook.diagrams.words import LINE_PX, UNIT_PX, columns
from kb.text.element import el

_HEAD = 9.0
"""Length of the head of an arrow."""


def draw(chart: Arranged, *, label: str) -> Markup:
    """The picture of `chart`, which is called `label` for those who do not see it."""
    return el(
        "svg",
        el("title", label),
        [_edge(edge, chart.is_upright) for edge in chart.edges],
        [_node(node) for node in chart.nodes],
        [_label(edge) for edge in chart.edges if edge.label_at],
        viewBox=f"0 0 {_n(chart.width)} {_n(chart.height)}",
        width=_n(chart.width),
        height=_n(chart.height),
        role="img",
        aria_label=label,
        xmlns="http://www.w3.org/2000/svg",
    )


def _node(placed: PlacedNode) -> Markup:
    x, y = placed.centre
    w, h = placed.width, placed.height
    if placed.node.shape == "circle":
        shape = el("circle", cx=_n(x), cy=_n(y), r=_n(w / 2))
    elif placed.node.shape == "choice":
        corners = [(x, y - h / 2), (x + w / 2, y), (x, y + h / 2), (x - w / 2, y)]
        shape = el("polygon", points=_points(corners))
    else:
        radius = "14" if placed.node.shape == "rounded" else "0"
        shape = el("rect", x=_n(x - w / 2), y=_n(y - h / 2), width=_n(w), height=_n(h), rx=radius)
    return el("g", shape, _text(placed.lines, placed.centre), class_="kb-node")


def _text(lines: Sequence[str], centre: Point) -> Markup:
    x, y = centre
    first = y - (len(lines) - 1) * LINE_PX / 2
    spans = [el("tspan", line, x=_n(x), y=_n(first + i * LINE_PX)) for i, line in enumerate(lines)]
    return el("text", spans, text_anchor="middle", dominant_baseline="central")


def _edge(placed: PlacedEdge, is_upright: bool) -> Markup:
    points = list(placed.points)
    head = None
    if placed.edge.has_arrow:
        tip = points[-1]
        back = next((point for point in reversed(points) if point != tip), tip)
        direction = _direction(back, tip, is_upright and not placed.is_loop)
        end = (tip[0] - direction[0] * (_HEAD - 1), tip[1] - direction[1] * (_HEAD - 1))
        is_short = abs(tip[0] - points[-2][0]) + abs(tip[1] - points[-2][1]) < _HEAD
        points[-2:] = [end if is_short else points[-2], end]
        head = _arrow_head(tip, direction)
    line = el("path", d=_curve(points, is_upright, placed.is_loop), class_=f"kb-line-{placed.edge.line}")
    return el("g", line, head, class_="kb-edge")


def _direction(back: Point, tip: Point, is_upright: bool) -> Point:
    """The way of the last step: along the ranks; a loop comes back from the right."""
    if is_upright:
        return (0, 1 if tip[1] >= back[1] else -1)
    return (1 if tip[0] >= back[0] else -1, 0)


def _arrow_head(tip: Point, direction: Point) -> Markup:
    (x, y), (dx, dy) = tip, direction
    base = (x - dx * _HEAD, y - dy * _HEAD)
    side = (-dy * _HEAD / 2, dx * _HEAD / 2)
    return el(
        "polygon", points=_points([tip, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1])])
    )


def _curve(points: Sequence[Point], is_upright: bool, is_loop: bool) -> str:
    """Steps by turns straight and curved; a curve begins and ends along the ranks."""
    if is_loop:
        return f"M{_pair(points[0])}C{_pair(points[1])} {_pair(points[2])} {_pair(points[3])}"
    steps = [f"M{_pair(points[0])}"]
    for i in range(1, len(points)):
        (ax, ay), (bx, by) = points[i - 1], points[i]
        if i % 2 == 1 or (ax == bx if is_upright else ay == by):
            steps.append(f"L{_pair(points[i])}")
        elif is_upright:
            steps.append(f"C{_pair((ax, (ay + by) / 2))} {_pair((bx, (ay + by) / 2))} {_pair(points[i])}")
        else:
            steps.append(f"C{_pair(((ax + bx) / 2, ay))} {_pair(((ax + bx) / 2, by))} {_pair(points[i])}")
    return "".join(steps)


def _label(placed: PlacedEdge) -> Markup:
    x, y = placed.label_at or (0, 0)
    w = max(columns(line) for line in placed.label_lines) * UNIT_PX + 8
    h = len(placed.label_lines) * LINE_PX
    ground = el("rect", x=_n(x - w / 2), y=_n(y - h / 2), width=_n(w), height=_n(h))
    return el("g", ground, _text(placed.label_lines, (x, y)), class_="kb-edge-label")


def _points(points: Sequence[Point]) -> str:
    return " ".join(_pair(point) for point in points)


def _pair(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"


def _n(value: float) -> str:
    """A number as short as a picture needs it."""
    return f"{value:.1f}".removesuffix(".0")
