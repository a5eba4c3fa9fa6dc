"""What is found in a library, with an embedder that only knows words: of ranking across languages it says nothing."""

from __future__ import annotations

import contextlib
import itertools

import pytest

from kb.errors import NotFoundError, QueryError
from kb.model.hits import Filters
from kb.text.language import LANGUAGES


def all_hits(result):
    lists = [result.merged, *result.by_language.values(), *result.by_country.values()]
    return [hit for ranking in lists for hit in ranking.hits]


def test_a_search_finds_the_passage_that_says_it(small_library):
    assert small_library.paths("consider cloud solutions first")[0] == "cloud.en.md"
    assert small_library.paths("クラウドサービスの利用を第一候補")[0] == "cloud.ja.md"
    assert small_library.paths("define what success looks like")[0] == "service-standard.pdf"


def test_a_hit_says_where_it_stands_and_why_it_was_found(small_library):
    hit = small_library.hits("publish performance data success")[0]
    assert (hit.version.path, hit.passage.page, hit.rank) == ("service-standard.pdf", 2, 1)
    assert {"publish", "performance", "data", "success"} <= {word.lower() for word in hit.why.words}
    assert "words" in hit.why.legs
    assert hit.why.word_score > 0
    assert all(hit.passage.text[start:end].strip() for start, end in hit.matches)
    page = small_library.store.pages.get(hit.version.id, 2)
    assert page.text[hit.passage.start : hit.passage.end] == hit.passage.text


@pytest.mark.parametrize("query", ["電子", "行政", "本人", "方針"])
def test_two_japanese_characters_match_exactly_the_passages_that_hold_them(small_library, query):
    hits = small_library.hits(query)
    holding = {
        hit.passage.id for hit in hits if query in "".join((hit.passage.text, hit.version.title, *hit.passage.section))
    }
    assert holding
    assert {hit.passage.id for hit in hits if hit.why.word_score} == holding
    assert all(query in hit.why.words for hit in hits if query in hit.passage.text)


@pytest.mark.parametrize("query", ["DS-920", "ds 920", "ＤＳ－９２０", "standard DS-920"])
def test_an_exact_identifier_wins(small_library, query):
    assert "DS-920" in small_library.hits(query)[0].passage.text


def test_an_identifier_is_found_in_the_other_language_too(small_library):
    hit = small_library.hits("DS-310", "ja")[0]
    assert "DS-310" in hit.passage.text
    assert "identifier" in hit.why.legs


def test_a_phrase_is_found_to_the_letter_or_not_at_all(small_library):
    hits = small_library.hits('"better value for money"')
    assert {hit.version.path for hit in hits} == {"cloud.en.md"}
    assert small_library.hits('"offers that it demonstrate"') == []
    assert {hit.version.path for hit in small_library.hits('"身元確認と当人認証"')} == {"identity.ja.txt"}


def test_every_phrase_has_to_stand_there(small_library):
    assert small_library.hits('"cloud" "Identity verification"') == []


def test_what_is_excluded_is_not_found_by_words_nor_by_meaning(small_library):
    with_cloud, without = small_library.hits("departments"), small_library.hits("departments -cloud")
    assert "cloud.en.md" in {hit.version.path for hit in with_cloud}
    assert without
    assert not any("cloud" in hit.passage.text.lower() for hit in without)
    assert not any("クラウド" in hit.passage.text for hit in all_hits(small_library.search("行政 -クラウド")))


def test_a_slip_finds_what_was_meant_and_says_so(small_library):
    result = small_library.search("identiy verifcation")
    assert result.query.corrected == "identity verification"
    assert result.by_language["en"].hits[0].version.path == "identity.en.md"


