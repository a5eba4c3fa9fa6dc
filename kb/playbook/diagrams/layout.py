"""Where everything of a flowchart stands, in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.playbook.diagrams.flowchart import Direction, Edge, Flowchart, Node
from kb.playbook.diagrams.ranks import BOX, Ranked, Route, Stop, neighbours, rank
from kb.playbook.diagrams.words import LINE_PX, UNIT_PX, columns, wrapped

_MARGIN, _BETWEEN_RANKS, _BESIDE, _LOOP = 12.0, 40.0, 28.0, 30.0
_PASSING = 14.0
"""Room across for a connection that passes a rank."""
_ROUNDS = 6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A box with its centre, size and lines."""

    node: Node
    centre: Point
    width: float
    height: float
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """A connection through `points`, from its source to its target: straight at even steps, curved between them.

    `label_at` is the centre of its label.
    """

    edge: Edge
    points: Sequence[Point]
    label_at: Point | None
    label_lines: Sequence[str]
    is_loop: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """A flowchart with its places. `is_upright` where ranks follow each other from top to bottom or back."""

    width: float
    height: float
    is_upright: bool
    nodes: Sequence[PlacedNode]
    edges: Sequence[PlacedEdge]


@dataclass(frozen=True, slots=True)
class _Size:
    """Extent along the ranks and across them."""

    along: float
    across: float


