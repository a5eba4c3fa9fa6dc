"""Each leg and each aid of the ranking, tried through the search engine: without it another passage would be first."""

from kb.index import snapshot
from kb.text.glossary import GlossaryFile

OTHERS = {
    f"other-{number}.md": f"# {title}\n\n{text * 4}"
    for number, (title, text) in enumerate(
        {
            "Roads": "The council repairs roads and bridges every summer. ",
            "Libraries": "Every town lends books and films to its residents. ",
            "Parks": "Gardeners plant trees where children play outdoors. ",
        }.items()
    )
}

GLOSSARY = """
[[term]]
id = "identity-verification"
en = "identity verification"
ja = "本人確認"
"""


def test_a_word_in_another_form_is_found_token_by_token(make_library):
    library = make_library({**OTHERS, "registry.md": f"# Lists\n\n{'A registry of companies is kept. ' * 4}"})
    hit = library.search("registrable").by_language["en"].hits[0]
    assert hit.version.path == "registry.md"
    assert hit.why.token_similarity > 0.3


def japanese(make_library):
    return make_library(
        {
            "a.ja.md": "# 道路\n\n" + "道路と橋は毎年夏に補修されている。" * 5,
            "b.ja.md": "# 手続\n\n" + "窓口では本人確認を行ったうえで証明書を交付する。" * 5,
            "c.ja.md": "# 公園\n\n" + "公園では子どもたちが木のまわりで遊んでいる。" * 5,
        }
    )


def test_what_only_the_glossary_connects_is_found_across_languages(make_library, tmp_path):
    library = japanese(make_library)
    file = tmp_path / "glossary.toml"
    file.write_text(GLOSSARY, encoding="utf-8")
    library.engine._glossary = GlossaryFile(file)
    found = library.search("identity verification")
    assert [each.term_id for each in found.query.expansions] == ["identity-verification"]
    hit = found.by_language["ja"].hits[0]
    assert hit.version.path == "b.ja.md"
    assert "本人確認" in hit.why.words


def test_an_exact_phrase_is_not_widened(make_library, tmp_path):
    library = japanese(make_library)
    file = tmp_path / "glossary.toml"
    file.write_text(GLOSSARY, encoding="utf-8")
    library.engine._glossary = GlossaryFile(file)
    assert library.search('"identity verification"').query.expansions == ()


def test_a_glossary_that_breaks_while_searching_stops_no_search(make_library, tmp_path, caplog):
    library = japanese(make_library)
    file = tmp_path / "glossary.toml"
    file.write_text(GLOSSARY, encoding="utf-8")
    library.engine._glossary = GlossaryFile(file)
    library.search("identity verification")
    file.write_text("[[term]\nid = ", encoding="utf-8")
    for _ in range(2):
        assert library.search("identity verification").query.expansions
    assert len([record for record in caplog.records if "glossary" in record.message]) == 1


def test_a_character_the_model_does_not_know_still_counts_as_found(make_library, monkeypatch):
    library = make_library({**OTHERS, "name.ja.md": "# 名簿\n\n担当は鱻氏である。"})
    embed = library.embedder.embed_query

    def without_tokens(text):
        found = embed(text)
        return type(found)(found.vector, found.tokens[:0], ())

    monkeypatch.setattr(library.embedder, "embed_query", without_tokens)
    found = library.search("鱻").by_language["ja"]
    assert found.hits[0].version.path == "name.ja.md"
    assert found.passage_count == 1


def test_the_country_a_query_names_is_not_looked_for_in_the_text(make_library, monkeypatch):
    library = make_library({**OTHERS, "registry.md": f"# Lists\n\n{'A registry of companies is kept. ' * 4}"})
    compared = []
    similarities = snapshot.similarities
    monkeypatch.setattr(
        snapshot, "similarities", lambda query, codes: compared.append(len(query)) or similarities(query, codes)
    )
    library.search("a registry of companies")
    plain = max(compared)
    compared.clear()
    library.search("a registry of companies Japan")
    assert max(compared) == plain
    for glue in ("Japan", "in Japan", "the UK and Japan", "日本について"):
        compared.clear()
        library.search(glue)
        assert max(compared) == len(library.embedder.embed_query(glue).tokens)


def test_a_word_found_in_another_spelling_ranks_a_japanese_passage(make_library):
    library = make_library(
        {
            "a.ja.md": "# 計画\n\n" + "取り組みの内容を毎年度見直す。" * 5,
            "b.ja.md": "# 計画\n\n" + "組合の取引を毎年度見直す。" * 5,
        }
    )
    assert library.search("取組の見直し").by_language["ja"].hits[0].version.path == "a.ja.md"


def test_a_query_that_only_names_a_country_looks_for_its_name(make_library):
    library = make_library({**OTHERS, "japan.md": "# Asia\n\n" + "Trains in Japan are punctual. " * 4})
    for query in ("Japan", "in Japan"):
        hit = library.search(query).by_language["en"].hits[0]
        assert hit.version.path == "japan.md"
        assert "words" in hit.why.legs


def test_what_holds_an_exact_identifier_counts_as_found(make_library):
    named = {
        f"n{i}.md": f"# Note {i}\n\nSee DS-920 on page {i}. {'Trees and parks and roads. ' * 20}" for i in range(3)
    }
    found = make_library({**OTHERS, **named}).search("DS-920").by_language["en"]
    assert {hit.version.path for hit in found.hits if hit.is_found} >= set(named)
    assert found.passage_count >= 3
