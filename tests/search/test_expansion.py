"""The glossary widens a query: in the other language always, in its own by what else the same thing is called."""

from dataclasses import replace
from pathlib import Path

import pytest

from kb.search.expansion import expand
from kb.search.query import understand
from kb.search.wording import SYNONYM_WEIGHT, TRANSLATION_WEIGHT, word_query
from kb.text.glossary import load_glossary
from kb.text.words import stem

TOML = """
[[term]]
id = "identity-verification"
en = "identity verification"
ja = "本人確認"
variants_en = ["identity proofing"]
variants_ja = []
acronyms = []

[[term]]
id = "base-registry"
en = "base registry"
ja = "ベース・レジストリ"
variants_en = []
variants_ja = ["ベースレジストリ"]
acronyms = []

[[term]]
id = "registry"
en = "registry"
ja = "台帳"
variants_en = []
variants_ja = []
acronyms = []

[[term]]
id = "government-interoperability-framework"
en = "Government Interoperability Framework"
ja = "政府相互運用性フレームワーク"
variants_en = []
variants_ja = []
acronyms = ["GIF"]

[[term]]
id = "digitalisation"
en = "digitalisation"
ja = "デジタル化"
variants_en = []
variants_ja = []
acronyms = []
"""


@pytest.fixture(scope="module")
def glossary(tmp_path_factory):
    file = tmp_path_factory.mktemp("glossary") / "glossary.toml"
    file.write_text(TOML, encoding="utf-8")
    return load_glossary(file)


def ids(text, glossary):
    return [expansion.term_id for expansion in expand(text, glossary)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How does identity verification work?", ["identity-verification"]),
        ("Identity Proofing", ["identity-verification"]),
        ("本人確認の方法", ["identity-verification"]),
        ("ベースレジストリと本人確認", ["base-registry", "identity-verification"]),
        ("base registries", ["base-registry"]),
        ("a registry of base registries", ["registry", "base-registry"]),
        ("GIFとは何か", ["government-interoperability-framework"]),
        ("an animated gif", []),
        ("digital government", []),
        ("identity and verification", []),
    ],
)
def test_terms_are_recognised_where_they_stand_the_longest_first(glossary, text, expected):
    assert ids(text, glossary) == expected


def test_what_was_said_is_kept_as_it_was_said(glossary):
    (expansion,) = expand("What is Identity proofing?", glossary)
    assert expansion.surface == "Identity proofing"
    assert expansion.names == {"en": ("identity verification", "identity proofing"), "ja": ("本人確認",)}


def widened(text, glossary):
    query = understand(text)
    return replace(query, expansions=expand(query.text, glossary))


def test_words_of_the_other_language_are_looked_for(glossary):
    weights = word_query(widened("identity verification", glossary), "ja").weights
    assert {term: weights.get(term) for term in ("|本人", "|確認")} == dict.fromkeys(
        ("|本人", "|確認"), TRANSLATION_WEIGHT
    )
    assert 0 < weights["人確"] < TRANSLATION_WEIGHT
    back = word_query(widened("本人確認", glossary), "en").weights
    assert back[stem("identity")] == back[stem("verification")] == TRANSLATION_WEIGHT


def test_other_names_in_the_same_language_count_less_than_what_was_typed(glossary):
    weights = word_query(widened("identity proofing", glossary), "en").weights
    assert weights[stem("proofing")] == 1 > weights[stem("verification")] == SYNONYM_WEIGHT


def test_without_a_glossary_nothing_is_added():
    assert expand("identity verification", load_glossary(Path("no/such/glossary.toml"))) == ()
