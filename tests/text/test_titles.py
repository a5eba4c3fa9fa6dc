"""Titles of editions of one publication have one stem; those of different ones do not."""

from __future__ import annotations

import pytest

from kb.text.titles import is_contained, stem


@pytest.mark.parametrize(
    "titles",
    [
        ("National Data Strategy", "National Data Strategy (2nd edition)", "National data strategy, June 2024"),
        ("API standards v1.2", "API standards version 2", "API Standards (revised edition)", "API standards"),
        ("令和4年版 情報通信白書", "令和5年版情報通信白書", "情報通信白書（2024年版）"),
        ("クラウド利用指針", "クラウド利用指針 第2版", "クラウド利用指針（案）", "クラウド利用指針 改定版"),
        ("重点計画(2023年度版)", "重点計画（令和6年6月21日）"),
    ],
)
def test_dates_and_words_for_an_edition_make_no_other_title(titles):
    assert len({stem(title) for title in titles}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Government Digital Strategy — 01 summary", "Government Digital Strategy — 02 introduction"),
        ("Channel shift case study #5", "Channel shift case study #7"),
        ("Taxonomy Evaluation Document — SOC", "Taxonomy Evaluation Document — ESCO"),
        ("標準ガイドライン 第1編", "標準ガイドライン 第2編"),
        ("出版の手引", "手引"),
    ],
)
def test_parts_and_subjects_make_another_title(one, other):
    assert stem(one) != stem(other)


def test_a_title_with_a_word_in_front_contains_the_other_and_a_common_beginning_does_not():
    assert is_contained(stem("Data Strategy for government"), stem("UK Data Strategy for government"))
    assert not is_contained(stem("Data"), stem("Data Strategy for government"))
