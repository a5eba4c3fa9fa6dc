from __future__ import annotations

import pytest

from kb.text.spelling import spellings
from kb.text.words import stem


def other(text):
    return {tuple(map(stem, words.split())) for words in spellings(text)}


@pytest.mark.parametrize(
    ("british", "american"),
    [
        *(("organisation", "organization"), ("organised", "organized"), ("digitisation", "digitization")),
        *(("analyse", "analyze"), ("centre", "center"), ("centres", "centers"), ("centred", "centered")),
        *(("programme", "program"), ("programmes", "programs"), ("licence", "license"), ("behavioural", "behavioral")),
        *(("catalogue", "catalog"), ("defence", "defense"), ("judgement", "judgment"), ("labour", "labor")),
        *(("neighbourhoods", "neighborhoods"), ("prioritising", "prioritizing"), ("Organisations", "Organizations")),
    ],
)
def test_british_and_american_spelling_find_each_other(british, american):
    assert (stem(american),) in other(british)
    assert (stem(british),) in other(american)


@pytest.mark.parametrize(
    "word", ["four", "for", "our", "size", "use", "base", "rise", "there", "other", "programming", "sector", "house"]
)
def test_words_with_one_spelling_have_no_other(word):
    assert other(word) == set()


def test_a_compound_is_found_with_a_hyphen_as_one_word_and_as_two():
    assert other("e-government strategy") == {("egovern",)}
    assert other("egovernment") == {("e", "govern")}
    assert other("e government") == {("egovern",)}
    assert other("cyber security") == {(stem("cybersecurity"),)}
    assert other("cybersecurity") == {("cyber", "secur")}
    assert other("co-operation") == {(stem("cooperation"),)}


def test_a_number_with_a_hyphen_is_no_compound():
    assert other("DS-920 and 2022-23") == set()