def arrange(chart: Flowchart) -> Arranged:
    """Every box and connection of `chart` with its place."""
    is_upright = chart.direction in ("TD", "BT")
    ranked = rank(chart)
    labels = {stop: i for route in ranked.routes for i, stop in _label_stop(chart, route)}
    sizes = {stop: _size(chart, stop, labels, is_upright) for each in ranked.ranks for stop in each}
    across = _across(ranked, sizes)
    bands = _bands(ranked, sizes)
    left = min(across[stop] - sizes[stop].across / 2 for stop in sizes)
    width = max(across[stop] + sizes[stop].across / 2 for stop in sizes) - left + 2 * _MARGIN
    across = {stop: place - left + _MARGIN for stop, place in across.items()}
    turn = _Turn(chart.direction, bands[-1][1] + _MARGIN, width)
    at = {stop: i for i, each in enumerate(ranked.ranks) for stop in each}
    nodes = []
    for name, node in chart.nodes.items():
        stop = (name, BOX)
        lines = wrapped(node.label)
        box_width, box_height = _box(node, lines)
        nodes.append(PlacedNode(node, turn.point(_middle(bands[at[stop]]), across[stop]), box_width, box_height, lines))
    placed = dict(zip(chart.nodes, nodes, strict=True))
    edges = [_edge(chart, route, labels, across, bands, at, placed, turn) for route in ranked.routes]
    edges += [_loop(edge, placed[edge.source]) for edge in chart.edges if edge.source == edge.target]
    return Arranged(*turn.size, is_upright, nodes, edges)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns places along and across the ranks into those of the picture."""

    direction: Direction
    length: float
    breadth: float

    @property
    def size(self) -> Point:
        return (self.breadth, self.length) if self.direction in ("TD", "BT") else (self.length, self.breadth)

    def point(self, along: float, across: float) -> Point:
        if self.direction in ("BT", "RL"):
            along = self.length - along
        return (across, along) if self.direction in ("TD", "BT") else (along, across)


def _label_stop(chart: Flowchart, route: Route) -> Sequence[tuple[int, Stop]]:
    passing = route.stops[1:-1]
    return [(route.edge, passing[len(passing) // 2])] if chart.edges[route.edge].label and passing else []


def _box(node: Node, lines: Sequence[str]) -> Point:
    width = max(columns(line) for line in lines) * UNIT_PX
    height = len(lines) * LINE_PX
    if node.shape == "choice":
        return width + height + 36, width * 0.35 + height + 30
    if node.shape == "circle":
        across = (width**2 + height**2) ** 0.5 + 16
        return across, across
    return max(width + 32, 56), height + 20


def _size(chart: Flowchart, stop: Stop, labels: Mapping[Stop, int], is_upright: bool) -> _Size:
    name, kind = stop
    if kind == BOX:
        node = chart.nodes[name]
        width, height = _box(node, wrapped(node.label))
        loops = [edge.label for edge in chart.edges if edge.source == edge.target == name]
        if loops:
            width += 2 * (_LOOP + max(columns(label) for label in loops) * UNIT_PX)
    elif stop in labels:
        lines = wrapped(chart.edges[labels[stop]].label, 16)
        width, height = max(columns(line) for line in lines) * UNIT_PX + 12, len(lines) * LINE_PX
    else:
        return _Size(0, _PASSING)
    return _Size(height, width) if is_upright else _Size(width, height)


def _bands(ranked: Ranked, sizes: Mapping[Stop, _Size]) -> Sequence[tuple[float, float]]:
    """Where each rank begins and ends."""
    bands: list[tuple[float, float]] = []
    end = _MARGIN
    has_boxes = False
    for each in ranked.ranks:
        had, has_boxes = has_boxes, any(kind == BOX for _, kind in each)
        start = end + (0 if not bands else _BETWEEN_RANKS if had and has_boxes else _BETWEEN_RANKS * 0.6)
        end = start + max(sizes[stop].along for stop in each)
        bands.append((start, end))
    return bands


def _across(ranked: Ranked, sizes: Mapping[Stop, _Size]) -> dict[Stop, float]:
    """Places across the ranks: each stop as near the middle of its neighbours as the others of its rank allow."""
    before, after = neighbours(ranked.routes)
    across: dict[Stop, float] = {}
    for each in ranked.ranks:
        across.update(zip(each, _spread([0.0] * len(each), each, sizes), strict=True))
    for i in range(_ROUNDS):
        is_down = i % 2 == 0
        for each in ranked.ranks if is_down else reversed(ranked.ranks):
            wanted = []
            for stop in each:
                near = [*(before if is_down else after).get(stop, [])]
                if i == _ROUNDS - 1:
                    near = [*before.get(stop, []), *after.get(stop, [])]
                wanted.append(sum(across[n] for n in near) / len(near) if near else across[stop])
            across.update(zip(each, _spread(wanted, each, sizes), strict=True))
    return across


def _spread(wanted: Sequence[float], stops: Sequence[Stop], sizes: Mapping[Stop, _Size]) -> Sequence[float]:
    """Places in the order given that keep their distance and are nearest to those `wanted` (least squares).

    Less the room that those before need, this is isotonic regression, done by pooling adjacent violators.
    """
    room = [0.0]
    for a, b in pairwise(stops):
        room.append(room[-1] + (sizes[a].across + sizes[b].across) / 2 + _BESIDE)
    pools: list[tuple[float, int]] = []
    for want, needed in zip(wanted, room, strict=True):
        total, count = want - needed, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            earlier = pools.pop()
            total, count = total + earlier[0], count + earlier[1]
        pools.append((total, count))
    middles = [total / count for total, count in pools for _ in range(count)]
    return [middle + needed for middle, needed in zip(middles, room, strict=True)]


def _middle(band: tuple[float, float]) -> float:
    return (band[0] + band[1]) / 2


def _edge(
    chart: Flowchart,
    route: Route,
    labels: Mapping[Stop, int],
    across: Mapping[Stop, float],
    bands: Sequence[tuple[float, float]],
    at: Mapping[Stop, int],
    placed: Mapping[str, PlacedNode],
    turn: _Turn,
) -> PlacedEdge:
    """A connection that is straight within each rank and curved between them, so that it crosses no box."""
    edge = chart.edges[route.edge]
    is_upright = turn.direction in ("TD", "BT")
    points: list[Point] = []
    label_at = None
    for i, stop in enumerate(route.stops):
        band = bands[at[stop]]
        start, end = band
        if stop[1] == BOX:
            node = placed[stop[0]]
            half = (node.height if is_upright else node.width) / 2
            start, end = (_middle(band) + half, end) if i == 0 else (start, _middle(band) - half)
        points += [turn.point(start, across[stop]), turn.point(end, across[stop])]
        if stop in labels:
            label_at = turn.point(_middle(band), across[stop])
    if route.is_turned:
        points.reverse()
    return PlacedEdge(edge, points, label_at, wrapped(edge.label, 16) if edge.label else [])


def _loop(edge: Edge, node: PlacedNode) -> PlacedEdge:
    y, right = node.centre[1], node.centre[0] + node.width / 2
    reach = 0 if node.node.shape == "choice" else node.height / 5
    points = [(right, y - reach), (right + _LOOP, y - reach - 8), (right + _LOOP, y + reach + 8), (right, y + reach)]
    label_at = (right + _LOOP + columns(edge.label) * UNIT_PX / 2, y) if edge.label else None
    return PlacedEdge(edge, points, label_at, [edge.label] if edge.label else [], is_loop=True)
