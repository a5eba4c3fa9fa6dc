from __future__ import annotations

import pytest

from kb.text.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cloud First policy", "en"),
        ("クラウドサービスの利用", "ja"),
        ("AWSやGoogle CloudなどのIaaSを利用する", "ja"),
        ("The Priority Policy Program (重点計画) is revised every year by the Digital Agency", "en"),
        ("DS-310 政府情報システムにおけるクラウドサービス", "ja"),
        ("", "en"),
        ("2022-06-07 / 12.5 %", "en"),
    ],
)
def test_a_text_is_japanese_where_a_fifth_of_its_letters_is(text, language):
    assert language_of(text) == language


def test_where_there_is_no_letter_the_default_holds():
    assert language_of("123", default="ja") == "ja"
