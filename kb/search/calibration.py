"""From a leg's score to a probability, so that passages of two languages can stand in one list.

A cosine between an English question and a Japanese passage is not the same evidence as one between two English texts.
For each pair of languages a logistic curve maps the similarities, and how well the words match, to the share of
passages at that level that were judged relevant. Fitted by regularised logistic regression on the best 30 candidates of
each development query (encyclopaedia paragraphs and government gold set, each set with half of the weight). The bias
between languages is then moved, -0.8 from English to Japanese and -1.6 from Japanese to English, to where the worst
direction loses least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Curve:
    """`1 / (1 + exp(-(bias + similarity * s + words * w + tokens * t)))`.

    `s` is a centred cosine, 0 for texts as alike as any two; `w` the BM25 score over that of an average passage which
    holds every term of the query once; `t` the mean centred cosine of the query's tokens with their best matches.
    Centring makes `s` and `t` mean much the same under any model.
    """

    bias: float
    similarity: float
    words: float
    tokens: float

    def __call__(
        self, similarity: NDArray[np.float32], words: NDArray[np.float32], tokens: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Probability of relevance of each passage; all arrays are (n,)."""
        evidence = self.bias + self.similarity * similarity + self.words * words + self.tokens * tokens
        probability: NDArray[np.float32] = (1 / (1 + np.exp(-evidence))).astype(np.float32)
        return probability


CURVES: Mapping[tuple[Language, Language], Curve] = {
    ("en", "en"): Curve(bias=-8.9, similarity=5.1, words=1.0, tokens=9.9),
    ("ja", "ja"): Curve(bias=-7.2, similarity=3.5, words=2.5, tokens=3.9),
    ("en", "ja"): Curve(bias=-9.1, similarity=7.8, words=0.9, tokens=8.1),
    ("ja", "en"): Curve(bias=-10.1, similarity=13.1, words=0.0, tokens=6.3),
}
"""By language of the query and of the passage."""
