from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.index.tail import Counted, Tail
from kb.index.words import WordIndex, WordQuery, word_entry, write_words
from kb.model.passages import Passage
from kb.text.words import stem, terms

TEXTS = {
    1: "電子行政の推進に関する基本方針を定める。",
    2: "本人確認の手法について検討する。政府は行政を電子化する。",
    3: "政府認証基盤は第3条に定める。2025年に見直す。",
    4: "Departments must consider cloud services first. The cloud is the default.",
    5: "Identity verification in government departments, see DS-920.",
    6: "Point 10 of the standard: define what success looks like.",
    7: "A service standard for every department of government and its cloud.",
}
VERSIONS = {row: row % 3 for row in TEXTS}


def entry(row, text, *, title="", section=()):
    passage = Passage(f"p{row}", f"v{row}", None, row, 0, len(text), text, "en", tuple(section))
    return word_entry(row, VERSIONS.get(row, 0), title, passage)


def build(folder, entries):
    write_words(folder, entries)
    return WordIndex(folder)


def tail_of(entries):
    count = len(entries)
    return Tail.of(
        np.zeros((count, 2), np.float32), np.ones(count, np.float32), ["v"] * count, [*map(Counted, entries)], []
    )


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return build(tmp_path_factory.mktemp("words"), [entry(row, text) for row, text in TEXTS.items()])


def query(*searched, **required):
    return WordQuery(dict.fromkeys(searched, 1.0), **required)


def rows(index, wanted, **options):
    return index.search(wanted, limit=50, **options)[0].tolist()


@pytest.mark.parametrize("pair", ["電子", "行政", "本人", "確認", "政府", "基盤", "方針"])
def test_two_japanese_characters_find_exactly_the_passages_that_hold_them(words, pair):
    assert set(rows(words, query(pair))) == {row for row, text in TEXTS.items() if pair in text}


@pytest.mark.parametrize("character", ["政", "認", "年", "条"])
def test_one_japanese_character_finds_the_passages_that_hold_it(words, character):
    found = rows(words, WordQuery({}, prefixes=(character,)))
    assert set(found) == {row for row, text in TEXTS.items() if character in text}


def test_a_phrase_wants_its_words_next_to_each_other(words):
    assert rows(words, query(phrases=((stem("service"), stem("standard")),))) == [7]
    assert rows(words, query(phrases=((stem("standard"), stem("service")),))) == []
    assert rows(words, query(phrases=(("電子", "子行", "行政"),))) == [1]


def test_an_identifier_between_two_words_does_not_break_a_phrase(words):
    assert rows(words, query(phrases=(("10", "of", "the", stem("standard")),))) == [6]
    assert rows(words, query(phrases=(("2025", "年に"),))) == [3]


def test_identifiers_find_what_they_name(words):
    assert rows(words, query("ds#920")) == [5]
    assert rows(words, query("point#10")) == [6]
    assert rows(words, query("条#3")) == [3]
    assert rows(words, query("ds#92")) == []


def test_what_is_excluded_is_not_found(words):
    assert set(rows(words, query(stem("government")))) == {5, 7}
    assert rows(words, query(stem("government"), excluded=((stem("cloud"),),))) == [5]
    assert rows(words, query("政府", excluded=(("認証",),))) == [2]


def test_every_phrase_is_wanted_and_words_only_order(words):
    found = rows(words, query(stem("cloud"), phrases=((stem("government"),), (stem("department"),))))
    assert set(found) == {5, 7}
    assert found[0] == 7


def test_only_the_versions_asked_for_are_searched(words):
    for versions in ([0], [1], [0, 2], []):
        found = rows(words, query("政府", stem("government"), stem("cloud")), versions=versions)
        expected = {row for row in (2, 3, 4, 5, 7) if VERSIONS[row] in versions}
        assert set(found) == expected


def test_versions_can_be_left_out(words):
    wanted = query("政府", stem("government"), stem("cloud"))
    for without in ([0], [1, 2], [9]):
        assert set(rows(words, wanted, without=without)) == {
            row for row in (2, 3, 4, 5, 7) if VERSIONS[row] not in without
        }
    required = query(stem("cloud"), phrases=((stem("government"),),))
    assert rows(words, required, without=[VERSIONS[7]]) == [5]


def test_restricting_to_all_versions_changes_neither_order_nor_scores(words):
    wanted = query(stem("government"), stem("cloud"), stem("service"))
    free, bound = words.search(wanted, limit=9), words.search(wanted, limit=9, versions=[0, 1, 2])
    np.testing.assert_array_equal(free[0], bound[0])
    np.testing.assert_allclose(free[1], bound[1], rtol=1e-5)


