"""Searching what is live: the published build and the tail of what came after it, as one."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnavailableError
from kb.index.builder import centred_norms
from kb.index.builds import DAMAGE, Builds, Manifest, read_manifest
from kb.index.dense import DenseIndex
from kb.index.means import Means, token_codec
from kb.index.tail import Counted, Tail
from kb.index.tokens import Codes, Similarities, TokenIndex, as_codes, query_tokens, similarities
from kb.index.words import WordIndex, WordQuery, word_entry
from kb.store import Store, embeddings
from kb.store.database import revision
from kb.store.passages import live, retired_rows
from kb.text.language import LANGUAGES, Language

Found = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Rows and their scores, best first."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One language of a snapshot: its build, its tail and the rows of the build that are no longer live."""

    records: NDArray[np.void]
    dense: DenseIndex
    words: WordIndex
    tokens: TokenIndex
    tail: Tail
    dead: NDArray[np.int64]
    numbers: dict[str, int]

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

    def version_numbers(self, versions: Set[str]) -> tuple[list[int], bool]:
        """Numbers in the build of the given versions and True, or of all others and False, whichever are fewer.

        A search of the current editions leaves out a few of thousands; naming those few costs a tenth.
        """
        others = self.numbers.keys() - versions
        if 2 * len(others) < len(self.numbers):
            return sorted(self.numbers[v] for v in others), False
        return sorted(self.numbers[v] for v in self.numbers.keys() & versions), True


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
        # the index holds vectors as they are: their product with the centred query, less a constant and divided by the
        # length of the centred passage, is the cosine wanted; more candidates are taken since the division reorders
        found, products = leaf.dense.search(centred, limit=3 * limit, allowed=self._allowed(leaf, versions, rows))
        norms = leaf.records["norm"][np.searchsorted(leaf.records["row"], found)]
        cosines = (products - offset) / norms
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
        built = _held(leaf.records["row"], rows)
        of_build = iter(leaf.tokens.of(np.searchsorted(leaf.records["row"], rows[built]).tolist()))
        of_tail = iter([leaf.tail.tokens[place] for place in np.searchsorted(leaf.tail.rows, rows[~built]).tolist()])
        return [next(of_build if held else of_tail) for held in built.tolist()]

    def words(self, language: Language, query: WordQuery, *, limit: int, versions: Set[str] | None = None) -> Found:
        """Rows of passages in `language` by BM25."""
        leaf = self.leaves[language]
        numbers, wanted = ([], False) if versions is None else leaf.version_numbers(versions)
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
        held = leaf.records["row"]
        places = np.searchsorted(held, rows)
        tail_places = np.searchsorted(leaf.tail.rows, rows).tolist()
        in_build = _held(held, rows).tolist()
        return [
            self.manifest.versions[int(leaf.records["version"][place])] if built else leaf.tail.versions[tail_place]
            for place, tail_place, built in zip(places.tolist(), tail_places, in_build, strict=True)
        ]

    @staticmethod
    def _allowed(
        leaf: Leaf, versions: Set[str] | None, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64] | None:
        if rows is not None:
            return np.setdiff1d(rows[_held(leaf.records["row"], rows)], leaf.dead)
        if versions is None and not len(leaf.dead):
            return None
        keep = np.ones(len(leaf.records), bool)
        if versions is not None:
            numbers, wanted = leaf.version_numbers(versions)
            keep &= np.isin(leaf.records["version"], np.array(numbers, np.int32), invert=not wanted)
        if len(leaf.dead):
            keep &= ~np.isin(leaf.records["row"], leaf.dead)
        return np.ascontiguousarray(leaf.records["row"][keep])

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


class _Member(NamedTuple):
    """What the tail holds of one passage."""

    vector: NDArray[np.float32]
    words: Counted
    tokens: Codes


def _by_row(tail: Tail) -> dict[int, _Member]:
    members = map(_Member, tail.vectors, tail.words, tail.tokens)
    return dict(zip(tail.rows.tolist(), members, strict=True))


