from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.normalise import normalise
from kb.text.words import stem, terms


def values(text):
    return [term.value for term in terms(text)]


def test_japanese_becomes_overlapping_pairs_and_the_last_character():
    assert values("電子行政") == ["電子", "子行", "行政", "政"]


def test_english_becomes_stems_in_lower_case():
    assert values("Departments choosing Services") == ["depart", "choos", "servic"]


@pytest.mark.parametrize("form", ["department's", "department’s", "Departments", "DEPARTMENT"])
def test_forms_of_a_word_are_one_term(form):
    assert stem(form) == stem("department")


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("DS-920", "ds#920"),
        ("CP 1252", "cp#1252"),
        ("point 10", "point#10"),
        ("WCAG 2.2", "wcag#2.2"),
        ("第3条", "条#3"),
        ("この法律の第3条に", "条#3"),
        ("令和4年度の", "年度#2022"),
        ("令和元年", "年#2019"),
        ("令和 4 年 6 月", "年#2022"),
        ("平成三十年", "年#2018"),
        ("2022 年", "年#2022"),
        ("Reiwa 4", "年#2022"),
        ("FY2022", "年度#2022"),
        ("この法律の第三条に", "条#3"),
        ("第二十二条", "条#22"),
    ],
)
def test_a_name_with_a_number_is_also_one_identifier(text, identifier):
    assert identifier in values(text)


def test_scripts_are_cut_apart():
    assert values("AWSのクラウド") == ["aw", "のク", "クラ", "ラウ", "ウド", "ド"]


def test_punctuation_and_symbols_are_no_terms():
    assert values("… ・ 、。 — 🙂 _ *") == []


@given(st.text().map(normalise))
def test_every_term_names_its_place_and_places_never_go_back(text):
    found = list(terms(text))
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    assert [term.start for term in found] == sorted(term.start for term in found)
    assert all(text[term.start : term.end] == term.value for term in found if term.kind == "cjk")


@given(st.text(alphabet="電子行政クラウドのは", min_size=2, max_size=12), st.data())
def test_every_part_of_two_characters_or_more_of_a_japanese_run_is_found_by_its_pairs(run, data):
    start = data.draw(st.integers(0, len(run) - 2))
    end = data.draw(st.integers(start + 2, len(run)))
    pairs = [run[i : i + 2] for i in range(start, end - 1)]
    found = values(run)
    assert any(found[i : i + len(pairs)] == pairs for i in range(len(found)))
