"""From a leg's score to a probability, so that passages of two languages can stand in one list.

A cosine between an English question and a Japanese passage is not the same evidence as one between two English texts.
For each pair of languages a logistic curve maps the similarity, and how well the words match, to the share of passages
at that level that were judged relevant. Fitted by logistic regression on the best 30 candidates of each development
query (encyclopaedia paragraphs and government gold set), two-fold cross-validated. The bias between languages is then
moved, +0.7 from English to Japanese and -2 from Japanese to English, to where the worst direction loses least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Curve:
    """`1 / (1 + exp(-(bias + similarity * s + words * w)))`.

    `s` is a centred cosine, 0 for texts as alike as any two; `w` the BM25 score over that of an average passage which
    holds every term of the query once. Centring makes `s` mean much the same under any model.
    """

    bias: float
    similarity: float
    words: float

    def __call__(self, similarity: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of relevance of each passage; all arrays are (n,)."""
        return (1 / (1 + np.exp(-(self.bias + self.similarity * similarity + self.words * words)))).astype(np.float32)


CURVES: Mapping[tuple[Language, Language], Curve] = {
    ("en", "en"): Curve(bias=-7.8, similarity=12.5, words=2.8),
    ("ja", "ja"): Curve(bias=-8.4, similarity=7.6, words=3.8),
    ("en", "ja"): Curve(bias=-9.8, similarity=22.5, words=0.7),
    ("ja", "en"): Curve(bias=-12.2, similarity=26.6, words=0.0),
}
"""By language of the query and of the passage."""