class IndexReader:
    """Gives the newest snapshot; opens a build when one is published and reads the tail when the truth changed."""

    def __init__(self, store: Store, builds: Builds, model_id: str, title_of: Callable[[str], str]) -> None:
        self._store = store
        self._builds = builds
        self._model_id = model_id
        self._title_of = title_of
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._folder: Path | None = None

    def snapshot(self) -> Snapshot:
        """The state of the library now; raises `IndexUnavailableError` where no usable build is published."""
        folder = self._builds.current()
        with self._store.database.read() as connection:
            current = revision(connection)
        held = self._snapshot
        if held is not None and held.revision == current and folder == self._folder:
            return held
        with self._lock:
            held = self._snapshot
            if held is None or held.revision < current or folder != self._folder:
                self._load_current(held)
            assert self._snapshot is not None
            return self._snapshot

    def _load_current(self, held: Snapshot | None) -> None:
        """Load what is published; a build that is cleared away meanwhile has a successor, which is loaded instead."""
        while True:
            folder = self._builds.current()
            try:
                self._snapshot, self._folder = self._load(folder, held), folder
            except DAMAGE as error:
                if folder != self._builds.current():
                    continue
                raise IndexUnavailableError(
                    "The search index is damaged.", remedy="Run python -m kb rebuild.", detail=str(error)
                ) from error
            except IndexUnavailableError:
                if folder == self._builds.current():
                    raise
            else:
                return

    def _load(self, folder: Path | None, held: Snapshot | None) -> Snapshot:
        if folder is None:
            raise IndexUnavailableError(
                "There is no search index yet.", remedy="Run python -m kb rebuild.", detail="no build"
            )
        if held is not None and folder == self._folder:
            manifest, means = held.manifest, held.means
            opened = {
                language: (leaf.records, leaf.dense, leaf.words, leaf.tokens) for language, leaf in held.leaves.items()
            }
        else:
            manifest = read_manifest(folder)
            if manifest.model_id != self._model_id:
                raise IndexUnavailableError(
                    f"The search index was made with the model {manifest.model_id}, not {self._model_id}.",
                    remedy="Run python -m kb rebuild --embed, or set KB_MODEL back.",
                    built=manifest.model_id,
                    asked=self._model_id,
                )
            means = Means.open(folder / "means.npz")
            opened = {
                language: (
                    np.load(folder / language / "passages.npy"),
                    DenseIndex.open(folder / language / "dense.faiss"),
                    WordIndex(folder / language / "words"),
                    TokenIndex(folder / language / "tokens", manifest.dimension),
                )
                for language in LANGUAGES
            }
        with self._store.database.read() as connection:
            at_revision = revision(connection)
            added = list(live(connection, after=manifest.revision))
            dead = np.array(retired_rows(connection, after=manifest.revision), np.int64)
            before = {language: _by_row(held.leaves[language].tail) if held else {} for language in LANGUAGES}
            new = [p for p in added if p.row not in before[p.passage.language]]
            vectors = embeddings.find(connection, self._model_id, [p.text_hash for p in new])
            codes = {
                language: embeddings.find_codes(
                    connection,
                    self._model_id,
                    token_codec(language),
                    [p.text_hash for p in new if p.passage.language == language],
                )
                for language in LANGUAGES
            }
        titles = {version_id: self._title_of(version_id) for version_id in {p.passage.version_id for p in added}}
        numbers = {version_id: number for number, version_id in enumerate(manifest.versions)}
        leaves = {}
        for language, (records, dense, words, tokens) in opened.items():
            known = before[language]
            for p in new:  # a row keeps its text for ever, so what is known of it stays true
                if p.passage.language == language and p.text_hash in vectors and p.text_hash in codes[language]:
                    known[p.row] = _Member(
                        vectors[p.text_hash].astype(np.float32),
                        Counted(word_entry(p.row, -1, titles[p.passage.version_id], p.passage)),
                        as_codes(codes[language][p.text_hash], manifest.dimension),
                    )
            there = [p for p in added if p.row in known]
            members = [known[p.row] for p in there]
            matrix = np.array([member.vector for member in members], np.float32).reshape(-1, manifest.dimension)
            tail = Tail.of(
                matrix,
                centred_norms(matrix, means.passages[language]),
                [p.passage.version_id for p in there],
                [member.words for member in members],
                [member.tokens for member in members],
            )
            leaves[language] = Leaf(records, dense, words, tokens, tail, np.intersect1d(dead, records["row"]), numbers)
        return Snapshot(manifest, at_revision, means, leaves)


def _held(ascending: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of a few `rows` are among many `ascending` ones; sorting the many anew would cost milliseconds."""
    if not len(ascending):
        return np.zeros(len(rows), bool)
    found: NDArray[np.bool_] = ascending[np.minimum(np.searchsorted(ascending, rows), len(ascending) - 1)] == rows
    return found


def _merge(first: Found, second: Found, limit: int) -> Found:
    if not len(second[0]):
        return first[0][:limit], first[1][:limit]
    rows, scores = np.concatenate((first[0], second[0])), np.concatenate((first[1], second[1]))
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
