"""Which words of a passage answer which words of a query, with made vectors."""

from __future__ import annotations

import re

import numpy as np
import pytest

from kb.search.alignment import MOST_ANSWERS, MOST_PAIRS, align, shifted, together, words


def cut(text, tokens):
    """Words of `text` whose tokens are those given, in order."""
    spans, at = [], 0
    for token in tokens.split("|"):
        at = text.index(token, at)
        spans.append((at, at + len(token)))
        at += len(token)
    return words(text, tuple(spans))


def surfaces(text, tokens):
    return [text[word.start : word.end] for word in cut(text, tokens)]


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("How is identity verified?", "How|is|identity|ver|ified", ["identity", "verified"]),
        ("本人確認の方法を定める", "本人|確認|の|方法を|定める", ["本人", "確認", "方法"]),
        ("クラウドサービスを使う", "クラウド|サービスを|使う", ["クラウド", "サービス"]),
        ("ウェブアクセシビリティの確保", "ウェ|ブ|ア|ク|セ|シ|ビ|リティ|の|確保", ["ウェブアクセシビリティ", "確保"]),
        ("真実性と公的機関", "真|実|性|と|公|的|機関", ["真実性", "公的", "機関"]),
        ("子育ての手続きを行う", "子育|て|の|手続|き|を|行う", ["子育て", "手続き"]),
        ("技術等を踏まえ", "技術|等|を|踏まえ", ["技術"]),
        ("こちらです。", "こちら|です", []),
        ("", "", []),
    ],
)
def test_words_are_whole_and_say_something(text, tokens, expected):
    assert (surfaces(text, tokens) if tokens else words(text, ())) == expected


def test_words_without_tokens_are_left_out():
    assert [w.start for w in words("identity 本人", ((0, 8),))] == [0]


def pairs(query, query_tokens, text, text_tokens, near):
    """Pairs with the cosines of `near` by token of the passage and of the query, 0.1 everywhere else."""
    asked, said = query_tokens.split("|"), text_tokens.split("|")
    cosines = np.full((len(said), len(asked)), 0.1, np.float32)
    for (of_text, of_query), cosine in near.items():
        for row in (i for i, token in enumerate(said) if token == of_text):
            cosines[row, asked.index(of_query)] = cosine
    return align(query, cut(query, query_tokens), text, cut(text, text_tokens), cosines)


TEXT, TOKENS = (
    "行政手続のオンラインでの本人確認は本人が行う。費用",
    "行政|手続|の|オンライン|で|の|本人|確認|は|本人|が|行う|費用",
)


def test_words_are_paired_in_the_order_of_the_query_and_wherever_they_stand():
    found = pairs(
        "identity verification online",
        "identity|verification|online",
        TEXT,
        TOKENS,
        {("本人", "identity"): 0.5, ("確認", "verification"): 0.45, ("オンライン", "online"): 0.6},
    )
    assert [(pair.asked, pair.found) for pair in found] == [
        ("identity", "本人"),
        ("verification", "確認"),
        ("online", "オンライン"),
    ]
    assert found[0].ranges == tuple(match.span() for match in re.finditer("本人", TEXT))
    assert found[2].cosine == pytest.approx(0.6)


def test_japanese_words_that_touch_and_answer_the_same_word_are_one():
    near = {("本人", "verification"): 0.6, ("確認", "verification"): 0.65}
    found = pairs("verification", "verification", TEXT, TOKENS, near)
    assert [pair.found for pair in found] == ["本人確認", "本人"]


def test_a_word_that_is_not_near_enough_or_no_nearer_than_others_answers_nothing():
    assert pairs("identity", "identity", TEXT, TOKENS, {("本人", "identity"): 0.35}) == ()
    everything = {(token, "identity"): 0.5 for token in TOKENS.split("|")}
    assert pairs("identity", "identity", TEXT, TOKENS, everything) == ()


def test_a_word_of_a_passage_answers_only_the_word_it_is_nearest_to():
    near = {("本人", "identity"): 0.5, ("本人", "person"): 0.55}
    found = pairs("identity person", "identity|person", TEXT, TOKENS, near)
    assert [(pair.asked, pair.found) for pair in found] == [("person", "本人")]


def test_stop_words_and_particles_are_never_paired():
    near = {("の", "how"): 0.9, ("本人", "how"): 0.9, ("の", "identity"): 0.9}
    assert pairs("how identity", "how|identity", TEXT, TOKENS, near) == ()


def test_a_name_in_latin_letters_is_paired_only_with_itself():
    text, tokens = "SaaSとSASEの利用と端末と対策と費用", "SaaS|と|SASE|の|利用|と|端末|と|対策|と|費用"
    near = {("SaaS", "SASE"): 0.6, ("SASE", "SASE"): 0.5}
    assert [pair.found for pair in pairs("SASE", "SASE", text, tokens, near)] == ["SASE"]


def test_few_pairs_are_shown_the_nearest_ones():
    query = " ".join(f"word{letter}" for letter in "abcdefghij")
    text = "甲乙、丙丁、戊己、庚辛、壬癸、子丑、寅卯、辰巳、午未、申酉、戌亥、東西、南北"
    near = {
        (said, asked): 0.9 - i / 20
        for i, (said, asked) in enumerate(zip(text.split("、"), query.split(), strict=False))
    }
    found = pairs(query, query.replace(" ", "|"), text, text.replace("、", "|"), near)
    assert [pair.asked for pair in found] == query.split()[:MOST_PAIRS]
    many = {(said, "worda"): 0.9 - i / 20 for i, said in enumerate(text.split("、")[:4])}
    assert len(pairs(query, query.replace(" ", "|"), text, text.replace("、", "|"), many)) == MOST_ANSWERS


def test_nothing_is_paired_where_one_side_has_no_words():
    none = np.zeros((0, 0), np.float32)
    assert align("the", [], "本人", [], none) == ()


def test_words_of_the_heading_are_left_out_and_the_others_stand_in_the_text():
    heading, text = "本人\n", "確認する"
    moved = shifted(cut(heading + text, "本人|確認|する"), len(heading))
    assert [(text[word.start : word.end], word.first) for word in moved] == [("確認", 1)]


def test_ranges_that_touch_become_one():
    assert together([(5, 7), (0, 2), (2, 4), (6, 9)]) == ((0, 4), (5, 9))
