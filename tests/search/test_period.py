from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.preference import Period
from kb.search.period import fits, period_in
from kb.search.query import query_language
from kb.text.normalise import normalise


def period(text):
    plain = normalise(text)
    return period_in(plain, japanese=query_language(plain) == "ja")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cloud policy 2022", Period(2022, 2022)),
        ("令和4年の重点計画", Period(2022, 2022)),
        ("Reiwa 4 priority plan", Period(2022, 2022)),
        ("R4の重点計画", Period(2022, 2022)),
        ("令和４年度の予算", Period(2022, 2022, fiscal=True)),
        ("FY2022 budget", Period(2022, 2022, fiscal=True)),
        ("budget 2022-23", Period(2022, 2022, fiscal=True)),
        ("budget 2022/23", Period(2022, 2022, fiscal=True)),
        ("strategy since 2023", Period(2023, None)),
        ("strategy from 2023 onwards", Period(2023, None)),
        ("2023年以降の方針", Period(2023, None)),
        ("令和5年度以降の方針", Period(2023, None, fiscal=True)),
        ("before 2020", Period(None, 2020)),
        ("2020年以前の計画", Period(None, 2020)),
        ("2022 to 2025 roadmap", Period(2022, 2025)),
        ("roadmap 2022–25", Period(2022, 2025)),
        ("from 2022 to 2025", Period(2022, 2025)),
        ("between 2022 and 2025", Period(2022, 2025)),
        ("2022年から2025年までの計画", Period(2022, 2025)),
        ("令和4年〜令和7年", Period(2022, 2025)),
        ("平成30年度から令和2年度まで", Period(2018, 2020, fiscal=True)),
        ("plans of 2022 and 2024", Period(2022, 2024)),
    ],
)
def test_the_years_asked_for_are_understood(query, expected):
    assert period(query) == expected


@pytest.mark.parametrize(
    "query",
    ["cloud policy", "DS-920", "all services online by 2030", "by the end of 2026", "2026年度末までに"],
)
def test_a_deadline_is_no_wish_for_documents_of_that_year(query):
    assert period(query) is None


@pytest.mark.parametrize(
    ("asked", "published", "fitting"),
    [
        (Period(2022, 2022), "2022", True),
        (Period(2022, 2022), "2022-06-07", True),
        (Period(2022, 2022), "2023-02", False),
        (Period(2022, 2022, fiscal=True), "2023-02", True),
        (Period(2022, 2022, fiscal=True), "2022-03-31", False),
        (Period(2022, 2022, fiscal=True), "2022-04-01", True),
        (Period(2022, 2022, fiscal=True), "2022", True),
        (Period(2023, None), "2030", True),
        (Period(2023, None), "2022-12", False),
        (Period(None, 2020), "2012", True),
        (Period(2022, 2025), "2026", False),
        (Period(2022, 2025), "", False),
    ],
)
def test_a_document_fits_by_its_date(asked, published, fitting):
    assert fits(asked, published=published, title="Plan") is fitting


def test_a_document_fits_by_a_year_in_its_title():
    assert fits(Period(2022, 2022), published="", title="重点計画(令和4年6月7日)")
    assert fits(Period(2022, 2025), published="2021-12", title="2022 to 2025 roadmap for digital and data")
    assert not fits(Period(2021, 2021), published="", title="2022 to 2025 roadmap")


@given(st.text(alphabet="2019345年度令和平成 から以降since to-〜R", max_size=40).map(normalise))
def test_a_period_never_ends_before_it_begins(text):
    found = period_in(text, japanese=True)
    assert found is None or found.first is None or found.last is None or found.first <= found.last
