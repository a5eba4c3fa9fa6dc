from __future__ import annotations

import pytest

from kb.search.query import understand
from kb.search.wording import IDENTIFIER_WEIGHT, VARIANT_WEIGHT, correct, decisive, word_query
from kb.text.words import stem

VOCABULARY = {
    "government": 50,
    "identity": 20,
    "verification": 9,
    "policies": 30,
    "police": 2,
    "cloud": 40,
    "clouds": 3,
}


def wording(text, language="en"):
    return word_query(understand(text), language)


def corrected(text):
    known = {stem(word) for word in VOCABULARY}
    return correct(understand(text), lambda: VOCABULARY, frequency=lambda term: int(term in known))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goverment", "government"),
        ("identiy verifcation", "identity verification"),
        ("Govenrment policy", "government policy"),
        ("cluod", "cloud"),
        ("polices", "policies"),
    ],
)
def test_a_slip_is_corrected_to_the_nearest_then_most_frequent_word(typed, meant):
    vocabulary = {**VOCABULARY, "policy": 60}
    known = {stem(word) for word in vocabulary}
    if typed == "polices":
        known.discard(stem("polices"))
    assert correct(understand(typed), lambda: vocabulary, frequency=lambda term: int(term in known)) == meant


@pytest.mark.parametrize("typed", ["government", "Policies for clouds", "AWS", "DS-920", "zzzzzz", "重点計画", "2025"])
def test_what_is_known_short_a_number_or_like_nothing_stays(typed):
    assert corrected(typed) == ""


def test_an_empty_library_corrects_nothing():
    assert correct(understand("goverment"), dict, frequency=lambda _: 0) == ""


def test_words_without_meaning_are_not_looked_for_unless_alone():
    assert set(wording("what is the cloud").weights) == {"cloud"}
    assert set(wording("the").weights) == {"the"}


def test_an_identifier_outweighs_its_parts():
    weights = wording("standard DS-920").weights
    assert weights["ds#920"] == IDENTIFIER_WEIGHT > weights["ds"]


def test_in_the_other_language_only_what_is_written_alike_is_looked_for():
    assert set(wording("cloud policy and GDPR under DS-310", "ja").weights) >= {"gdpr", "ds#310"}
    assert not {"cloud", "polici"} & set(wording("cloud policy and GDPR", "ja").weights)
    assert {"重点", "点計", "計画"} <= set(wording("what is the 重点計画", "ja").weights)
    assert set(wording("GDPRへの対応", "en").weights) >= {"gdpr"}


@pytest.mark.parametrize(
    ("phrase", "run"),
    [
        ('"cloud first"', (("cloud", "first"),)),
        ('"電子行政"', (("電子", "子行", "行政"),)),
        ('"point 10 of"', (("point", "10", "of"),)),
        ('"2025年"', (("2025",),)),
    ],
)
def test_a_phrase_becomes_the_run_that_stands_in_every_passage_that_holds_it(phrase, run):
    assert wording(phrase, understand(phrase).language).phrases == run


def test_a_single_japanese_character_is_looked_for_at_the_beginning_of_pairs():
    assert wording("法", "ja").prefixes == ("法",)
    assert wording('規則 "法"', "ja").prefixes == ("法",)


def test_nothing_is_excluded_beyond_what_was_asked():
    assert wording("plan -2025年 -電子行政 -cloud", "en").excluded == (("電子", "子行", "行政"), ("cloud",))


def test_a_numbered_name_decides_but_a_year_or_a_common_word_with_a_number_does_not():
    assert decisive(understand("what does DS-920 say")) == ("ds#920",)
    assert decisive(understand("CP 1252")) == ("cp#1252",)
    assert decisive(understand("GDS 2012 strategy by 2026")) == ()
    assert decisive(understand("行政")) == ("行政",)
    assert decisive(understand("電子行政の計画")) == ()


def test_a_common_word_before_a_number_is_no_identifier():
    assert "by#2026" not in word_query(understand("all services by 2026"), "en").weights


@pytest.mark.parametrize(
    ("query", "variants"),
    [
        ("organisation", {"organiz"}),
        ("center", {"centr"}),
        ("e-government", {"egovern"}),
        ("ベース・レジストリ", {"スレ"}),
        ("取組", {"取り", "り組", "組み"}),
        ("cloud", set()),
    ],
)
def test_other_spellings_are_looked_for_and_count_less(query, variants):
    found = wording(query, understand(query).language)
    assert found.variants == variants
    assert all(found.weights[term] <= VARIANT_WEIGHT for term in variants)
    assert set(found.expected.weights) == set(found.weights) - variants


@pytest.mark.parametrize("query", ["令和4年の計画", "2022年の計画", "R4の計画", "plan of 2022", "Reiwa 4 plan"])
def test_a_year_is_looked_for_however_it_is_written_in_both_languages(query):
    for language in ("en", "ja"):
        assert {"2022", "年#2022", "年度#2022"} <= set(wording(query, language).weights)


def test_a_fiscal_year_counts_more_than_the_calendar_year_for_it():
    for query in ("2022年度予算", "令和4年度予算", "FY2022 budget"):
        weights = wording(query, understand(query).language).weights
        assert weights["年度#2022"] > weights["年#2022"] > 0


def test_a_long_vowel_alone_is_no_evidence():
    assert not [term for term in wording("データ利用", "ja").variants if term.endswith("ー")]


def test_a_phrase_stays_to_the_letter():
    assert wording('"organisation chart"').phrases == (("organis", "chart"),)


def test_a_year_alone_ranks_passages_of_the_other_language_but_is_nothing_they_are_expected_to_hold():
    assert not wording("plan of 2022", "ja").is_empty
    assert wording("plan of 2022", "ja").expected.is_empty
    assert set(wording("plan of 2022", "en").expected.weights) == {"plan", "2022"}


def test_a_word_of_the_glossary_is_no_slip():
    assert corrected("goverment clouds") == "government clouds"
    known = {stem(word) for word in VOCABULARY}
    query = understand("polica clouds")
    spared = correct(
        query, lambda: VOCABULARY, frequency=lambda t: int(t in known), spared=lambda word: word == "polica"
    )
    assert spared == ""


def test_what_stands_in_quotation_marks_is_not_corrected():
    assert corrected('"goverment clouds"') == ""
    assert corrected('"goverment" cluod') == "goverment cloud"
