"""From what the legs say of a passage to one number: how likely it is that the passage answers the query.

A cosine between an English question and a Japanese passage is not the same evidence as one between two English texts.
For each pair of languages a logistic model adds up what the legs say, so that its order ranks the passages of one
language and its probability merges two. The weights stand in `weights.toml`, which says how they were found;
`python -m kb.evaluation.fit` finds them anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.text.language import LANGUAGES, Language

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the legs say of passages, each of shape (n,).

    `meaning` is the cosine of the mean vectors after centring, 0 for texts as alike as any two; `tokens` the mean
    cosine of the query's tokens with their best matches in the passage, `stretch` in one stretch of it (see
    `kb.index.tokens`).
    `words` is the BM25 score over the best one found, and `coverage` the same over that of an average passage which
    holds every word of the query once, at most 1. Centring makes cosines mean much the same under any model.
    """

    meaning: Scores
    tokens: Scores
    stretch: Scores
    words: Scores
    coverage: Scores


LEGS = tuple(field.name for field in fields(Evidence))
"""Names of what an `Evidence` holds."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds of relevance are `bias` and the sum of the evidence, each weighted."""

    bias: float
    meaning: float
    tokens: float
    stretch: float
    words: float
    coverage: float

    def log_odds(self, evidence: Evidence) -> Scores:
        """Log-odds of each passage."""
        total = np.full(len(evidence.meaning), self.bias, np.float32)
        for leg in LEGS:
            total += np.float32(getattr(self, leg)) * getattr(evidence, leg)
        return total


def probability(log_odds: Scores) -> Scores:
    """Probabilities of these log-odds."""
    result: Scores = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
    return result


@cache
def fitted_weights() -> Mapping[tuple[Language, Language], Weights]:
    """By language of the query and of the passage."""
    held = tomllib.loads((resources.files("kb.search") / "weights.toml").read_text(encoding="utf-8"))
    return {(asked, found): Weights(**held[f"{asked}-{found}"]) for asked in LANGUAGES for found in LANGUAGES}
