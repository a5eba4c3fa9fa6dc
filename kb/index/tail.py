"""The live tail: what was added since the build was made, searched in memory as the build would search it."""

from __future__ import annotations

import math
import sys
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.tokens import Codes
from kb.index.words import FIELD_WEIGHTS, Field, WordEntry, WordIndex, WordQuery

_K1, _B = 1.2, 0.75
"""BM25 as tantivy computes it, so that scores of build and tail can be compared."""


class Counted:
    """The words of one passage, counted once for every search to come; passages share the strings."""

    def __init__(self, entry: WordEntry) -> None:
        body, heading, surface = (tuple(map(sys.intern, some)) for some in (entry.body, entry.heading, entry.surface))
        self.entry = replace(entry, body=body, heading=heading, surface=surface)
        self.counts: Mapping[Field, Counter[str]] = {field: Counter(self.entry.terms(field)) for field in FIELD_WEIGHTS}


class Occurrences(NamedTuple):
    """Where a term stands: places of passages in the tail, ascending, and how often it occurs in each, both (n,)."""

    places: NDArray[np.intc]
    counts: NDArray[np.intc]


_NOWHERE = Occurrences(np.empty(0, np.intc), np.empty(0, np.intc))


class Column:
    """One text of every passage of a tail, by term: what a search reads grows with what it finds, not with the tail.

    `total` is the number of terms of all passages together.
    """

    def __init__(self, field: Field, words: Sequence[Counted]) -> None:
        self._held: dict[str, tuple[array[int], array[int]]] = {}
        for place, counted in enumerate(words):
            for term, count in counted.counts[field].items():
                places, counts = self._held.setdefault(term, (array("i"), array("i")))
                places.append(place)
                counts.append(count)
        self._terms = [counted.entry.terms(field) for counted in words]
        self.total = sum(map(len, self._terms))
        self.lengths = np.array([_rounded(len(terms)) for terms in self._terms], np.int64)

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        return len(self._held[term][0]) if term in self._held else 0

    def occurrences(self, run: Sequence[str]) -> Occurrences:
        """Where a term, or several that follow one another, occur."""
        if not all(term in self._held for term in run):
            return _NOWHERE
        if len(run) == 1:
            return Occurrences(*(np.frombuffer(each, np.intc) for each in self._held[run[0]]))
        rarest = min((self._held[term][0] for term in run), key=len)
        found = [(place, count) for place in rarest if (count := _runs(self._terms[place], run))]
        return Occurrences(*np.array(found, np.intc).reshape(-1, 2).T)

    def begun(self, prefix: str) -> NDArray[np.intc]:
        """Places of passages with a term of one or two characters that begins like this, each once."""
        terms = [term for term in self._held if term.startswith(prefix) and len(term) <= 2]
        return np.unique(np.concatenate([_NOWHERE.places, *(self.occurrences((term,)).places for term in terms)]))


@dataclass(frozen=True, slots=True)
class Tail:
    """Passages of one language newer than the build.

    `vectors` is (n, dimension); `rows`, `norms`, `versions`, `words` and `tokens` are (n,), rows ascending.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    norms: NDArray[np.float32]
    versions: tuple[str, ...]
    words: tuple[Counted, ...]
    tokens: tuple[Codes, ...]
    columns: Mapping[Field, Column]

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
        columns = {field: Column(field, words) for field in FIELD_WEIGHTS}
        return cls(rows, vectors, norms, tuple(versions), tuple(words), tuple(tokens), columns)

    def frequency(self, term: str, field: Field = "body") -> int:
        """In how many passages a term occurs."""
        return self.columns[field].frequency(term)

    def search_words(self, query: WordQuery, build: WordIndex) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows that match and their BM25 scores, best first, by the statistics of build and tail together."""
        scores = np.zeros(len(self.words), np.float32)
        for term, weight in query.weights.items():
            for field, field_weight in FIELD_WEIGHTS.items():
                self._add(scores, field, (term,), build, weight * field_weight)
        matched = scores > 0 if not (query.phrases or query.prefixes) else np.ones(len(self.words), bool)
        for run in query.phrases:
            held = np.zeros(len(self.words), np.float32)
            for field in FIELD_WEIGHTS:
                self._add(held, field, run, build, 1.0)
            scores += held
            matched &= held > 0
        for prefix in query.prefixes:
            begun = np.zeros(len(self.words), bool)
            begun[self.columns["body"].begun(prefix)] = True
            scores += begun
            matched &= begun
        for run in query.excluded:
            for field in FIELD_WEIGHTS:
                matched[self.columns[field].occurrences(run).places] = False
        order = np.lexsort((self.rows, -scores))
        order = order[matched[order]]
        return self.rows[order], scores[order]

    def _add(
        self, scores: NDArray[np.float32], field: Field, run: Sequence[str], build: WordIndex, weight: float
    ) -> None:
        """Add `weight` times the BM25 score of a term, or of a run of terms, for the passages that hold it."""
        column = self.columns[field]
        places, occurs = column.occurrences(run)
        if not len(places):
            return
        total = build.size + len(self.words)
        average = (build.lengths[field] + column.total) / total
        idf = 0.0
        for term in run:
            frequency = build.frequency(term, field) + column.frequency(term)
            idf += math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
        length = column.lengths[places]
        found = idf * (_K1 + 1) * occurs / (occurs + _K1 * (1 - _B + _B * length / average))
        scores[places] += np.float32(weight) * found.astype(np.float32)


def _rounded(length: int) -> int:
    """`length` as tantivy keeps it, in one byte: four significant bits above 24."""
    above = length - 24
    shift = max(above.bit_length() - 4, 0) if above > 0 else 0
    return 24 + (above >> shift << shift)


def _runs(terms: Sequence[str], run: Sequence[str]) -> int:
    """How often `run` occurs in `terms`."""
    wanted = tuple(run)
    return sum(tuple(terms[i : i + len(wanted)]) == wanted for i in range(len(terms) - len(wanted) + 1))
