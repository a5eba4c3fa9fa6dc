from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.morphemes import MARK, morphemes
from kb.text.normalise import normalise


def forms(text):
    return [morpheme.form for morpheme in morphemes(text)]


def test_compounds_are_cut_into_their_shortest_words_and_particles_left_out():
    assert forms("利用者の本人確認を行う。") == ["利用", "者", "本人", "確認", "行う"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("取組", "取り組み"),
        ("障がい者", "障害者"),
        ("サーバー", "サーバ"),
        ("申込み", "申し込み"),
        ("附属書", "付属書"),
    ],
)
def test_spellings_of_a_word_are_one_form(one, other):
    assert forms(one) == forms(other)


def test_words_that_are_not_japanese_are_left_to_the_stemmer():
    assert forms("AWS is a cloud, クラウド 2022") == ["クラウド"]


def test_a_term_is_no_pair_of_characters():
    assert [morpheme.term for morpheme in morphemes("確認")] == [f"{MARK}確認"]


@given(st.text(alphabet="電子行政の、クラウド\n。 Aa1", max_size=80).map(normalise))
def test_words_name_their_places_in_order_and_do_not_overlap(text):
    found = list(morphemes(text))
    ends = [0, *(morpheme.end for morpheme in found)]
    assert all(
        before <= morpheme.start < morpheme.end <= len(text) for before, morpheme in zip(ends, found, strict=False)
    )


def test_a_text_longer_than_the_tokenizer_takes_is_read_to_its_end():
    text = "本人確認" * 9_000
    found = list(morphemes(text))
    assert found[-1].end == len(text)
    assert {"本人", "確認"} <= {morpheme.form for morpheme in found}


def test_threads_have_tokenizers_of_their_own():
    found = []
    threads = [threading.Thread(target=lambda: found.append(forms("本人確認の手法"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["本人", "確認", "手法"]] * 4