def test_a_word_that_only_the_newest_document_knows_is_not_corrected(make_library):
    library = make_library()
    assert library.search("departmants").query.corrected == "departments"
    library.write({"new.md": "# Departmants\n\nDepartmants is the name of a project.\n"})
    library.ingest()
    assert library.search("departmants").query.corrected == ""
    assert library.paths("departmants")[0] == "new.md"


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({"countries": ("uk",)}, {"cloud.en.md"}),
        ({"countries": ("jp",)}, {"cloud.ja.md", "identity.ja.txt"}),
        ({"publishers": ("デジタル庁",)}, {"cloud.ja.md"}),
        ({"year_from": 2020}, {"cloud.ja.md"}),
        ({"year_to": 2020}, {"cloud.en.md", "service-standard.pdf"}),
        ({"document_types": ("strategy",), "languages": ("en",)}, {"cloud.en.md", "data.html"}),
        ({"countries": ("uk",), "year_from": 2020}, set()),
    ],
)
def test_nothing_that_a_filter_leaves_out_is_found(small_library, filters, paths):
    for query in ("cloud services data", "クラウドの利用"):
        found = {hit.version.path for hit in all_hits(small_library.search(query, **filters))}
        assert found == paths


def test_columns_are_complete_lists_of_their_own(small_library):
    result = small_library.search("cloud services", limit=3)
    assert set(result.by_language) == set(LANGUAGES)
    for ranking in [result.merged, *result.by_language.values(), *result.by_country.values()]:
        assert [hit.rank for hit in ranking.hits] == list(range(1, len(ranking.hits) + 1))
        assert len(ranking.hits) <= 3
        assert len({hit.passage.id for hit in ranking.hits}) == len(ranking.hits)
        for language in LANGUAGES:  # a place kept for the other language may be less likely than what follows it
            scores = [hit.score for hit in ranking.hits if hit.passage.language == language]
            assert scores == sorted(scores, reverse=True)
    for language, ranking in result.by_language.items():
        assert {hit.version.metadata.language for hit in ranking.hits} <= {language}
    for country, ranking in result.by_country.items():
        assert {hit.version.metadata.country for hit in ranking.hits} <= {country}


def test_a_merged_list_keeps_the_order_of_each_language(small_library):
    result = small_library.search("クラウド cloud policy", limit=50)
    for language, ranking in result.by_language.items():
        merged = [hit.passage.id for hit in result.merged.hits if hit.version.metadata.language == language]
        assert merged == [hit.passage.id for hit in ranking.hits]


def test_the_same_search_gives_the_same_answer(small_library, make_library):
    for query in ("cloud services", "行政のクラウド", '"cloud solutions" -identity'):
        hits = [[(h.passage.id, h.score) for h in small_library.search(query).merged.hits] for _ in range(3)]
        assert hits[0] == hits[1] == hits[2]
    made = [make_library() for _ in range(2)]
    one, other = ([(h.passage.id, h.score) for h in library.hits("cloud services")] for library in made)
    assert one == other


def test_scores_are_probabilities(small_library):
    for query in ("cloud", "クラウド", "zanzibar island"):
        assert all(0 <= hit.score <= 1 for hit in all_hits(small_library.search(query)))


@pytest.mark.parametrize("query", ["", "🙂", "x" * 10_000, "\x00\x01", "-cloud"])
def test_what_cannot_be_searched_for_is_refused_and_nothing_else_happens(small_library, query):
    with pytest.raises(QueryError):
        small_library.search(query)


@pytest.mark.parametrize(
    "query",
    [
        *("the", "a", "法", "を", "é", "*", "a*", "cloud AND policy", "title:cloud", "(cloud", "cloud^5", "[a TO z]"),
        *("c++", "-", "cloud -", "'", '"', "%", "_", "; drop table passages", "cloud~2", "/.*/", "‘cloud’s’", "１０"),
        *("\\", "cloud\\"),
    ],
)
def test_nothing_typed_is_taken_for_a_command(small_library, query):
    with contextlib.suppress(QueryError):
        small_library.search(query)


def test_related_passages_come_from_other_works_and_stay_the_same(small_library):
    passage = small_library.hits("consider cloud solutions first")[0].passage
    embedded = list(small_library.embedder.embedded)
    related = small_library.engine.related(passage.id, limit=4)
    assert related
    assert passage.version_id not in {hit.version.id for hit in related}
    assert [hit.rank for hit in related] == list(range(1, len(related) + 1))
    similarities = [hit.why.similarity for hit in related]
    assert similarities == sorted(similarities, reverse=True)
    assert related == small_library.engine.related(passage.id, limit=4)
    assert small_library.embedder.embedded == embedded
    with pytest.raises(NotFoundError):
        small_library.engine.related("nowhere", limit=4)


