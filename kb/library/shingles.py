"""Which texts are worth comparing: those that share short runs of characters that few others have."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_LENGTH = 6
"""Characters of a run, white space left out."""
_FRUGAL = 4
"""Of long texts one in so many runs is kept, chosen by its hash, so that equal texts keep equal runs."""
_SHORT = 200
"""Characters up to which every run is kept."""
_MOST_TEXTS = 24
"""Runs that more texts have say nothing of any of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be like another: its number, and the share of their runs that both have, 0 to 1."""

    number: int
    share: float


class Shingles:
    """Texts, by their runs of characters (Broder, On the resemblance and containment of documents, 1997)."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` without white space."""
        self._sizes: list[int] = []
        self._holders: dict[int, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            runs = _runs(text)
            self._sizes.append(len(runs))
            for run in runs:
                self._holders[run].append(number)

    def like(self, text: str, *, most: int = 5) -> list[Candidate]:
        """The texts that share most with `text`, best first; those that share nothing are left out."""
        runs = _runs(text)
        shared: Counter[int] = Counter()
        for run in runs:
            holders = self._holders.get(run, ())
            if len(holders) <= _MOST_TEXTS:
                shared.update(holders)
        found = [Candidate(number, 2 * n / (len(runs) + self._sizes[number])) for number, n in shared.items()]
        return sorted(found, key=lambda each: (-each.share, each.number))[:most]


def _runs(text: str) -> frozenset[int]:
    data = [text[i : i + _LENGTH] for i in range(max(len(text) - _LENGTH + 1, 1))]
    hashes = frozenset(zlib.crc32(run.encode()) for run in data)
    return hashes if len(text) <= _SHORT else frozenset(each for each in hashes if each % _FRUGAL == 0)
