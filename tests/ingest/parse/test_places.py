"""Where a passage stands among the characters of a page."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.parse.places import Box, find, letters, outline

PAGE = (
    "Digital Strategy 2030\r\nServices are built for the people who use them, and every depart\ufffement publishes "
    "what it learns.\r\nData are shared where that is lawful and safe.\r\nPage 3 of 9"
)


def found(passage: str, page: str, before: int = 0) -> str:
    return "".join(page[index] for index in find(passage, page, before=before))


def row(text: str, *, left: float, top: float, height: float = 10) -> list[Box]:
    return [Box(left + 10 * n, top, left + 10 * n + 9, top + height) for n in range(len(text))]


def test_a_passage_is_found_however_its_lines_and_hyphens_were_repaired():
    passage = "every department publishes what it learns. Data are shared where that is lawful and safe."
    place = found(passage, PAGE)
    assert place.startswith("everydepart")
    assert place.endswith("lawfulandsafe.")
    assert letters(place) == letters(passage)


def test_a_line_that_was_left_out_in_between_is_not_part_of_it():
    page = PAGE.replace("Data are", "RUNNING HEADER OF THE DOCUMENT\r\nData are")
    passage = "every department publishes what it learns. Data are shared where that is lawful and safe."
    assert "RUNNING" not in found(passage, page)
    assert letters(found(passage, page)) == letters(passage)


def test_japanese_is_found_in_its_normal_form():
    page = "ｶﾞｲﾄﾞﾗｲﾝの　第１章\r\n「⼈」を中⼼に設計します。\r\n次の行"
    assert found("ガイドラインの 第1章 「人」を中心に設計します。", page) == page.partition("\r\n次")[0].replace(
        "\u3000", ""
    ).replace("\r\n", "")


def test_the_quotation_marks_and_the_full_stop_belong_to_the_passage():
    assert found("「本人確認」です。", "前の文。「本人確認」です。次の文。") == "「本人確認」です。"


def test_of_words_that_stand_twice_those_in_the_right_place_are_meant():
    page = "See the annex. Other words. See the annex. The end."
    assert find("See the annex.", page, before=0)[0] == 0
    assert find("See the annex.", page, before=len(letters("See the annex. Other words.")))[0] == 28


@pytest.mark.parametrize("passage", ["", "…", "Nothing of this stands on the page at all, not even a word of it."])
def test_what_is_not_there_is_not_found(passage):
    assert find(passage, PAGE, before=0) == []


def test_a_heading_that_is_drawn_last_is_found_too():
    page = "Services are built for the people who use them every day.\r\nPurpose of this plan"
    passage = "Purpose of this plan\n\nServices are built for the people who use them every day."
    assert letters(found(passage, page)) == letters(page)


@given(st.text(max_size=60), st.text(max_size=200), st.integers(0, 300))
def test_places_are_ascending_and_on_the_page_whatever_the_text(passage, page, before):
    places = find(passage, page, before=before)
    assert places == sorted(set(places))
    assert all(0 <= place < len(page) for place in places)


def test_a_full_page_takes_far_less_than_a_twentieth_of_a_second():
    chance = random.Random(3)
    words = [chance.choice(["service", "digital", "data", "users", "cloud", "the", "of", "and"]) for _ in range(1_500)]
    page = " ".join(words)
    passage = " ".join([*words[400:520], "SOMETHING ELSE", *words[523:600]])
    best = min(_seconds(passage, page) for _ in range(3))
    assert best < 0.05


def _seconds(passage: str, page: str) -> float:
    started = time.perf_counter()
    assert find(passage, page, before=1_800)
    return time.perf_counter() - started


def test_lines_of_one_column_are_one_shape_that_begins_and_ends_where_the_words_do():
    boxes = [*row("two words", left=200, top=0), *row("a whole line of thirty letters", left=50, top=15)]
    boxes += row("the end", left=50, top=30)
    (shape,) = outline(boxes)
    assert [(box.left, box.right) for box in shape] == [(200, 289), (50, 349), (50, 119)]
    assert [shape[0].bottom, shape[1].bottom] == [shape[1].top, shape[2].top]


def test_the_end_of_a_paragraph_leaves_no_notch_but_a_heading_over_a_column_does_not_widen_it():
    wide, short = "a line of some thirty letters.", "its end."
    (shape,) = outline(
        [box for n, text in enumerate([wide, short, wide, wide]) for box in row(text, left=50, top=15 * n)]
    )
    assert {box.right for box in shape} == {349}
    heading = row("A heading over both columns of a page", left=50, top=0)
    (shape,) = outline([*heading, *row("one column", left=50, top=15), *row("is narrow", left=50, top=30)])
    assert [box.right for box in shape] == [419, 149, 139]


def test_two_columns_are_two_shapes():
    first = [*row("end of the first", left=50, top=700), *row("column of the page", left=50, top=715)]
    second = [*row("beginning of the", left=350, top=40), *row("second one", left=350, top=55)]
    shapes = outline([*first, *second])
    assert [len(shape) for shape in shapes] == [2, 2]
    assert shapes[0][0].right < shapes[1][0].left


def test_vertical_lines_are_one_shape_from_right_to_left():
    columns = [[Box(x, 100 + 10 * n, x + 10, 109 + 10 * n) for n in range(20)] for x in (300, 280)]
    (shape,) = outline([*columns[0], *columns[1]])
    assert [(box.left, box.right) for box in shape] == [(295, 310), (280, 295)]
    assert {(box.top, box.bottom) for box in shape} == {(100, 299)}


def test_no_characters_have_no_shape():
    assert outline([]) == []
