from __future__ import annotations

import tomllib

import numpy as np
import pytest

from kb.evaluation.ablation import PARTS, ablation
from kb.evaluation.fit import cross_validated, fit, write_weights
from kb.evaluation.judged import Judged
from kb.search.calibration import LEGS, Evidence, Weights
from kb.search.legs import Gathered
from kb.search.merge import OTHER_REPRESENTED, OWN_REPRESENTED
from kb.text.language import LANGUAGES


@pytest.fixture(scope="module")
def judged():
    """Queries whose answer the best stretch tells from other passages, and whose words say nothing."""
    drawn = np.random.default_rng(5)

    def gathered(language, answer):
        count = 12
        said = {leg: drawn.normal(0.3, 0.05, count).astype(np.float32) for leg in LEGS}
        if answer:
            said["stretch"][0] += 0.4
        first = 0 if language == "en" else 1_000
        return Gathered(
            language=language,
            rows=np.arange(first, first + count),
            versions=tuple(f"v{i}" for i in range(count)),
            evidence=Evidence(**said),
            bm25=said["words"],
            exact=np.zeros(count, bool),
            compared=count,
            counts_words=True,
        )

    made = []
    for number in range(60):
        asked, due = LANGUAGES[number % 2], LANGUAGES[number // 2 % 2]
        some = {language: gathered(language, language == due) for language in LANGUAGES}
        grades = {int(row): 0 for each in some.values() for row in each.rows}
        grades[0 if due == "en" else 1_000] = 2
        least = {each: OWN_REPRESENTED if each == asked else OTHER_REPRESENTED for each in LANGUAGES}
        made.append(Judged("made", asked, asked, least, some, grades, (due,), compares=False))
    return made


def test_a_leg_that_tells_answers_apart_gets_more_than_it_began_with(judged):
    fitted = fit(judged)
    assert set(fitted) == {(asked, found) for asked in LANGUAGES for found in LANGUAGES}
    for weights in fitted.values():
        assert weights.stretch > 16 > weights.tokens - 2


def test_what_is_fitted_finds_queries_it_has_not_seen(judged):
    table = cross_validated([*judged, *judged_comparing(judged)])
    rows = [row for row in table.rows if row[1] == "columns"]
    assert len(rows) == 4
    assert all(row[5] > 0.9 for row in rows)


def judged_comparing(judged):
    """One query that compares, so that the share of both is of something."""
    first = judged[0]
    return [
        Judged("made", first.asked, first.language, first.least, first.gathered, first.grades, first.due, compares=True)
    ]


def test_without_the_leg_that_tells_them_apart_answers_are_not_found(judged):
    table = ablation(judged)
    means = {row[0]: float(str(row[1]).split()[0]) for row in table.rows}
    assert set(means) == set(PARTS)
    assert means["without the best stretch"] < 0.7 < means["everything"]
    assert means["everything"] == pytest.approx(means["without words"], abs=0.2)


def test_weights_are_written_as_they_are_read(tmp_path):
    weights = Weights(bias=-18.25, meaning=3.0, tokens=12.5, stretch=11.0, words=2.0, coverage=0.5)
    write_weights(tmp_path / "weights.toml", {(asked, found): weights for asked in LANGUAGES for found in LANGUAGES})
    held = tomllib.loads((tmp_path / "weights.toml").read_text(encoding="utf-8"))
    assert len(held) == 4
    assert all(Weights(**each) == weights for each in held.values())
