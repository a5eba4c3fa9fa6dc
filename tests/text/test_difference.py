from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.text.difference import Segment, difference
from kb.text.sentences import sentences


def side(segments, dropped):
    return "".join(segment.text for segment in segments if segment.kind != dropped)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "one two three",
            "one too three",
            [("same", "one "), ("removed", "two"), ("added", "too"), ("same", " three")],
        ),
        (
            "クラウドを検討する。",
            "クラウドを利用する。",
            [("same", "クラウドを"), ("removed", "検討"), ("added", "利用"), ("same", "する。")],
        ),
        ("a b", "a  b", [("same", "a  b")]),
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
    ],
)
def test_words_that_came_and_went(before, after, told):
    assert [(segment.kind, segment.text) for segment in difference(before, after)] == told


def test_a_short_word_between_two_changes_counts_as_changed():
    found = difference("seen again by everybody", "heard again by nobody")
    assert [segment.text for segment in found if segment.kind == "same"] == [" again by "]
    found = difference("before it the others", "after all the rest")
    assert [segment.kind for segment in found] == ["removed", "added"]


TEXTS = st.lists(st.sampled_from(["one ", "two", " ", "\n", "行う", "こと", "。", "cloud", ", "]), max_size=20).map(
    "".join
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_their_difference(before, after):
    found = difference(before, after)
    assert "".join(side(found, "added").split()) == "".join(before.split())
    assert "".join(side(found, "removed").split()) == "".join(after.split())
    assert all(a.kind != b.kind for a, b in pairwise(found))


def test_very_long_texts_are_replaced_as_a_whole():
    found = difference("a " * 8_000, "b " * 8_000)
    assert [segment.kind for segment in found] == ["removed", "added"]


def test_sentences_end_where_readers_end_them():
    text = "It is 3.5 per cent, e.g. here. Next!  Third? 政府は行う。「次。」と言う。\n終わり"
    assert [text[a:b] for a, b in sentences(text)] == [
        *("It is 3.5 per cent, e.g. here.", "Next!", "Third?", "政府は行う。", "「次。」", "と言う。", "終わり")
    ]


@given(st.text("ab .。\n！", max_size=60))
def test_sentences_hold_every_word(text):
    assert "".join("".join(text[a:b].split()) for a, b in sentences(text)) == "".join(text.split())


def test_a_line_that_the_paper_broke_is_no_end_of_a_sentence():
    english = "A line that is long enough to have been broken by the width of its\npaper goes on. Heading\nText."
    assert [english[a:b] for a, b in sentences(english)] == [english[:81], "Heading", "Text."]
    japanese = "この行は用紙の幅で改行されており、文はここで終わっていないの\nで続く。\n見出し\n本文。"
    assert len(list(sentences(japanese))) == 3
    assert difference("用紙の幅で改\n行する。", "用紙の幅で改行する。") == (Segment("same", "用紙の幅で改行する。"),)
