from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.normalise import normalise
from kb.text.variants import writings


@pytest.mark.parametrize(
    ("text", "other"),
    [
        *(("ベース・レジストリ", "ベースレジストリ"), ("クラウド‐バイ‐デフォルト", "クラウドバイデフォルト")),
        *(("ユーザー認証", "ユーザ認証"), ("コンピューター利用", "コンピュータ利用")),
        *(("國會", "国会"), ("国会", "國會"), ("大学", "大學"), ("舊漢字", "旧漢字"), ("ヴェンダー", "ベンダー")),
        *(("行政手続のオンライン化", "手続き"), ("取り組み", "取組"), ("取組", "取り組み")),
        ("インタフェース", "インターフェース"),
    ],
)
def test_a_word_is_known_in_its_other_writing(text, other):
    assert other in set(writings(text))


@pytest.mark.parametrize(
    "text", ["cloud first", "e-government", "DS-920", "2022", "の", "クラウド", "サーバー", "データ標準", "サーバーの"]
)
def test_what_is_written_in_one_way_has_no_other(text):
    assert set(writings(text)) == set()


@given(st.text().map(normalise))
def test_no_writing_is_the_text_itself_nor_stands_twice(text):
    found = list(writings(text))
    assert text not in found
    assert len(found) == len(set(found))
