"""Dates as people of both countries write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.dates import dates_in, read_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024", "2024"),
        ("2024-06", "2024-06"),
        ("2024-6-7", "2024-06-07"),
        ("2024/06/07", "2024-06-07"),
        ("2024.6.7", "2024-06-07"),
        ("2024-06-07T10:00:00", "2024-06-07"),
        ("7 June 2024", "2024-06-07"),
        ("7th June, 2024", "2024-06-07"),
        ("June 7, 2024", "2024-06-07"),
        ("Sept 2024", "2024-09"),
        ("JUNE 2024", "2024-06"),
        ("２０２４年６月７日", "2024-06-07"),
        ("2024年6月", "2024-06"),
        ("令和6年6月7日", "2024-06-07"),
        ("令和6年6月", "2024-06"),
        ("令和元年", "2019"),
        ("令和六年六月七日", "2024-06-07"),
        ("2024年(令和6年)6月7日", "2024-06-07"),
        ("令和6年（2024年）6月7日", "2024-06-07"),
        ("平成31年4月1日", "2019-04-01"),
        ("R6.6.7", "2024-06-07"),
        ("R6年6月", "2024-06"),
        ("Reiwa 6", "2024"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(written, iso):
    assert read_date(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        *("", "unknown", "06/07/2024", "2024-13", "2024-00", "2024-02-30", "31 June 2024", "昭和70年", "令和6年13月"),
        *("2024年度", "12024", "2024-06-07 and later", "R0", "May"),
    ],
)
def test_what_is_no_date_or_may_be_two_is_not_taken_for_one(written):
    assert read_date(written) == ""


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back(day):
    assert read_date(day.isoformat()) == day.isoformat()
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()


@given(st.text())
def test_nothing_that_is_typed_makes_it_stumble(text):
    read_date(text)
    for found in dates_in(text):
        assert text[found.start : found.end]


def test_dates_in_a_text_are_found_where_they_stand():
    text = "発行 2022年3月31日、改定 令和5年4月。Published 31 March 2022"
    assert [(found.iso, text[found.start : found.end]) for found in dates_in(text)] == [
        ("2022-03-31", "2022年3月31日"),
        ("2023-04", "令和5年4月"),
        ("2022-03-31", "31 March 2022"),
    ]
