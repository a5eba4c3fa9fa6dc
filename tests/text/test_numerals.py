from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.numerals import kanji_of, number_of


@pytest.mark.parametrize(
    ("kanji", "number"),
    [
        ("四", 4),
        ("十", 10),
        ("十七", 17),
        ("二十二", 22),
        ("百五", 105),
        ("二千二十二", 2022),
        ("二〇二二", 2022),
        ("〇", 0),
    ],
)
def test_kanji_numerals_are_read(kanji, number):
    assert number_of(kanji) == number


@pytest.mark.parametrize("kanji", ["", "十百", "十十", "二三十", "十〇", "条", "4"])
def test_what_is_no_number_is_none(kanji):
    assert number_of(kanji) is None


@given(st.integers(0, 9_999))
def test_a_number_written_by_units_is_read_back(number):
    assert number_of(kanji_of(number)) == number


@given(st.integers(0, 9_999))
def test_a_number_written_digit_by_digit_is_read_back(number):
    assert number_of("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == number


def test_larger_numbers_are_refused():
    with pytest.raises(ValueError, match="10000"):
        kanji_of(10_000)
