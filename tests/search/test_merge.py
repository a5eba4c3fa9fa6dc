from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.model.preference import NamedPublisher, Preference
from kb.search.legs import Scored
from kb.search.merge import EVIDENCE_FROM, merge, shares
from kb.search.query import understand

falling = st.lists(st.floats(EVIDENCE_FROM, 1), max_size=20).map(lambda some: sorted(some, reverse=True))


def ranked(language, likely):
    start = 0 if language == "en" else 1_000
    return [Scored(start + i, "v", language, p, 0.5, 1.0, ("dense",)) for i, p in enumerate(likely)]


ENGLISH = shares(understand("cloud policy"))
BOTH = shares(understand("cloud policy of the UK and Japan"))


def test_the_first_three_hold_one_of_the_own_language_and_the_first_four_one_of_the_other():
    foremost = {"en": ranked("en", [0.9, 0.8, 0.7, 0.6]), "ja": ranked("ja", [0.1, 0.05])}
    assert [s.language for s in merge(foremost, ENGLISH)[:4]] == ["en", "en", "en", "ja"]
    behind = {"en": ranked("en", [0.1, 0.05]), "ja": ranked("ja", [0.9, 0.8, 0.7, 0.6])}
    assert [s.language for s in merge(behind, ENGLISH)[:3]] == ["ja", "ja", "en"]


def test_who_compares_gets_as_much_of_either():
    merged = merge({"en": ranked("en", [0.9] * 8), "ja": ranked("ja", [0.1] * 8)}, BOTH)
    assert [s.language for s in merged[:10]].count("ja") == 5


def test_a_publisher_of_one_country_and_the_name_of_the_other_compare_as_well():
    defra = NamedPublisher("Defra", frozenset({"Department for Environment, Food & Rural Affairs"}))
    query = replace(understand("fairness of AI, Defra and Japan"), preference=Preference(publishers=(defra,)))
    origins = {"Department for Environment, Food & Rural Affairs": "uk", "Digital Agency": "jp"}
    assert shares(query, origins) == BOTH
    assert shares(replace(query, text="fairness of AI, Defra and the UK"), origins) == ENGLISH
    assert shares(query) == ENGLISH  # where nobody knows whose it is


def test_what_is_no_evidence_takes_no_place():
    merged = merge({"en": ranked("en", [0.9] * 5), "ja": ranked("ja", [EVIDENCE_FROM / 2])}, ENGLISH)
    assert [s.language for s in merged] == ["en"] * 5 + ["ja"]


@given(falling, falling, st.sampled_from([ENGLISH, BOTH]))
def test_nothing_is_lost_and_each_language_keeps_its_order(english, japanese, least):
    lists = {"en": ranked("en", english), "ja": ranked("ja", japanese)}
    merged = merge(lists, least)
    for language, some in lists.items():
        assert [s for s in merged if s.language == language] == some
