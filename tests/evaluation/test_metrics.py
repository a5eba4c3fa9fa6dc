"""Measures of a ranking, against figures worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation.metrics import ndcg, reciprocal_rank

GAINS = st.lists(st.integers(0, 2), max_size=20)


def test_the_first_right_hit_decides_the_reciprocal_rank():
    assert reciprocal_rank([0, 0, 1, 2]) == pytest.approx(1 / 3)


def test_a_hit_of_too_low_a_grade_does_not_count():
    assert reciprocal_rank([1, 0, 2], least=2) == pytest.approx(1 / 3)


def test_nothing_right_among_the_first_k_is_zero():
    assert reciprocal_rank([0] * 10 + [2], k=10) == 0
    assert reciprocal_rank([]) == 0


def test_a_worked_example_of_ndcg():
    found = 1 / math.log2(3) + 3 / math.log2(4)
    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert ndcg([0, 1, 2], [1, 2]) == pytest.approx(found / best)


def test_a_topic_without_judgements_scores_zero():
    assert ndcg([0, 0], []) == 0


@given(GAINS)
def test_the_best_order_scores_one_and_no_order_more(gains: list[int]):
    wanted = [gain for gain in gains if gain]
    assert 0 <= ndcg(gains, wanted) <= 1 + 1e-9
    if wanted:
        assert ndcg(sorted(gains, reverse=True), wanted) == pytest.approx(1)


@given(GAINS, st.integers(1, 10))
def test_a_longer_list_never_lowers_the_reciprocal_rank(gains: list[int], k: int):
    assert reciprocal_rank(gains, k=k) <= reciprocal_rank(gains, k=k + 1)
