from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.normalise import normalise
from kb.text.numerals import kanji_of
from kb.text.years import years_in, years_in_query


def named(text):
    return [(each.year, each.fiscal) for each in years_in(normalise(text))]


@pytest.mark.parametrize(
    "text",
    [
        *("令和4年", "令和４年", "令和四年", "令和 4 年", "㋿4年", "R4年", "Reiwa 4", "reiwa 4", "令和4.6.7"),
        *(
            "2022年",
            "２０２２年",
            "2022 年",
            "二〇二二年",
            "2022",
            "in 2022,",
            "(2022)",
            "2022年の",
            "は2022",
            "end of 2022.",
        ),
    ],
)
def test_every_way_to_write_a_year_names_it(text):
    assert named(text) == [(2022, False)]


@pytest.mark.parametrize("text", ["令和4年度", "R4年度", "2022年度", "FY2022", "FY 2022", "FY22", "fiscal year 2022"])
def test_a_fiscal_year_is_told_from_a_calendar_year(text):
    assert named(text) == [(2022, True)]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("令和元年", 2019), ("平成31年", 2019), ("平成30年", 2018), ("平成元年", 1989), ("昭和64年", 1989)),
        *(("昭和六十年", 1985), ("昭和元年", 1926), ("大正12年", 1923), ("明治29年", 1896), ("Heisei 30", 2018)),
    ],
)
def test_era_years_are_counted_from_their_first(text, year):
    assert named(text) == [(year, False)]


@pytest.mark.parametrize(
    "text",
    [
        *("平成32年", "令和0年", "昭和65年", "令和の時代", "2000人", "2000円", "£2000", "1,2022", "CP-2022", "ISO2022"),
        *("20221", "v2.2022", "2022.5", "S3", "H1", "R4", "DS-920", "2000 億円", "令和十百年"),
    ],
)
def test_other_numbers_are_no_years(text):
    assert named(text) == []


def test_a_lone_initial_is_a_year_in_a_japanese_query_only():
    assert [each.year for each in years_in_query("R4の予算", japanese=True)] == [2022]
    assert years_in_query("R4 budget", japanese=False) == ()
    assert years_in_query("XR4の設定", japanese=True) == ()
    assert [each.year for each in years_in_query("R4年度とR5", japanese=True)] == [2022, 2023]


@given(st.integers(1, 64), st.sampled_from([("昭和", 1925), ("平成", 1988), ("令和", 2018)]), st.booleans())
def test_an_era_year_is_the_same_in_digits_and_in_kanji(number, era, fiscal):
    name, before = era
    end = "年度" if fiscal else "年"
    digits, kanji = (named(f"{name}{written}{end}") for written in (number, kanji_of(number)))
    assert digits == kanji
    assert digits in ([], [(before + number, fiscal)])


@given(st.text().map(normalise))
def test_years_stand_in_order_and_do_not_overlap(text):
    found = list(years_in(text))
    assert all(0 <= year.start < year.end <= len(text) for year in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
