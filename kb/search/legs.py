"""The legs of one document language, and what each says of the passages they bring.

Meaning (cosine of the mean vectors, after centring) and words (BM25) bring the candidates; the best of these are
compared token by token. What the legs say is added up to log-odds of relevance (`kb.search.calibration`), which rank.
Where query and passages do not share a language, words count only for what is written alike in both languages or stands
in the glossary. What a document is beside its text, its country or year, adds a little (`kb.search.preference`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import QueryVectors
from kb.index.snapshot import Snapshot
from kb.index.words import WordQuery
from kb.model.hits import COUNTED_FROM, Leg
from kb.search.calibration import Evidence, Weights, fitted_weights, probability
from kb.text.language import Language

CANDIDATES = 150
"""How many passages each leg brings at least."""

PHRASE_CANDIDATES = 1_000
"""How many passages the words leg brings for a phrase: it knows only stems, and many may not hold the phrase itself."""

COMPARED = 80
"""How many candidates are compared token by token. With 60 or 400 the same is found on the development sets."""

UNKNOWN_TOKENS = 0.5
"""What is assumed of a passage where the query has no token that says anything: about that of a relevant one."""

DECISIVE = 100.0
"""Added to the log-odds of a passage that holds an exact identifier: more than all else together."""

LIST_OF_SOURCES = np.float32(2.0)
"""Taken off the log-odds of a passage that lists sources: it names every subject and says nothing of any."""

_CHOOSING = {True: (0.5, 0.5), False: (0.85, 0.15)}
"""Weights of meaning and words, each scaled to 0..1 over the candidates, when those to compare are chosen: where query
and passages share a language, and where they do not."""

Lift = Callable[[str], float]
"""What is added to the log-odds of the passages of a version, by its id."""


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


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates in one language with what the legs say of each; those compared token by token first, all (n,).

    `bm25` is the score of the words leg, `exact` whether a passage holds every decisive term. `counts_words`: whether
    the words leg looked for anything that is evidence where it is found (a year alone is none across languages).
    """

    language: Language
    rows: NDArray[np.int64]
    versions: tuple[str, ...]
    evidence: Evidence
    bm25: NDArray[np.float32]
    exact: NDArray[np.bool_]
    compared: int
    counts_words: bool


