"""The legs of one document language, and their fusion into one score a passage.

Where query and passages share a language, meaning (cosine as the model gives it) and words (BM25) are each scaled to
0..1 over the candidates and added. Where they do not, meaning is compared after centring and words count only for what
is written alike in both languages.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index.reader import Found, Snapshot
from kb.index.words import WordQuery
from kb.model.hits import Leg
from kb.search.calibration import CURVES
from kb.text.language import Language

CANDIDATES = 150
"""How many passages each leg brings at least."""

PHRASE_CANDIDATES = 1_000
"""How many passages the words leg brings for a phrase: it knows only stems, and many may not hold the phrase itself."""

WORDS_SHARE = 0.5
"""Share of words in the fused score where query and passage share a language; the rest is meaning. Chosen on the
development sets: Japanese gains up to 0.5 (MRR@10 .906 at 0.2, .920 at 0.3, .929 at 0.5), English is flat from 0.3."""

SHARED_WORDS_SHARE = 0.15
"""The same where they do not, and only what is written alike in both can match."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage found, before its text is read.

    `probability` is calibrated and comparable across languages; `similarity` the centred cosine; `words` the BM25
    score, 0 where no word matched.
    """

    row: int
    version_id: str
    language: Language
    probability: float
    similarity: float
    words: float
    legs: tuple[Leg, ...]


def candidates(
    snapshot: Snapshot,
    language: Language,
    vector: NDArray[np.float32],
    query_language: Language,
    query: WordQuery,
    *,
    decisive: Sequence[str] = (),
    limit: int = CANDIDATES,
    versions: Set[str] | None,
) -> list[Scored]:
    """Passages in `language`, best first, at least `limit` where there are so many.

    Where phrases are required only passages that hold their terms; those with every `decisive` term come first.
    """
    bring = PHRASE_CANDIDATES if query.phrases else max(CANDIDATES, limit)

    def centred(limit: int, rows: NDArray[np.int64] | None = None) -> Found:
        mean = snapshot.means.queries[query_language]
        return snapshot.centred(language, vector, mean, limit=limit, versions=versions, rows=rows)

    def by_meaning(limit: int, rows: NDArray[np.int64] | None = None) -> Found:
        if language == query_language:
            return snapshot.dense(language, vector, limit=limit, versions=versions, rows=rows)
        return centred(limit, rows)

    word_rows, word_scores = snapshot.words(language, query, limit=bring, versions=versions)
    required = bool(query.phrases or query.prefixes)
    dense_rows, similarity = (word_rows[:0], word_scores[:0]) if required else by_meaning(bring)
    only_words = np.setdiff1d(word_rows, dense_rows)
    if len(only_words):
        more_rows, more = by_meaning(len(only_words), only_words)
        dense_rows, similarity = np.concatenate((dense_rows, more_rows)), np.concatenate((similarity, more))
    words = np.zeros(len(dense_rows), np.float32)
    if len(word_rows):
        by_row = dict(zip(word_rows.tolist(), word_scores.tolist(), strict=True))
        words = np.array([by_row.get(row, 0.0) for row in dense_rows.tolist()], np.float32)
    share = WORDS_SHARE if language == query_language else SHARED_WORDS_SHARE
    fused = _scaled(similarity) * (1 - share) + _scaled(words, zero=True) * share
    if decisive and len(dense_rows):
        exact = WordQuery({}, phrases=tuple((term,) for term in decisive), excluded=query.excluded)
        fused += np.isin(dense_rows, snapshot.words(language, exact, limit=len(dense_rows), versions=versions)[0])
    order = np.lexsort((dense_rows, -fused))
    expected = snapshot.word_weight(language, query)
    coverage = words / expected if expected else words
    if language == query_language:  # what is compared with the other language is centred too
        by_row = dict(zip(*(found.tolist() for found in centred(len(dense_rows), dense_rows)), strict=True))
        similarity = np.array([by_row[row] for row in dense_rows.tolist()], np.float32)
    # falls with the fused score, so that merging never reorders a language
    probability = np.minimum.accumulate(CURVES[query_language, language](similarity, coverage)[order])
    has_identifier = any("#" in term for term in query.weights)
    word_leg: Leg = "identifier" if has_identifier else "words"
    versions_of = snapshot.versions_of(language, dense_rows)
    return [
        Scored(
            row=int(dense_rows[i]),
            version_id=versions_of[i],
            language=language,
            probability=float(p),
            similarity=float(similarity[i]),
            words=float(words[i]),
            legs=("dense", word_leg) if words[i] > 0 else ("dense",),
        )
        for i, p in zip(order.tolist(), probability.tolist(), strict=True)
    ]


def _scaled(scores: NDArray[np.float32], *, zero: bool = False) -> NDArray[np.float32]:
    """`scores` on 0..1 from the lowest (or zero) to the highest."""
    if not len(scores):
        return scores
    low, high = (0.0 if zero else float(scores.min())), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
