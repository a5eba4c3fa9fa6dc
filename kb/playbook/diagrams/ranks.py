"""Ranks of a flowchart: which box stands how far from the start, and in which order within its rank.

The method of Sugiyama, Tagawa and Toda (IEEE SMC, 1981): turn round what closes a circle, rank by the longest path, cut
long connections into steps from rank to rank, and order each rank by the barycentre of its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.playbook.diagrams.flowchart import Flowchart

Stop = tuple[str, int]
"""A box (its name, -1), or a place where a connection passes a rank (its number as text, the rank)."""

BOX = -1
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Route:
    """The stops of one connection from the lower rank to the higher; `is_turned` where it leads the other way."""

    edge: int
    stops: Sequence[Stop]
    is_turned: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranks from the start on, each in order, and the routes between them; loops of a box on itself have none."""

    ranks: Sequence[Sequence[Stop]]
    routes: Sequence[Route]


def rank(chart: Flowchart) -> Ranked:
    """`chart` ranked. Where a connection has a label every connection takes two ranks, so that labels have one."""
    step = 2 if any(edge.label for edge in chart.edges) else 1
    pairs = {i: (e.source, e.target) for i, e in enumerate(chart.edges) if e.source != e.target}
    turned = _turned(list(chart.nodes), pairs)
    onward = {i: (b, a) if i in turned else (a, b) for i, (a, b) in pairs.items()}
    at = {name: place * step for name, place in _longest(list(chart.nodes), list(onward.values())).items()}
    ranks: list[list[Stop]] = [[] for _ in range(max(at.values()) + 1)]
    for name in chart.nodes:
        ranks[at[name]].append((name, BOX))
    routes = []
    for i, (a, b) in onward.items():
        passing: list[Stop] = [(str(i), place) for place in range(at[a] + 1, at[b])]
        for stop in passing:
            ranks[stop[1]].append(stop)
        routes.append(Route(i, [(a, BOX), *passing, (b, BOX)], i in turned))
    return Ranked(_ordered(ranks, routes), routes)


def neighbours(routes: Sequence[Route]) -> tuple[Mapping[Stop, Sequence[Stop]], Mapping[Stop, Sequence[Stop]]]:
    """Stops before and after each stop."""
    before: dict[Stop, list[Stop]] = {}
    after: dict[Stop, list[Stop]] = {}
    for route in routes:
        for a, b in pairwise(route.stops):
            before.setdefault(b, []).append(a)
            after.setdefault(a, []).append(b)
    return before, after


def _turned(names: Sequence[str], pairs: Mapping[int, tuple[str, str]]) -> set[int]:
    """Connections that lead back to a box on the way to their own start."""
    leaving: dict[str, list[int]] = {}
    for i, (a, _) in pairs.items():
        leaving.setdefault(a, []).append(i)
    turned: set[int] = set()
    done: set[str] = set()
    for name in names:
        path, waiting = {name}, [(name, iter(leaving.get(name, [])))]
        while waiting and name not in done:
            here, ways = waiting[-1]
            way = next(ways, None)
            if way is None:
                waiting.pop()
                path.discard(here)
                done.add(here)
            elif (there := pairs[way][1]) in path:
                turned.add(way)
            elif there not in done:
                path.add(there)
                waiting.append((there, iter(leaving.get(there, []))))
    return turned


def _longest(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Mapping[str, int]:
    """Length of the longest path to each box; there are no circles left."""
    at = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, b in pairs:
            if at[b] <= at[a]:
                at[b], moved = at[a] + 1, True
        if not moved:
            break
    return at


def _ordered(ranks: Sequence[list[Stop]], routes: Sequence[Route]) -> Sequence[Sequence[Stop]]:
    before, after = neighbours(routes)
    place = {stop: i for each in ranks for i, stop in enumerate(each)}
    best, fewest = [list(each) for each in ranks], _crossings(ranks, after)
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        for this in ranks if is_down else reversed(ranks):
            sides = before if is_down else after
            centre = {stop: _mean([place[n] for n in sides.get(stop, [])], place[stop]) for stop in this}
            this.sort(key=centre.__getitem__)
            place.update((stop, i) for i, stop in enumerate(this))
        crossings = _crossings(ranks, after)
        if crossings < fewest:
            best, fewest = [list(each) for each in ranks], crossings
    return best


def _crossings(ranks: Sequence[Sequence[Stop]], after: Mapping[Stop, Sequence[Stop]]) -> int:
    found = 0
    place = {stop: i for each in ranks for i, stop in enumerate(each)}
    for each in ranks:
        ends = [place[b] for a in each for b in sorted(after.get(a, []), key=place.__getitem__)]
        found += sum(ends[i] > later for i in range(len(ends)) for later in ends[i + 1 :])
    return found


def _mean(values: Sequence[int], otherwise: int) -> float:
    return sum(values) / len(values) if values else otherwise
