from __future__ import annotations

import numpy as np
import pytest

from kb.search.calibration import LEGS, Evidence, Weights, fitted_weights, probability
from kb.text.language import LANGUAGES


def evidence(count=1, **said):
    return Evidence(**{leg: np.full(count, said.get(leg, 0.0), np.float32) for leg in LEGS})


def test_every_pair_of_languages_has_weights():
    assert set(fitted_weights()) == {(asked, found) for asked in LANGUAGES for found in LANGUAGES}


@pytest.mark.parametrize("leg", LEGS)
def test_whatever_a_leg_says_for_a_passage_never_speaks_against_it(leg):
    for weights in fitted_weights().values():
        assert weights.log_odds(evidence(**{leg: 0.5}))[0] > weights.log_odds(evidence())[0]


def test_log_odds_are_the_weighted_sum_of_the_evidence():
    weights = Weights(bias=-1.0, meaning=2.0, tokens=3.0, stretch=5.0, words=7.0, coverage=11.0)
    said = evidence(2, meaning=0.1, tokens=0.2, stretch=0.3, words=0.4, coverage=0.5)
    assert weights.log_odds(said) == pytest.approx([-1 + 0.2 + 0.6 + 1.5 + 2.8 + 5.5] * 2, abs=1e-5)


def test_even_odds_are_a_probability_of_one_half():
    assert probability(np.array([-50.0, 0.0, 50.0], np.float32)) == pytest.approx([0, 0.5, 1], abs=1e-6)


def test_a_passage_that_says_nothing_is_unlikely_under_every_pair():
    for weights in fitted_weights().values():
        assert probability(weights.log_odds(evidence()))[0] < 0.001
