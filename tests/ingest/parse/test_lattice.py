"""Grids of lines are tables; boxes, rules and single lines are not."""

from __future__ import annotations

from itertools import pairwise

from kb.ingest.parse.lattice import Stroke, count_lattices


def grid(xs, ys):
    return [
        *(Stroke(is_level=True, at=y, begin=min(xs), end=max(xs)) for y in ys),
        *(Stroke(is_level=False, at=x, begin=min(ys), end=max(ys)) for x in xs),
    ]


def cells(xs, ys):
    """Every cell drawn with borders of its own, each a thin rectangle with two edges."""
    return [
        stroke
        for left, right in pairwise(xs)
        for low, high in pairwise(ys)
        for shift in (0.0, 0.5)
        for stroke in (
            Stroke(is_level=True, at=low + shift, begin=left, end=right),
            Stroke(is_level=True, at=high + shift, begin=left, end=right),
            Stroke(is_level=False, at=left + shift, begin=low, end=high),
            Stroke(is_level=False, at=right + shift, begin=low, end=high),
        )
    ]


def test_a_grid_of_two_by_two_cells_is_a_table():
    assert count_lattices(grid([0, 50, 100], [0, 20, 40])) == 1


def test_cells_with_borders_of_their_own_are_one_table():
    assert count_lattices(cells([0, 50, 100, 150], [0, 20, 40])) == 1


def test_a_box_with_double_lines_is_no_table():
    assert count_lattices(cells([0, 300], [0, 200])) == 0


def test_rules_between_lines_are_no_table():
    assert count_lattices([Stroke(is_level=True, at=y, begin=0, end=400) for y in range(0, 400, 20)]) == 0


def test_two_grids_apart_are_two_tables():
    assert count_lattices(grid([0, 50, 100], [0, 20, 40]) + grid([0, 50, 100], [200, 220, 240])) == 2


def test_a_pattern_of_tiny_squares_is_no_table():
    assert count_lattices(grid([0, 4, 8], [0, 4, 8])) == 0
