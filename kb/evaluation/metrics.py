"""Ranking measures over the relevance of ranked hits, as TREC defines them."""

from __future__ import annotations

import math
from collections.abc import Sequence


def reciprocal_rank(gains: Sequence[int], *, least: int = 1, k: int = 10) -> float:
    """1 / rank of the first hit with at least this gain among the first `k`, else 0."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], 1) if gain >= least), 0.0)


def ndcg(gains: Sequence[int], ideal: Sequence[int], *, k: int = 10) -> float:
    """Discounted gain of the first `k` hits over that of the best possible order of `ideal` gains (Järvelin 2002)."""

    def dcg(values: Sequence[int]) -> float:
        return sum((math.pow(2, gain) - 1) / math.log2(rank + 1) for rank, gain in enumerate(values[:k], 1))

    best = dcg(sorted(ideal, reverse=True))
    return dcg(gains) / best if best else 0.0
