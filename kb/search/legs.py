"""The legs of one document language, and their fusion into one score a passage.

Meaning (cosine of the mean vectors) and words (BM25) bring the candidates; the best of these are compared token by
token, and the three scores, each scaled to 0..1 over the candidates, are added. Where query and passages share a
language, meaning is the cosine as the model gives it. Where they do not, it is compared after centring, and words count
only for what is written alike in both languages or stands in the glossary.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import QueryVectors
from kb.index.reader import Found, Snapshot
from kb.index.words import WordQuery
from kb.model.hits import Leg
from kb.search.calibration import CURVES
from kb.text.language import Language

CANDIDATES = 150
"""How many passages each leg brings at least."""

PHRASE_CANDIDATES = 1_000
"""How many passages the words leg brings for a phrase: it knows only stems, and many may not hold the phrase itself."""

COMPARED = 48
"""How many candidates are compared token by token. On the development sets 40 and 400 rank alike."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Weights of the three legs in the fused score; the candidates to compare are chosen without the third."""

    meaning: float
    words: float
    tokens: float


OWN_LANGUAGE = Shares(meaning=0.1, words=0.3, tokens=0.6)
"""Where query and passage share a language. Chosen on the development sets, which are flat around it: words without
tokens, and tokens without words, each lose .02 to .1 of recall@10."""

OTHER_LANGUAGE = Shares(meaning=0.2, words=0.2, tokens=0.6)
"""Where they do not, and the words are those written alike in both and those that the glossary gives."""

_CHOOSING = {OWN_LANGUAGE: (0.5, 0.5), OTHER_LANGUAGE: (0.85, 0.15)}
"""Weights of meaning and words when the candidates to compare are chosen."""


class Scored(NamedTuple):
    """A passage found, before its text is read; a tuple, since a search makes hundreds.

    `probability` is calibrated and comparable across languages; `similarity` the centred cosine; `tokens` the mean
    cosine of the query's tokens with their best matches, None where it was not compared; `words` the BM25 score, 0
    where no word matched.
    """

    row: int
    version_id: str
    language: Language
    probability: float
    similarity: float
    words: float
    legs: tuple[Leg, ...]
    tokens: float | None = None


def candidates(
    snapshot: Snapshot,
    language: Language,
    vectors: QueryVectors,
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
    vector = vectors.vector
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
    shares = OWN_LANGUAGE if language == query_language else OTHER_LANGUAGE
    exact = np.zeros(len(dense_rows), bool)
    if decisive and len(dense_rows):
        required_terms = WordQuery({}, phrases=tuple((term,) for term in decisive), excluded=query.excluded)
        exact = np.isin(
            dense_rows, snapshot.words(language, required_terms, limit=len(dense_rows), versions=versions)[0]
        )
    by_mean, by_words = _CHOOSING[shares]
    chosen = np.lexsort((dense_rows, -(by_mean * _scaled(similarity) + by_words * _scaled(words, zero=True) + exact)))
    compared = chosen[:COMPARED]
    tokens = snapshot.late(language, vectors.tokens, query_language, dense_rows[compared])
    fused = (
        shares.meaning * _scaled(similarity[compared])
        + shares.words * _scaled(words[compared], zero=True)
        + shares.tokens * _scaled(tokens)
        + exact[compared]
    )
    best = np.lexsort((dense_rows[compared], -fused))
    order = np.concatenate((compared[best], chosen[COMPARED:]))
    expected = snapshot.word_weight(language, query.expected)
    coverage = words / expected if expected else words
    if language == query_language:  # what is compared with the other language is centred too
        by_row = dict(zip(*(found.tolist() for found in centred(len(dense_rows), dense_rows)), strict=True))
        similarity = np.array([by_row[row] for row in dense_rows.tolist()], np.float32)
    late = np.full(len(dense_rows), tokens.min() if len(tokens) else -1.0, np.float32)
    late[compared] = tokens
    # falls with the fused score, so that merging never reorders a language
    curve = CURVES[query_language, language]
    probability = np.minimum.accumulate(curve(similarity, coverage, late)[order])
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
            tokens=float(late[i]) if place < len(compared) else None,
        )
        for place, (i, p) in enumerate(zip(order.tolist(), probability.tolist(), strict=True))
    ]


def _scaled(scores: NDArray[np.float32], *, zero: bool = False) -> NDArray[np.float32]:
    """`scores` on 0..1 from the lowest (or zero) to the highest."""
    if not len(scores):
        return scores
    low, high = (0.0 if zero else float(scores.min())), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
