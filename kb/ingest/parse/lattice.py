"""Tables drawn as grids of lines: the pure part of telling them from other drawings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_TOUCH_PT = 3.0
"""Lines this near to one another meet, and parallel ones are the two edges of one."""
_SHORTEST_PT = 12.0
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3
"""Level and upright lines of the smallest table: two rows of two cells."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line in points: level at height `at` from `begin` to `end`, or upright at `at`."""

    is_level: bool
    at: float
    begin: float
    end: float


def count_lattices(strokes: Sequence[Stroke]) -> int:
    """How many separate grids of at least two by two cells the strokes make."""
    level = _merged(stroke for stroke in strokes if stroke.is_level)
    upright = _merged(stroke for stroke in strokes if not stroke.is_level)
    upright = [line for line in upright if line.end - line.begin >= _SHORTEST_PT]
    level = [line for line in level if line.end - line.begin >= _SHORTEST_PT]
    groups = _Groups(len(level) + len(upright))
    for i, row in enumerate(level):
        for j, column in enumerate(upright):
            if _meet(row, column):
                groups.join(i, len(level) + j)
    counted: dict[int, tuple[set[float], set[float]]] = {}
    for i, row in enumerate(level):
        counted.setdefault(groups.of(i), (set(), set()))[0].add(row.at)
    for j, column in enumerate(upright):
        counted.setdefault(groups.of(len(level) + j), (set(), set()))[1].add(column.at)
    return sum(len(rows) >= _LEAST_ROWS and len(columns) >= _LEAST_COLUMNS for rows, columns in counted.values())


def _meet(row: Stroke, column: Stroke) -> bool:
    return (
        row.begin - _TOUCH_PT <= column.at <= row.end + _TOUCH_PT
        and column.begin - _TOUCH_PT <= row.at <= column.end + _TOUCH_PT
    )


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Strokes in one line that touch as one: borders of cells side by side, both edges of a line."""
    lanes: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda each: each.at):
        if lanes and stroke.at - lanes[-1][0].at <= _TOUCH_PT:
            lanes[-1].append(replace(stroke, at=lanes[-1][0].at))
        else:
            lanes.append([stroke])
    merged: list[Stroke] = []
    for lane in lanes:
        ordered = sorted(lane, key=lambda each: each.begin)
        run = ordered[0]
        for stroke in ordered[1:]:
            if stroke.begin <= run.end + _TOUCH_PT:
                run = replace(run, end=max(run.end, stroke.end))
            else:
                merged.append(run)
                run = stroke
        merged.append(run)
    return merged


class _Groups:
    """Union-find over numbers."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def of(self, number: int) -> int:
        """The group that `number` belongs to."""
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def join(self, first: int, second: int) -> None:
        """Make the groups of both one."""
        self._parents[self.of(first)] = self.of(second)
