"""Which words of a page a query is about."""

from __future__ import annotations

from kb.library.marking import MOST_CHARACTERS, words_of
from kb.text.glossary import load_glossary

EN = "Government services run in the cloud; every service has an owner."
JA = "各府省は、クラウドファーストの原則により本人確認を行います。"


def glossary(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(
        '[[term]]\nid = "proofing"\nen = "Identity proofing"\nja = "本人確認"\ndefinition_en = "Who somebody is."\n',
        encoding="utf-8",
    )
    return load_glossary(path)


def test_words_are_found_in_every_form(tmp_path):
    assert words_of("cloud service", EN, "en", glossary(tmp_path)) == ("services", "cloud", "service")


def test_the_glossary_marks_the_other_language(tmp_path):
    assert words_of("identity proofing", JA, "ja", glossary(tmp_path)) == ("本人確認",)


def test_a_phrase_counts_where_it_stands_to_the_letter(tmp_path):
    assert words_of('"every service"', EN, "en", glossary(tmp_path)) == ("every service",)


def test_what_cannot_be_searched_for_marks_nothing(tmp_path):
    for query in ("", "!?", "a" * (MOST_CHARACTERS + 1)):
        assert words_of(query, EN, "en", glossary(tmp_path)) == ()
