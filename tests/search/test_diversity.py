from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.search.diversity import FIRST, FIRST_OF_PAGE, MOST_OF_DOCUMENT, MOST_OF_PAGE, spread
from kb.search.legs import Scored


def scored(row, version, probability):
    return Scored(row, version, "en", probability, 0.5, 1.0, ("dense",))


def ranked(*versions):
    return [scored(row, version, 0.9 - 0.01 * row) for row, version in enumerate(versions)]


def test_a_third_passage_of_a_page_makes_room_for_another_page():
    pages = {0: 1, 1: 1, 2: 1, 3: 2, 4: 3, 5: 4}
    assert [s.row for s in spread(ranked(*"aaaabb"), pages)] == [0, 1, 3, 4, 5, 2]


def test_a_document_without_pages_is_not_one_page():
    assert [s.row for s in spread(ranked(*"aaabb"), dict.fromkeys(range(5)))] == [0, 1, 2, 3, 4]


def test_a_fifth_passage_of_a_document_makes_room_for_another_document():
    pages = dict(enumerate(range(7)))
    assert [s.row for s in spread(ranked(*"aaaaaab"), pages)] == [0, 1, 2, 3, 6, 4, 5]


def test_where_there_is_nothing_else_nothing_is_moved():
    assert [s.row for s in spread(ranked(*"aaaaaaa"), dict.fromkeys(range(7), 1))] == list(range(7))


def test_what_is_far_less_likely_goes_before_nothing():
    likely = [0.9 - 0.02 * place for place in range(20)] + [1e-6] * 10
    before = [scored(row, "a" if row < 20 else f"b{row}", p) for row, p in enumerate(likely)]
    after = spread(before, dict(enumerate(range(30))))
    assert after == before


def test_each_place_keeps_its_probability():
    before = ranked(*"aaaaaab")
    after = spread(before, dict(enumerate(range(7))))
    assert [s.probability for s in after] == [s.probability for s in before]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, 1, 2, 3])), max_size=60))
def test_nothing_is_lost_and_what_is_crowded_had_no_alternative(members):
    before = ranked(*(version for version, _ in members))
    pages = {row: page for row, (_, page) in enumerate(members)}
    after = spread(before, pages)
    assert sorted(s.row for s in after) == [s.row for s in before]
    likely = [s.probability for s in after]
    assert likely == sorted(likely, reverse=True)
    if len({version for version, _ in members[:40]}) == 3 and all(
        sum(version == each for version, _ in members[:40]) >= 4 for each in "abc"
    ):
        first = after[:FIRST]
        assert all(sum(s.version_id == each for s in first) <= MOST_OF_DOCUMENT for each in "abc")
    first = after[:FIRST_OF_PAGE]
    for version, page in {(s.version_id, pages[s.row]) for s in first}:
        if page is not None and sum((s.version_id, pages[s.row]) == (version, page) for s in first) > MOST_OF_PAGE:
            others = [s for s in after[FIRST_OF_PAGE:40] if (s.version_id, pages[s.row]) != (version, page)]
            crowded = {s.version_id for s in first if sum(t.version_id == s.version_id for t in first) >= 4}
            assert all(
                s.version_id in crowded
                or sum((t.version_id, pages[t.row]) == (s.version_id, pages[s.row]) for t in first) >= 2
                for s in others
            )
