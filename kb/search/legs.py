"""The legs of one document language, and their fusion into one score a passage.

Meaning (cosine of the mean vectors) and words (BM25) bring the candidates; the best of these are compared token by
token, and the three scores, each scaled to 0..1 over the candidates, are added. Where query and passages share a
language, meaning is the cosine as the model gives it. Where they do not, it is compared after centring, and words count
only for what is written alike in both languages or stands in the glossary. What a document is beside its text, its
country or year, adds a little at the end (`kb.search.preference`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
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

COMPARED = 100
"""How many candidates are compared token by token. With 48 the government columns lose .03 to .06 of recall@10 in three
directions of four; more than 100 gain nothing."""


LEAST_RANGE = 0.05
"""Cosines of the candidates are taken to differ by this much at least."""

UNKNOWN_TOKENS = 0.5
"""What is assumed of a passage where the query has no token that says anything: about that of a relevant one."""


FULL_COVERAGE = np.float32(1.0)
"""A passage that says a word often, or a year besides the words expected, is no better evidence than one with all."""


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


Lift = Callable[[str], float]
"""What is added to the fused score of the passages of a version, by its id."""


def no_lift(_version_id: str) -> float:
    """Nothing, for any version."""
    return 0.0


class Scored(NamedTuple):
    """A passage found, before its text is read; a tuple, since a search makes hundreds.

    `probability` is calibrated and comparable across languages; `similarity` the centred cosine; `tokens` the mean
    cosine of the query's tokens with their best matches, None where it was not compared; `words` the BM25 score, 0
    where no word matched. `raised`: it stands higher than it would if the query preferred no documents.
    """

    row: int
    version_id: str
    language: Language
    probability: float
    similarity: float
    words: float
    legs: tuple[Leg, ...]
    tokens: float | None = None
    raised: bool = False


def candidates(
    snapshot: Snapshot,
    language: Language,
    vectors: QueryVectors,
    query_language: Language,
    query: WordQuery,
    *,
    decisive: Sequence[str] = (),
    prior: Lift = no_lift,
    wish: Lift = no_lift,
    limit: int = CANDIDATES,
    versions: Set[str] | None,
) -> list[Scored]:
    """Passages in `language`, best first, at least `limit` where there are so many.

    Where phrases are required only passages that hold their terms; those with every `decisive` term come first.
    `prior` is what speaks for a document whatever is asked, `wish` what the query says of those it would like.
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
        shares.meaning * _scaled(similarity[compared], least=LEAST_RANGE)
        + shares.words * _scaled(words[compared], zero=True)
        + shares.tokens * _scaled(tokens, least=LEAST_RANGE)
        + exact[compared]
    )
    versions_of = snapshot.versions_of(language, dense_rows)
    of_compared = [versions_of[i] for i in compared.tolist()]
    unasked = fused + np.array([prior(version_id) for version_id in of_compared], np.float32)
    wished = unasked + np.array([wish(version_id) for version_id in of_compared], np.float32)
    by_text, before, best = (np.lexsort((dense_rows[compared], -scores)) for scores in (fused, unasked, wished))
    place_before = dict(zip(compared[before].tolist(), range(len(compared)), strict=True))
    order = np.concatenate((compared[best], chosen[COMPARED:]))
    expected = snapshot.word_weight(language, query.expected)
    # a year may be all that a query shares with passages of the other language: it ranks them, but is no evidence
    coverage = np.minimum(words / expected if expected else words * (not query.variants), FULL_COVERAGE)
    if language == query_language:  # what is compared with the other language is centred too
        by_row = dict(zip(*(found.tolist() for found in centred(len(dense_rows), dense_rows)), strict=True))
        similarity = np.array([by_row[row] for row in dense_rows.tolist()], np.float32)
    late = np.full(len(dense_rows), tokens.min() if len(tokens) else 0.0, np.float32)
    late[compared] = tokens
    if not len(vectors.tokens):  # characters that the model does not know
        late[:] = UNKNOWN_TOKENS
    # falls from place to place, so that merging never reorders a language; each place is as likely as its text would
    # make it, so that a document lifted for its year takes no other down with it
    curve = CURVES[query_language, language]
    in_text_order = np.concatenate((compared[by_text], chosen[COMPARED:]))
    probability = np.minimum.accumulate(curve(similarity, coverage, late)[in_text_order])
    names_number = any("#" in term for term in decisive)
    return [
        Scored(
            row=int(dense_rows[i]),
            version_id=versions_of[i],
            language=language,
            probability=float(p),
            similarity=float(similarity[i]),
            words=float(words[i]),
            legs=_legs(words[i] > 0, names_number and bool(exact[i])),
            tokens=float(late[i]) if place < len(compared) else None,
            raised=place < place_before.get(i, place),
        )
        for place, (i, p) in enumerate(zip(order.tolist(), probability.tolist(), strict=True))
    ]


def _legs(has_words: bool, has_identifier: bool) -> tuple[Leg, ...]:
    by_words: tuple[Leg, ...] = ("identifier",) if has_identifier else ("words",) if has_words else ()
    return ("dense", *by_words)


def _scaled(scores: NDArray[np.float32], *, zero: bool = False, least: float = 0.0) -> NDArray[np.float32]:
    """`scores` on 0..1 from the lowest (or zero) to the highest, or to `least` above the lowest where that is more.

    Between a few candidates a difference of nothing must not become all the difference there is.
    """
    if not len(scores):
        return scores
    low, high = (0.0 if zero else float(scores.min())), float(scores.max())
    width = max(high - low, least)
    return (scores - low) / width if width > 0 else np.zeros_like(scores)
