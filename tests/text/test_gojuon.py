from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.gojuon import gojuon_key, gojuon_row


@pytest.mark.parametrize(
    ("word", "row"),
    [
        *(
            ("アクセシビリティ", "あ"),
            ("ｸﾗｳﾄﾞ", "か"),
            ("ガバメントクラウド", "か"),
            ("デジタル庁", "た"),
            ("ワンスオンリー", "わ"),
        ),
        *(
            ("恩", "あ"),
            ("行政", "か"),
            ("魂", "か"),
            ("情報", "さ"),
            ("地方", "た"),
            ("内閣", "な"),
            ("本人確認", "は"),
        ),
        *(("盆", "は"), ("民間", "ま"), ("予算", "や"), ("利用者", "ら"), ("和", "わ")),
        *(("GIF", ""), ("", ""), ("3原則", ""), ("弌", ""), ("𠮷", ""), ("・", "")),
    ],
)
def test_the_row_of_a_word_is_that_of_its_first_sound(word, row):
    assert gojuon_row(word) == row


def test_words_stand_in_the_order_of_the_fifty_sounds():
    ordered = [
        "GIF",
        "アジャイル",
        "オープンデータ",
        "がいぶ",
        "会計",
        "サービス",
        "政府",
        "ハブ",
        "本人確認",
        "利用者",
        "和",
    ]
    assert sorted(ordered, key=gojuon_key) == ordered


@given(st.lists(st.text(max_size=6), max_size=8))
def test_any_words_can_be_sorted_and_rows_stay_together(words):
    rows = [gojuon_row(word) for word in sorted(words, key=gojuon_key)]
    assert len(set(rows)) == sum(before != after for before, after in zip([None, *rows], rows, strict=False))