def gather(
    snapshot: Snapshot,
    language: Language,
    vectors: QueryVectors,
    query_language: Language,
    query: WordQuery,
    *,
    decisive: Sequence[str] = (),
    limit: int = CANDIDATES,
    versions: Set[str] | None = None,
) -> Gathered:
    """Passages in `language` that the legs bring, at least `limit` where there are so many.

    Where phrases are required only passages that hold their terms.
    """
    mean = snapshot.means.queries[query_language]

    def by_meaning(limit: int, rows: NDArray[np.int64] | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return snapshot.centred(language, vectors.vector, mean, limit=limit, versions=versions, rows=rows)

    bring = PHRASE_CANDIDATES if query.phrases else max(CANDIDATES, limit)
    word_rows, word_scores = snapshot.words(language, query, limit=bring, versions=versions)
    required = bool(query.phrases or query.prefixes)
    rows, meaning = (word_rows[:0], word_scores[:0]) if required else by_meaning(bring)
    only_words = np.setdiff1d(word_rows, rows)
    if len(only_words):
        more_rows, more = by_meaning(len(only_words), only_words)
        rows, meaning = np.concatenate((rows, more_rows)), np.concatenate((meaning, more))
    by_row = dict(zip(word_rows.tolist(), word_scores.tolist(), strict=True))
    bm25 = np.array([by_row.get(row, 0.0) for row in rows.tolist()], np.float32)
    exact = np.zeros(len(rows), bool)
    if decisive and len(rows):
        required_terms = WordQuery({}, phrases=tuple((term,) for term in decisive), excluded=query.excluded)
        exact = np.isin(rows, snapshot.words(language, required_terms, limit=len(rows), versions=versions)[0])
    words = bm25 / bm25.max() if bm25.any() else bm25
    of_meaning, of_words = _CHOOSING[language == query_language]
    order = np.lexsort((rows, -(of_meaning * _scaled(meaning) + of_words * words + exact)))
    rows, exact = rows[order], exact[order]
    meaning, bm25, words = (each[order] for each in (meaning, bm25, words))
    compared = min(len(rows), COMPARED)
    tokens, stretch = (
        _for_all(each, len(rows)) for each in snapshot.late(language, vectors.tokens, query_language, rows[:compared])
    )
    if not len(vectors.tokens):  # characters that the model does not know
        tokens[:] = stretch[:] = UNKNOWN_TOKENS
    expected = snapshot.word_weight(language, query.expected)
    coverage = bm25 / expected if expected else bm25 * (not query.variants)
    return Gathered(
        language=language,
        rows=rows,
        versions=tuple(snapshot.versions_of(language, rows)),
        # a word said often, or a year besides the words expected, is no more evidence than all of them once
        evidence=Evidence(meaning, tokens, stretch, words, np.minimum(coverage, np.float32(1.0))),
        bm25=bm25,
        exact=exact,
        compared=compared,
        counts_words=bool(expected) or not query.variants,
    )


def rank(
    found: Gathered,
    query_language: Language,
    *,
    names_number: bool = False,
    prior: Lift = no_lift,
    wish: Lift = no_lift,
    listed: Set[int] = frozenset(),
    weights: Weights | None = None,
) -> list[Scored]:
    """What was gathered, best first; passages that hold every decisive term, then those compared, come before others.

    `prior` is what speaks for a document whatever is asked, `wish` what the query says of those it would like.
    `listed` are rows that only list sources. `names_number`: the decisive terms are identifiers.
    """
    weights = weights or fitted_weights()[query_language, found.language]
    lowered = np.isin(found.rows, list(listed)) * LIST_OF_SOURCES
    by_text = weights.log_odds(found.evidence) - lowered
    rest = np.arange(len(found.rows)) >= found.compared
    before = by_text + DECISIVE * (found.exact & ~rest) - 2 * DECISIVE * rest
    unasked = before + np.array([prior(version_id) for version_id in found.versions], np.float32)
    wished = unasked + np.array([wish(version_id) for version_id in found.versions], np.float32)
    text_order, place_before, order = (np.lexsort((found.rows, -scores)) for scores in (before, unasked, wished))
    places = dict(zip(place_before.tolist(), range(len(order)), strict=True))
    # falls from place to place, so that merging never reorders a language; each place is as likely as its text would
    # make it, so that a document lifted for its year takes no other down with it
    certain = by_text if found.counts_words else by_text - weights.words * found.evidence.words
    likely = probability(certain)
    likely[found.exact] = np.maximum(likely[found.exact], np.float32(COUNTED_FROM))  # it holds what was asked for
    likely = np.minimum.accumulate(likely[text_order])
    return [
        Scored(
            row=int(found.rows[i]),
            version_id=found.versions[i],
            language=found.language,
            probability=float(p),
            similarity=float(found.evidence.meaning[i]),
            words=float(found.bm25[i]),
            legs=_legs(found.bm25[i] > 0, names_number and bool(found.exact[i])),
            tokens=float(found.evidence.tokens[i]) if i < found.compared else None,
            raised=place < places[i],
        )
        for place, (i, p) in enumerate(zip(order.tolist(), likely.tolist(), strict=True))
    ]


def _legs(has_words: bool, has_identifier: bool) -> tuple[Leg, ...]:
    by_words: tuple[Leg, ...] = ("identifier",) if has_identifier else ("words",) if has_words else ()
    return ("dense", *by_words)


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """`scores` on 0..1 from the lowest to the highest."""
    if not len(scores):
        return scores
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def _for_all(compared: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Scores of the first passages, with the lowest of them for all others up to `count`."""
    scores = np.full(count, compared.min() if len(compared) else 0.0, np.float32)
    scores[: len(compared)] = compared
    return scores
