from __future__ import annotations

import os

import pytest

from kb.errors import ManifestError
from kb.text.glossary import GlossaryTerm, load_glossary

TERM = """[[term]]
id = "cloud-by-default"
en = "Cloud by Default"
ja = "クラウド・バイ・デフォルト"
variants_en = ["cloud by default principle"]
variants_ja = ["クラウドバイデフォルト", "ｸﾗｳﾄﾞ･ﾊﾞｲ･ﾃﾞﾌｫﾙﾄ原則"]
acronyms = ["CbD"]
definition_en = "Cloud is considered
before anything else."
definition_ja = "クラウドを第一候補とする原則。"
source = "https://www.digital.go.jp/"
""".replace("considered\nbefore", "considered before")


@pytest.fixture
def glossary(tmp_path):
    """Writes a glossary and reads it."""

    def glossary(text):
        file = tmp_path / "glossary.toml"
        file.write_text(text, encoding="utf-8")
        return load_glossary(file)

    return glossary


def test_a_term_says_everything_in_both_languages(glossary):
    term = glossary(TERM).terms[0]
    assert (term.id, term.name("en"), term.name("ja")) == (
        "cloud-by-default", "Cloud by Default", "クラウド・バイ・デフォルト",
    )  # fmt: skip
    assert term.definition("ja") == "クラウドを第一候補とする原則。"
    assert term.variants("en") == ("cloud by default principle",)
    assert len(term.surfaces) == 6


@pytest.mark.parametrize(
    "written",
    [
        "cloud by default",
        "CLOUD  BY\nDEFAULT",
        "ＣｂＤ",
        "クラウドバイデフォルト",
        "クラウド・バイ・デフォルト原則",
        "ｸﾗｳﾄﾞ･ﾊﾞｲ･ﾃﾞﾌｫﾙﾄ",
    ],
)
def test_a_term_is_found_however_it_is_written(glossary, written):
    assert [term.id for term in glossary(TERM).find(written)] == ["cloud-by-default"]


def test_what_is_no_term_is_not_found(glossary):
    assert glossary(TERM).find("cloud") == ()


def test_an_acronym_may_stand_for_two_terms(glossary):
    found = glossary(TERM + '[[term]]\nid = "other"\nen = "Other"\nja = "別"\nacronyms = ["CBD"]\n').find("cbd")
    assert [term.id for term in found] == ["cloud-by-default", "other"]


def test_only_the_names_are_needed(glossary):
    assert glossary('[[term]]\nid = "a"\nen = "A"\nja = "あ"\n').terms == (GlossaryTerm("a", "A", "あ"),)


def test_without_a_file_the_glossary_is_empty(tmp_path):
    assert load_glossary(tmp_path / "none.toml").terms == ()


def test_a_file_is_read_once_until_it_changes(glossary, tmp_path):
    first = glossary(TERM)
    assert load_glossary(tmp_path / "glossary.toml") is first
    later = glossary(TERM.replace("CbD", "CBDP"))
    os.utime(tmp_path / "glossary.toml")
    assert later.find("cbdp")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[term]\n", "line 1"),
        ("term = 3\n", "[[term]]"),
        ("term = [3]\n", "[[term]]"),
        ('[[term]]\nid = "a"\nen = "A"\n', "“ja”"),
        ('[[term]]\nen = "A"\nja = "あ"\n', "“id”"),
        ('[[term]]\nid = "A b"\nen = "A"\nja = "あ"\n', "lower-case"),
        ('[[term]]\nid = "a"\nen = 3\nja = "あ"\n', "“en”"),
        ('[[term]]\nid = "a"\nen = "A"\nja = "あ"\nacronyms = "GIF"\n', "“acronyms”"),
        ('[[term]]\nid = "a"\nen = "A"\nja = "あ"\nacronyms = [3]\n', "“acronyms”"),
        (TERM + TERM, "“cloud-by-default” stands twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(glossary, text, named):
    with pytest.raises(ManifestError) as refused:
        glossary(text)
    assert named in refused.value.message
    assert "glossary.toml" in refused.value.message
    assert refused.value.facts["reason"] == "glossary"


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "glossary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ManifestError):
        load_glossary(tmp_path / "glossary.toml")
