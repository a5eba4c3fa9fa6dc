"""Which passages of a build a search may find."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_REMEMBERED = 16
"""Selections kept for each language: one takes a bit a passage, and making it a millisecond for a million of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Passages of one language of a build: a bit for each place, the lowest first, and how many bits are set."""

    marks: NDArray[np.uint8]
    count: int

    @classmethod
    def of(cls, kept: NDArray[np.bool_]) -> Selection:
        """Those places of which it is true."""
        return cls(np.packbits(kept, bitorder="little"), int(np.count_nonzero(kept)))


class Selections:
    """Selections of one language of a snapshot by version; the last ones are remembered. Safe to share."""

    def __init__(self, versions: NDArray[np.int32], numbers: Mapping[str, int], dead: NDArray[np.int64]) -> None:
        """`versions` are the numbers of the versions by place, `dead` the places that are no longer live."""
        self._versions = versions
        self._numbers = numbers
        self._dead = dead
        self.places = functools.lru_cache(maxsize=_REMEMBERED)(self._places)
        self.version_numbers = functools.lru_cache(maxsize=_REMEMBERED)(self._version_numbers)

    def _places(self, versions: Set[str] | None) -> Selection | None:
        """Live places of these versions, None where these are all there are."""
        if versions is None and not len(self._dead):
            return None
        kept = np.ones(len(self._versions), bool)
        if versions is not None:
            wanted = np.zeros(len(self._numbers), bool)
            wanted[[number for version_id, number in self._numbers.items() if version_id in versions]] = True
            kept = wanted[self._versions]
        kept[self._dead] = False
        return Selection.of(kept)

    def _version_numbers(self, versions: Set[str]) -> tuple[list[int], bool]:
        """Numbers of the given versions and True, or of all others and False, whichever are fewer.

        A search of the current editions leaves out a few of thousands; naming those few costs a tenth.
        """
        others = self._numbers.keys() - versions
        if 2 * len(others) < len(self._numbers):
            return sorted(self._numbers[v] for v in others), False
        return sorted(self._numbers[v] for v in self._numbers.keys() & versions), True
