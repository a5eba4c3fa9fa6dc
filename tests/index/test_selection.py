"""Which passages of a build a search may find."""

from __future__ import annotations

import numpy as np
import pytest

from kb.index.selection import Selections

VERSIONS = np.array([0, 0, 1, 2, 2, 2, 1], np.int32)
NUMBERS = {"a": 0, "b": 1, "c": 2, "of the other language": 3}


def places(selection):
    return np.flatnonzero(np.unpackbits(selection.marks, bitorder="little")).tolist()


@pytest.mark.parametrize(
    ("versions", "dead", "left"),
    [
        ({"a", "c"}, [], [0, 1, 3, 4, 5]),
        ({"a", "c"}, [1, 2, 5], [0, 3, 4]),
        ({"unknown"}, [], []),
        (None, [6], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_what_is_left_is_live_and_of_the_versions_asked_for(versions, dead, left):
    selections = Selections(VERSIONS, NUMBERS, np.array(dead, np.int64))
    selection = selections.places(versions and frozenset(versions))
    assert places(selection) == left
    assert selection.count == len(left)


def test_everything_needs_no_selection():
    assert Selections(VERSIONS, NUMBERS, np.empty(0, np.int64)).places(None) is None


def test_a_selection_is_made_once():
    selections = Selections(VERSIONS, NUMBERS, np.empty(0, np.int64))
    assert selections.places(frozenset("a")) is selections.places(frozenset("a"))


def test_versions_are_named_or_left_out_whichever_are_fewer():
    selections = Selections(VERSIONS, NUMBERS, np.empty(0, np.int64))
    assert selections.version_numbers(frozenset("a")) == ([0], True)
    assert selections.version_numbers(frozenset(NUMBERS) - {"b"}) == ([1], False)
