"""The live tail: what was added since the build was made, searched in memory with the build's own statistics."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb.index.words import HEADING_WEIGHT, WordEntry, WordQuery

_K1, _B = 1.2, 0.75
"""BM25 as tantivy computes it, so that scores of build and tail can be compared."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Passages of one language newer than the build.

    `vectors` is (n, dimension); `rows`, `norms` and `versions` are (n,), rows ascending.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    norms: NDArray[np.float32]
    versions: tuple[str, ...]
    entries: tuple[WordEntry, ...]
    body_counts: tuple[Counter[str], ...] = field(default=())
    heading_counts: tuple[Counter[str], ...] = field(default=())

    @classmethod
    def of(
        cls,
        rows: Sequence[int],
        vectors: NDArray[np.float32],
        norms: NDArray[np.float32],
        versions: Sequence[str],
        entries: Sequence[WordEntry],
    ) -> Tail:
        """A tail with its words counted."""
        return cls(
            np.array(rows, np.int64),
            vectors,
            norms,
            tuple(versions),
            tuple(entries),
            tuple(Counter(entry.body) for entry in entries),
            tuple(Counter(entry.heading) for entry in entries),
        )

    def search_words(
        self, query: WordQuery, *, frequency: Callable[[str], int], size: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows that match and their BM25 scores, best first.

        `frequency` and `size` are those of the build, to which this tail's own are added.
        """
        total = size + len(self.entries)
        scores = np.zeros(len(self.entries), np.float32)
        for counts, weight in ((self.body_counts, 1.0), (self.heading_counts, HEADING_WEIGHT)):
            lengths = [sum(c.values()) for c in counts]
            average = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
            for term, term_weight in query.weights.items():
                holders = [i for i, c in enumerate(counts) if term in c]
                if not holders:
                    continue
                occurs = frequency(term) + len(holders)
                idf = math.log(1 + (total - occurs + 0.5) / (occurs + 0.5))
                for i in holders:
                    tf = counts[i][term]
                    saturation = tf * (_K1 + 1) / (tf + _K1 * (1 - _B + _B * lengths[i] / average))
                    scores[i] += weight * term_weight * idf * saturation
        required = query.phrases or query.prefixes
        for i, entry in enumerate(self.entries):
            if any(_has_run(entry, run) for run in query.excluded):
                scores[i] = 0
            elif required:
                matched = all(_has_run(entry, run) for run in query.phrases) and all(
                    any(term.startswith(prefix) for term in entry.body) for prefix in query.prefixes
                )
                scores[i] = scores[i] + 1 if matched else 0
        order = np.lexsort((self.rows, -scores))
        order = order[scores[order] > 0]
        return self.rows[order], scores[order]


def _has_run(entry: WordEntry, run: Sequence[str]) -> bool:
    wanted = tuple(run)
    return any(
        text[i : i + len(wanted)] == wanted
        for text in (entry.body, entry.heading)
        for i in range(len(text) - len(wanted) + 1)
    )
