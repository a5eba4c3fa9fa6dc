"""The live tail: what was added since the build was made, searched in memory as the build would search it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index.tokens import Codes
from kb.index.words import FIELD_WEIGHTS, Field, WordEntry, WordIndex, WordQuery

_K1, _B = 1.2, 0.75
"""BM25 as tantivy computes it, so that scores of build and tail can be compared."""


class Counted:
    """The words of one passage, counted once for every search to come."""

    def __init__(self, entry: WordEntry) -> None:
        self.entry = entry
        self.counts: Mapping[Field, Counter[str]] = {field: Counter(entry.terms(field)) for field in FIELD_WEIGHTS}


@dataclass(frozen=True, slots=True)
class Tail:
    """Passages of one language newer than the build.

    `vectors` is (n, dimension); `rows`, `norms`, `versions`, `words` and `tokens` are (n,), rows ascending.
    `lengths` is the number of their terms together, by field.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    norms: NDArray[np.float32]
    versions: tuple[str, ...]
    words: tuple[Counted, ...]
    tokens: tuple[Codes, ...]
    lengths: Mapping[Field, int]

    @classmethod
    def of(
        cls,
        vectors: NDArray[np.float32],
        norms: NDArray[np.float32],
        versions: Sequence[str],
        words: Sequence[Counted],
        tokens: Sequence[Codes],
    ) -> Tail:
        """A tail of passages in the order of their rows."""
        rows = np.array([counted.entry.row for counted in words], np.int64)
        lengths = {field: sum(len(counted.entry.terms(field)) for counted in words) for field in FIELD_WEIGHTS}
        return cls(rows, vectors, norms, tuple(versions), tuple(words), tuple(tokens), lengths)

    def frequency(self, term: str, field: Field = "body") -> int:
        """In how many passages a term occurs."""
        return sum(term in counted.counts[field] for counted in self.words)

    def search_words(self, query: WordQuery, build: WordIndex) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows that match and their BM25 scores, best first, by the statistics of build and tail together."""
        scores = np.zeros(len(self.words), np.float32)
        for term, weight in query.weights.items():
            for field, field_weight in FIELD_WEIGHTS.items():
                occurrences = [counted.counts[field][term] for counted in self.words]
                scores += weight * field_weight * self._bm25(field, (term,), occurrences, build)
        matched = scores > 0 if not (query.phrases or query.prefixes) else np.ones(len(self.words), bool)
        for run in query.phrases:
            held = np.zeros(len(self.words), np.float32)
            for field in FIELD_WEIGHTS:
                occurrences = [_runs(counted.entry.terms(field), run) for counted in self.words]
                held += self._bm25(field, run, occurrences, build)
            scores += held
            matched &= held > 0
        for prefix in query.prefixes:
            begun = np.array([_has_beginning(counted, prefix) for counted in self.words], bool)
            scores += begun
            matched &= begun
        for run in query.excluded:
            matched &= ~np.array(
                [any(_runs(counted.entry.terms(field), run) for field in FIELD_WEIGHTS) for counted in self.words], bool
            )
        order = np.lexsort((self.rows, -scores))
        order = order[matched[order]]
        return self.rows[order], scores[order]

    def _bm25(
        self, field: Field, run: Sequence[str], occurrences: Sequence[int], build: WordIndex
    ) -> NDArray[np.float32]:
        """Scores of a term, or of a phrase of terms, by how often it occurs in each passage."""
        scores = np.zeros(len(self.words), np.float32)
        if not any(occurrences):
            return scores
        total = build.size + len(self.words)
        average = (build.lengths[field] + self.lengths[field]) / total
        idf = 0.0
        for term in run:
            frequency = build.frequency(term, field) + self.frequency(term, field)
            idf += math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
        for i, occurs in enumerate(occurrences):
            if occurs:
                length = _rounded(len(self.words[i].entry.terms(field)))
                scores[i] = idf * (_K1 + 1) * occurs / (occurs + _K1 * (1 - _B + _B * length / average))
        return scores


def _rounded(length: int) -> int:
    """`length` as tantivy keeps it, in one byte: four significant bits above 24."""
    above = length - 24
    shift = max(above.bit_length() - 4, 0) if above > 0 else 0
    return 24 + (above >> shift << shift)


def _runs(terms: Sequence[str], run: Sequence[str]) -> int:
    """How often `run` occurs in `terms`."""
    wanted = tuple(run)
    return sum(tuple(terms[i : i + len(wanted)]) == wanted for i in range(len(terms) - len(wanted) + 1))


def _has_beginning(counted: Counted, prefix: str) -> bool:
    return any(term.startswith(prefix) and len(term) <= 2 for term in counted.counts["body"])
