from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.normalise import normalise, one_line, squash


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ＤＳ－９２０", "DS-920"),
        ("ｶﾞﾊﾞﾒﾝﾄｸﾗｳﾄﾞ", "ガバメントクラウド"),
        ("⼈⼝", "人口"),
        ("⻑い⻄の⺠", "長い西の民"),
        ("㈱", "(株)"),
        ("ﬁnd", "find"),
        ("か\u3099", "が"),
        ("line\r\nline\rline", "line\nline\nline"),
        ("soft\u200bware\ufeff\x00\x1b", "software"),
        ("half a character \ud83d", "half a character "),
    ],
)
def test_what_readers_see_as_one_character_is_stored_as_one(typed, stored):
    assert normalise(typed) == stored


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_comes_in_can_be_written_as_utf_8(text):
    assert normalise(text).encode().decode() == normalise(text)


@given(st.text())
def test_a_squashed_text_holds_no_white_space(text):
    assert not any(character.isspace() for character in squash(text))


def test_one_line_has_single_spaces_and_none_at_the_ends():
    assert one_line(" a\n\n b\t\u3000c ") == "a b c"
