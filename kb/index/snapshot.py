"""One consistent state of the index: a published build and the tail of what came after it, searched as one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index.builds import Manifest
from kb.index.dense import DenseIndex
from kb.index.means import Means
from kb.index.records import Records, Rows
from kb.index.selection import Selections
from kb.index.tail import Tail
from kb.index.tokens import Codes, Similarities, TokenIndex, query_tokens, similarities
from kb.index.words import WordIndex, WordQuery
from kb.text.language import Language

Found = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Rows and their scores, best first."""


_REORDERED = 3
"""How many times as many candidates are taken where they are found by products that order them nearly as cosines do."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One language of a snapshot: its build, its tail and the rows of the build that are no longer live."""

    records: Records
    dense: DenseIndex
    words: WordIndex
    tokens: TokenIndex
    tail: Tail
    dead: Rows
    selections: Selections

    @property
    def size(self) -> int:
        """How many live passages it holds."""
        return len(self.records) - len(self.dead) + len(self.tail.rows)

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        return self.words.frequency(term) + self.tail.frequency(term)

    def vocabulary(self) -> Mapping[str, int]:
        """Words as they are written, lower case, with the number of passages each occurs in."""
        if not self.tail.words:
            return self.words.vocabulary()
        newest = Counter(word for counted in self.tail.words for word in set(counted.entry.surface))
        return newest + Counter(self.words.vocabulary())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent state of the index; immutable, shared by every search until the library changes."""

    manifest: Manifest
    revision: int
    means: Means
    leaves: dict[Language, Leaf]

    def centred(
        self,
        language: Language,
        query: NDArray[np.float32],
        query_mean: NDArray[np.float32],
        *,
        limit: int,
        versions: Set[str] | None = None,
        rows: NDArray[np.int64] | None = None,
    ) -> Found:
        """Rows of passages in `language` by their cosine with a query vector of unit length, both centred.

        `query_mean` is subtracted from the query and the mean of their language from the passages. `versions` restricts
        the search to these versions, `rows` to these passages whatever their version.
        """
        leaf, mean = self.leaves[language], self.means.passages[language]
        centred = query - query_mean
        centred /= max(float(np.linalg.norm(centred)), 1e-6)
        offset = float(centred @ mean)
        if rows is None:
            selection = leaf.selections.places(None if versions is None else frozenset(versions))
            more = 1 if leaf.dense.is_centred else _REORDERED
            places, products = leaf.dense.search(centred, limit=more * limit, selection=selection)
        else:
            places = leaf.records.places(np.setdiff1d(rows[leaf.records.held(rows)], leaf.dead))
            products = leaf.dense.products(centred, places)
        # the product of a vector as it is with the centred query, less a constant and divided by the length of the
        # centred vector, is the cosine wanted
        cosines = products if leaf.dense.is_centred else (products - offset) / leaf.records.norms[places]
        found = leaf.records.rows[places]
        order = np.lexsort((found, -cosines))[:limit]
        tail: NDArray[np.float32] = (leaf.tail.vectors @ centred - np.float32(offset)) / leaf.tail.norms
        return _merge((found[order], cosines[order]), self._in_tail(leaf, tail, versions, rows), limit)

    def late(
        self, language: Language, query: NDArray[np.float32], query_language: Language, rows: NDArray[np.int64]
    ) -> Similarities:
        """How well the tokens of passages `rows` in `language` answer those of a query (see `kb.index.tokens`).

        `query` is (tokens, dimension), as the model gives it; the scores are in the order of `rows`.
        """
        return similarities(self.query_tokens(query, query_language), self.codes(language, rows))

    def query_tokens(self, query: NDArray[np.float32], query_language: Language) -> NDArray[np.float32]:
        """Token vectors of a query, as the model gives them, in the form that `kb.index.tokens` compares."""
        return query_tokens(query, self.means.query_tokens[query_language])

    def codes(self, language: Language, rows: NDArray[np.int64]) -> list[Codes]:
        """Token vectors of live passages in `language`, in the order of `rows`."""
        leaf = self.leaves[language]
        built = leaf.records.held(rows)
        of_build = iter(leaf.tokens.of(leaf.records.places(rows[built]).tolist()))
        of_tail = iter([leaf.tail.tokens[place] for place in np.searchsorted(leaf.tail.rows, rows[~built]).tolist()])
        return [next(of_build if held else of_tail) for held in built.tolist()]

    def words(self, language: Language, query: WordQuery, *, limit: int, versions: Set[str] | None = None) -> Found:
        """Rows of passages in `language` by BM25."""
        leaf = self.leaves[language]
        numbers, wanted = ([], False) if versions is None else leaf.selections.version_numbers(frozenset(versions))
        rows, scores = leaf.words.search(
            query,
            limit=limit + len(leaf.dead),
            versions=numbers if wanted else None,
            without=() if wanted else numbers,
        )
        kept = ~np.isin(rows, leaf.dead)
        tail_rows, tail_scores = leaf.tail.search_words(query, leaf.words)
        if versions is not None:
            within = np.isin(
                tail_rows, [r for r, v in zip(leaf.tail.rows, leaf.tail.versions, strict=True) if v in versions]
            )
            tail_rows, tail_scores = tail_rows[within], tail_scores[within]
        return _merge((rows[kept], scores[kept]), (tail_rows, tail_scores), limit)

    def word_weight(self, language: Language, query: WordQuery) -> float:
        """BM25 score of an average passage in `language` that holds every term of `query` once; 0 without terms."""
        leaf = self.leaves[language]
        total = leaf.size
        frequencies = {term: min(leaf.frequency(term), total) for term in query.weights}
        return sum(
            weight * math.log(1 + (total - frequencies[term] + 0.5) / (frequencies[term] + 0.5))
            for term, weight in query.weights.items()
        )

    def versions_of(self, language: Language, rows: NDArray[np.int64]) -> list[str]:
        """Ids of the versions that rows in `language` belong to, in their order."""
        leaf = self.leaves[language]
        built = leaf.records.held(rows)
        of_build = iter(leaf.records.versions[leaf.records.places(rows[built])].tolist())
        of_tail = iter(np.searchsorted(leaf.tail.rows, rows[~built]).tolist())
        return [
            self.manifest.versions[next(of_build)] if held else leaf.tail.versions[next(of_tail)]
            for held in built.tolist()
        ]

    @staticmethod
    def _in_tail(
        leaf: Leaf, scores: NDArray[np.float32], versions: Set[str] | None, rows: NDArray[np.int64] | None = None
    ) -> Found:
        if rows is not None:
            keep = np.isin(leaf.tail.rows, rows)
        else:
            keep = np.array([versions is None or v in versions for v in leaf.tail.versions], bool)
        kept_rows, kept = leaf.tail.rows[keep], scores[keep]
        order = np.lexsort((kept_rows, -kept))
        return kept_rows[order], kept[order]


def _merge(first: Found, second: Found, limit: int) -> Found:
    if not len(second[0]):
        return first[0][:limit], first[1][:limit]
    rows, scores = np.concatenate((first[0], second[0])), np.concatenate((first[1], second[1]))
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
