from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.model.passages import Passage
from kb.search.highlight import holds_any, holds_phrases, matched_words, matches, phrase_places
from kb.search.query import understand
from kb.search.wording import word_query

TEXTS = [
    "Departments must consider cloud services first. See DS-920.",
    "政府情報システムは、クラウドサービスの利用を第一候補として検討する。電子行政。",
]


def marked(query, text, language):
    ranges = matches(text, word_query(understand(query), language))
    return [text[start:end] for start, end in ranges]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("department considering clouds", ["Departments", "consider", "cloud"]),
        ("DS-920", ["DS-920"]),
        ('"cloud services"', ["cloud", "services"]),
        ("the first", ["first"]),
        ("nothing of it", []),
    ],
)
def test_english_words_are_marked_in_whatever_form_they_stand(query, words):
    assert marked(query, TEXTS[0], "en") == words


@pytest.mark.parametrize(
    ("query", "words"),
    [("クラウドサービス", ["クラウドサービス"]), ("電子行政", ["電子行政"]), ("候補の検討", ["候補", "検討"])],
)
def test_japanese_is_marked_as_one_run_and_not_pair_by_pair(query, words):
    assert marked(query, TEXTS[1], "ja") == words


def test_words_that_matched_are_listed_once_in_their_order():
    text = "Cloud, cloud and policy"
    assert matched_words(text, ((0, 5), (7, 12), (17, 23))) == ("Cloud", "policy")


@given(st.sampled_from(TEXTS), st.text(alphabet="cloud servicesDS-920 クラウドの政府電子行。", min_size=1, max_size=40))
def test_marks_are_ascending_disjoint_and_within_the_text(text, typed):
    assume(any(character.isalnum() for character in typed))
    query = understand(f"{typed} cloud")
    for language in ("en", "ja"):
        ranges = matches(text, word_query(query, language))
        assert all(0 <= start < end <= len(text) for start, end in ranges)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ranges))


def passage(text, section=()):
    return Passage("p", "v", None, 0, 0, len(text), text, "en", tuple(section))


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("the Cloud First policy", "cloud first", True),
        ("cloud\nfirst", "cloud first", True),
        ("clouds first", "cloud first", False),
        ("cloud services first", "cloud first", False),
        ("重点\n計画", "重点計画", True),
        ("2025年度", "2025年", True),
        ("nothing", "", True),
    ],
)
def test_a_phrase_is_held_to_the_letter_however_lines_break(text, phrase, held):
    assert holds_phrases(passage(text), [phrase] if phrase else []) is held


def test_a_phrase_may_stand_in_a_heading():
    assert holds_phrases(passage("text", ["Cloud First"]), ["cloud first"])


@pytest.mark.parametrize(
    ("text", "excluded", "held"),
    [
        ("use of Clouds", "cloud", True),
        ("cloudy", "cloud", False),
        ("first the cloud", "cloud first", False),
        ("2025年度", "2025年", True),
        ("2025 and 年", "2025年", False),
        ("政府", "政", True),
    ],
)
def test_what_is_excluded_is_recognised_in_any_form(text, excluded, held):
    assert holds_any(passage(text), "Title", [excluded]) is held
    assert holds_any(passage("other"), text, [excluded]) is held


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("オンライン申請", "ラインナップと申請", ["申請"]),
        ("コンテンツ", "コンポーネントとコンテンツ。", ["コンテンツ"]),
        ("データ", "メタデータとデータ。", ["データ", "データ"]),
        ("サーバ", "サーバーを置く。", ["サーバ"]),
        ("マイナンバーカド", "マイナンバーカードの利用", ["マイナンバーカ"]),
    ],
)
def test_a_few_katakana_out_of_another_word_are_not_marked(query, text, words):
    assert marked(query, text, "ja") == words


@pytest.mark.parametrize(
    ("phrases", "text", "places"),
    [
        (("user needs",), "User\nneeds and user need", ["User\nneeds"]),
        (("第一候補",), "第一\n候補として第一に", ["第一\n候補"]),
        (("a+b", "c"), "A+B, aab, C", ["A+B", "C"]),
        ((), "anything", []),
    ],
)
def test_phrases_are_placed_to_the_letter(phrases, text, places):
    assert [text[start:end] for start, end in phrase_places(text, phrases)] == places
