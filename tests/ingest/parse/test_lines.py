from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.parse.lines import glue, starts_item, starts_numbered_heading, tidy


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("目 次", "目次"),
        ("は じ め に", "はじめに"),
        ("第1章 総 則", "第1章 総則"),
        ("1 目 的", "1 目的"),
        ("あ の イ ー ハ ト ーヴ ォ の すき と お っ た 風", "あのイーハトーヴォのすきとおった風"),
        ("西村 毅", "西村 毅"),
        ("用語 意味 備考", "用語 意味 備考"),
        ("１　はじめに ．．．．．．．．．．．．． ２", "1 はじめに ... 2"),
        ("  Two   spaces ", "Two spaces"),
        ("soft\u00adware", "software"),
    ],
)
def test_a_line_is_tidied(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    line = text.replace("\n", " ")
    assert tidy(tidy(line)) == tidy(line)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_tidying_plain_text_changes_only_spaces_and_leaders(text: str) -> None:
    assert tidy(text).replace(" ", "").replace(".", "").replace("-", "").replace("_", "").replace(
        "=", ""
    ) == text.replace(" ", "").replace(".", "").replace("-", "").replace("_", "").replace("=", "")


def test_japanese_is_glued_and_english_is_spaced() -> None:
    assert glue("行政", "手続", "ja") == ""
    assert glue("導入", "IT", "ja") == ""
    assert glue("the", "service", "en") == " "
    assert glue("デジタル庁", "was", "en") == " "
    assert glue("", "x", "en") == ""


@pytest.mark.parametrize("line", ["• plan", "- plan", "1. Start", "(1) 対象", "(ア) 範囲", "・項目", "※注", "a) first"])
def test_list_items_are_known(line: str) -> None:
    assert starts_item(line)


@pytest.mark.parametrize("line", ["plan", "2024 was a year", "I. think", "第三者による評価"])
def test_other_lines_are_not_list_items(line: str) -> None:
    assert not starts_item(line)


@pytest.mark.parametrize("line", ["1.2 Scope", "2.1.3 用語", "第3章 基本方針", "第1節 目的"])
def test_numbered_headings_are_known(line: str) -> None:
    assert starts_numbered_heading(line)


@pytest.mark.parametrize("line", ["1.2", "第2章では次を述べる", "3.5%程度", "2023年の動向"])
def test_other_lines_are_not_numbered_headings(line: str) -> None:
    assert not starts_numbered_heading(line)
