from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import QueryError
from kb.i18n.catalogue import catalogue
from kb.search.query import MOST_CHARACTERS, query_language, understand


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "query-empty"),
        ("  \n\t\u3000 ", "query-empty"),
        ("\x00\x07\u200b\ufeff", "query-empty"),
        ("\ud83d", "query-empty"),
        ("🙂🇯🇵👍🏽", "query-no-words"),
        ("?!…・、。", "query-no-words"),
        ('""', "query-no-words"),
        ("-cloud", "query-no-words"),
        ('-"cloud first"', "query-no-words"),
        ("a" * 10_000, "query-too-long"),
        ("政策" * 5_000, "query-too-long"),
    ],
)
def test_what_cannot_be_searched_for_is_said_in_a_sentence(typed, reason):
    with pytest.raises(QueryError) as refused:
        understand(typed)
    assert refused.value.facts["reason"] == reason
    assert refused.value.remedy
    assert f"error.{reason}" in catalogue()


def test_the_longest_query_is_understood():
    assert understand("ab " * (MOST_CHARACTERS // 3)).language == "en"


def test_full_width_letters_and_control_characters_are_made_plain():
    assert understand("ＤＳ－９２０\x00 の\u200b適用").text == "DS-920 の適用"


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "„{}“", "＂{}＂"])
def test_what_stands_in_quotation_marks_is_a_phrase(quotes):
    query = understand(f"policy {quotes.format('cloud first')} guidance")
    assert query.phrases == ("cloud first",)
    assert query.text == "policy cloud first guidance"


def test_an_open_quotation_mark_is_no_phrase():
    query = understand('policy "cloud first')
    assert query.phrases == ()
    assert "cloud" in query.text


def test_words_and_phrases_can_be_excluded():
    query = understand('identity -passport -"digital wallet" －旅券 policy')
    assert set(query.excluded) == {"passport", "digital wallet", "旅券"}
    assert query.text == "identity policy"


@pytest.mark.parametrize("typed", ["cloud-first policy", "2020-2025 plan", "DS-920", "policy - guidance", "a -- b"])
def test_a_hyphen_inside_or_between_words_excludes_nothing(typed):
    assert understand(typed).excluded == ()


@pytest.mark.parametrize(
    ("typed", "identifiers"),
    [
        ("what does DS-920 say", ("ds#920",)),
        ("point 10 of the standard", ("point#10",)),
        ("cp 1252", ("cp#1252",)),
        ("第3条の適用", ("条#3",)),
        ("cloud policy", ()),
    ],
)
def test_identifiers_are_recognised(typed, identifiers):
    assert set(identifiers) <= set(understand(typed).identifiers)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("cloud first policy", "en"),
        ("クラウドを最優先で検討する方針", "ja"),
        ("重点計画", "ja"),
        ("AWS 利用", "ja"),
        ("GaaSとは", "ja"),
        ("what is 重点計画", "en"),
        ("how does the ガバメントクラウド compare with the UK", "en"),
        ("政府のcloud first policyについて", "ja"),
        ("DS-920", "en"),
    ],
)
def test_an_english_question_that_names_something_in_japanese_is_english(text, language):
    assert query_language(text) == language


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_at_all_is_understood_or_refused(typed):
    with contextlib.suppress(QueryError):
        query = understand(typed)
        assert query.text.strip() == query.text != ""
        assert query.text.encode()
        assert query.raw == typed