def test_a_word_of_the_heading_counts_less_than_one_of_the_passage(tmp_path):
    index = build(
        tmp_path / "w", [entry(1, "one thing", title="cloud policy"), entry(2, "cloud thing", title="other policy")]
    )
    assert rows(index, query("cloud")) == [2, 1]


def test_an_empty_query_finds_nothing(words):
    assert rows(words, WordQuery({})) == []
    assert rows(words, WordQuery({}, excluded=(("cloud",),))) == []


def test_ties_are_in_the_order_of_rows_and_the_same_every_time(tmp_path):
    index = build(tmp_path / "w", [entry(row, "the same words") for row in range(1, 60)])
    for _ in range(3):
        assert rows(index, query(stem("words"))) == list(range(1, 51))


def test_the_vocabulary_has_words_as_they_are_written(words):
    vocabulary = words.vocabulary()
    assert vocabulary["departments"] == 2
    assert vocabulary["department"] == 1
    assert not any("政" in word for word in vocabulary)
    assert words.frequency(stem("departments")) == 3
    assert words.frequency("nowhere") == 0


def test_an_index_without_passages_can_be_opened_and_searched(tmp_path):
    index = build(tmp_path / "w", [])
    assert index.size == 0
    assert rows(index, query("cloud", phrases=(("a", "b"),))) == []
    assert index.vocabulary() == {}


SOME = st.text(alphabet="abc 電子行。", min_size=1, max_size=120)
counter = itertools.count()


@given(st.lists(SOME, min_size=1, max_size=12), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_passage_scores_in_the_tail_as_it_will_in_the_next_build(tmp_path, texts, data):
    entries = [entry(row, text, title=text[:7]) for row, text in enumerate(texts, 1)]
    known = sorted({term for each in entries for term in (*each.body, *each.heading)})
    weights = data.draw(st.dictionaries(st.sampled_from(known or ["a"]), st.sampled_from([0.3, 1.0, 2.0]), max_size=4))
    start = data.draw(st.integers(0, len(entries) - 1))
    run = entries[start].body[:2]
    phrases = (run,) if run and data.draw(st.booleans()) else ()
    excluded = ((data.draw(st.sampled_from(known)),),) if known and data.draw(st.booleans()) else ()
    wanted = WordQuery(weights, phrases=phrases, excluded=excluded)
    split = data.draw(st.integers(0, len(entries)))
    folder = tmp_path / str(next(counter))
    whole = build(folder / "whole", entries)
    before, tail = build(folder / "before", entries[:split]), tail_of(entries[split:])

    in_whole = dict(zip(*(a.tolist() for a in whole.search(wanted, limit=50)), strict=True))
    in_tail = (
        dict(zip(*(a.tolist() for a in tail.search_words(wanted, before)), strict=True)) if not wanted.is_empty else {}
    )
    expected = {row: score for row, score in in_whole.items() if row > split}
    assert in_tail == pytest.approx(expected, rel=1e-3)


def test_long_passages_score_alike_in_tail_and_build(tmp_path):
    vocabulary = ["cloud", "policy", "digital", "service", "data", "行政", "電子"]
    generator = np.random.default_rng(3)
    entries = [
        entry(row, " ".join(generator.choice(vocabulary, size)), title="Digital policy")
        for row, size in enumerate([30, 39, 40, 41, 57, 90, 157, 300, 555, 2000], 1)
    ]
    whole, nothing, tail = build(tmp_path / "whole", entries), build(tmp_path / "nothing", []), tail_of(entries)
    for wanted in (query("cloud", "行政"), query(stem("digital"), phrases=(("cloud", stem("data")),))):
        expected, found = whole.search(wanted, limit=50), tail.search_words(wanted, nothing)
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-3)


def test_a_tail_and_a_build_know_the_same_words():
    tail = tail_of([entry(row, text) for row, text in TEXTS.items()])
    for text in TEXTS.values():
        for term in terms(text):
            assert tail.frequency(term.value) == sum(
                term.value in {t.value for t in terms(t2)} for t2 in TEXTS.values()
            )


def test_a_term_of_no_weight_finds_nothing_in_build_and_tail(words):
    wanted = WordQuery({stem("cloud"): 1.0, stem("identity"): 0.0})
    entries = [entry(row, text) for row, text in TEXTS.items()]
    assert set(rows(words, wanted)) == {4, 7}
    assert set(rows(words, WordQuery({stem("identity"): 0.0}))) == set()
    assert tail_of(entries).search_words(WordQuery({stem("identity"): 0.0}), words)[0].tolist() == []
