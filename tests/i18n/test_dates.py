"""Dates and sizes as readers write them."""

from __future__ import annotations

import pytest

from kb.i18n import choose, date_text, size_text


@pytest.mark.parametrize(
    ("iso", "en", "ja"),
    [
        ("2022-10-31", "31 October 2022", "2022年10月31日"),
        ("2022-06", "June 2022", "2022年6月"),
        ("2022", "2022", "2022年"),
        ("2026-11-22T09:00:00.000+00:00", "22 November 2026", "2026年11月22日"),
        ("", "", ""),
        ("spring 2022", "spring 2022", "spring 2022"),
        ("2022-13-01", "2022-13-01", "2022-13-01"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(iso, en, ja):
    assert date_text("en", iso) == en
    assert date_text("ja", iso) == ja


@pytest.mark.parametrize(
    ("iso", "ja"),
    [
        ("2022-10-31", "2022年10月31日（令和4年）"),
        ("2019-05-01", "2019年5月1日（令和元年）"),
        ("2019-04-30", "2019年4月30日（平成31年）"),
        ("1988", "1988年（昭和63年）"),
    ],
)
def test_official_dates_name_the_era(iso, ja):
    assert date_text("ja", iso, era=True) == ja


def test_sizes_are_short():
    assert [size_text(n) for n in (512, 34_567, 1_234_567)] == ["512 B", "35 KB", "1.2 MB"]


def test_the_most_deliberate_choice_of_language_wins():
    assert choose("ja", "en", "en") == "ja"
    assert choose("", "ja", "en") == "ja"
    assert choose("fr", "", "xx") == "en"
