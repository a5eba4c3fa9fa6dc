"""From a leg's score to a probability, so that passages of two languages can stand in one list.

A cosine between an English question and a Japanese passage is not the same evidence as one between two English texts.
For each pair of languages a logistic curve maps the similarity, and how well the words match, to the share of passages
at that level that were judged relevant. Fitted by `python -m kb.evaluation.calibrate`, which prints this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Curve:
    """`1 / (1 + exp(-(bias + similarity * s + words * w)))` for similarity `s` and word match `w` in 0..1."""

    bias: float
    similarity: float
    words: float

    def __call__(self, similarity: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of relevance of each passage; arrays (n,)."""
        return (1 / (1 + np.exp(-(self.bias + self.similarity * similarity + self.words * words)))).astype(np.float32)


CURVES: Mapping[tuple[Language, Language], Curve] = {
    ("en", "en"): Curve(-24.0, 24.0, 3.0),
    ("ja", "ja"): Curve(-24.0, 24.0, 3.0),
    ("en", "ja"): Curve(-6.0, 8.0, 2.0),
    ("ja", "en"): Curve(-6.0, 8.0, 2.0),
}
"""By language of the query and of the passage."""