def test_related_passages_are_current(make_library):
    library = make_library()
    passage = library.hits("consider cloud solutions first")[0].passage
    library.remove("identity.en.md")
    library.ingest()
    assert "identity.en.md" not in {hit.version.path for hit in library.engine.related(passage.id, limit=20)}


def test_a_limit_is_kept_to_and_rankings_of_different_lengths_agree(small_library):
    longest = [hit.passage.id for hit in small_library.search("cloud services data", limit=20).merged.hits]
    for limit in (1, 2, 5):
        assert [h.passage.id for h in small_library.search("cloud services data", limit=limit).merged.hits] == longest[
            :limit
        ]


def test_counts_do_not_depend_on_how_many_are_shown(small_library):
    few, many = (small_library.search("cloud services", limit=limit).merged for limit in (1, 50))
    assert (few.passage_count, few.document_count) == (many.passage_count, many.document_count)


def test_every_combination_of_signs_gives_an_answer_or_a_refusal(small_library):
    parts = ["cloud", '"', "-", "政策", "DS-920", " "]
    for combination in itertools.permutations(parts, 3):
        with contextlib.suppress(QueryError):
            small_library.search("".join(combination), limit=2)


def test_passages_that_hold_a_two_character_query_come_before_all_others(small_library):
    hits = small_library.search("電子", limit=50).by_language["ja"].hits
    holds = ["電子" in hit.passage.text or any("電子" in heading for heading in hit.passage.section) for hit in hits]
    assert holds[0]
    assert holds == sorted(holds, reverse=True)


def test_words_that_answer_a_query_in_the_other_language_are_marked_where_asked_for(make_library):
    library = make_library({"cloud.en.txt": "Services\n\nShared cloud services come first for every office, always."})
    library.build()
    query = "クラウドの利用はcloudから"
    plain = library.engine.search(query, filters=Filters(), limit=5).merged.hits[0]
    hit = library.engine.search(query, filters=Filters(), limit=5, aligned=True).merged.hits[0]
    text = hit.passage.text
    assert (plain.why.pairs, plain.score) == ((), hit.score)
    assert "cloud" in hit.why.words  # a word that is written alike is no pair, but marked
    assert all(pair.asked != pair.found for pair in hit.why.pairs)
    marked = {text[start:end] for start, end in hit.matches}
    assert "cloud" in marked
    assert {pair.found for pair in hit.why.pairs} <= set(" ".join(marked).split())


def test_passages_in_the_language_of_the_query_have_no_pairs(small_library):
    result = small_library.engine.search("identity verification", filters=Filters(), limit=10, aligned=True)
    own = [hit for hit in all_hits(result) if hit.passage.language == "en"]
    assert own
    assert all(hit.why.pairs == () for hit in own)


def test_related_passages_come_from_either_language(make_library):
    english = {f"e{i}.md": f"# Cloud {i}\n\nDepartments consider cloud services first, note {i}." for i in range(8)}
    japanese = {f"j{i}.ja.md": f"# クラウド{i}\n\n各府省はクラウドサービスの利用を検討する。注{i}。" for i in range(8)}
    library = make_library({**english, **japanese})
    passage = library.search("cloud services").by_language["en"].hits[0].passage
    related = library.engine.related(passage.id, limit=6)
    assert [hit.passage.language for hit in related].count("ja") == 3


def test_whatever_holds_a_phrase_to_the_letter_counts_as_found_and_is_marked_there(small_library):
    found = small_library.search('"better value for money"').merged
    assert found.passage_count == len(found.hits) > 0
    for hit in found.hits:
        for start, end in hit.matches:
            assert " ".join(hit.passage.text[start:end].lower().split()) == "better value for money"


def test_a_list_of_sources_stands_behind_what_says_something(make_library):
    library = make_library(
        {
            "a.md": "# Clouds\n\n## Sources\n\nCloud first policy, cloud first policy, cloud first policy.",
            "b.md": "# Trees\n\n## Rules\n\nDepartments follow a cloud first policy when they buy services.",
        }
    )
    hits = library.search("cloud first policy").by_language["en"].hits
    assert [hit.version.path for hit in hits[:2]] == ["b.md", "a.md"]
