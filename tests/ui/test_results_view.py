"""What stands above the results of a search, and what the filters of a country show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html import home, results
from kb.html.filters import countries, filter_form
from kb.html.search_address import SearchAddress
from kb.i18n import Texts
from kb.model.hits import Expansion, Filters, Ranking
from kb.model.passages import Passage, heading_end
from kb.model.works import Metadata
from tests.ui.standin import make_library

EN, JA = Texts("en"), Texts("ja")


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


@pytest.mark.parametrize(
    ("t", "words"),
    [
        (EN, "Also searched (explained in the glossary): クラウド"),
        (JA, "次の語でも検索しました（用語集に説明があります）： クラウド"),
    ],
)
def test_words_of_the_glossary_say_that_they_lead_there(library, t, words):
    found = library.search("cloud")
    expansion = Expansion("cloud", "cloud-computing", {"en": ("cloud",), "ja": ("クラウド",)})
    asked = replace(found, query=replace(found.query, expansions=(expansion,)))
    page = soup(results.results(t, SearchAddress(text="cloud"), asked))
    assert page.select_one("p.kb-hint").get_text() == words
    assert page.select_one("p.kb-hint a")["href"] == "/glossary#cloud-computing"


@pytest.mark.parametrize(
    ("t", "british", "japanese"),
    [
        (EN, "United Kingdom (with shared documents) (3)", "Japan (with shared documents) (2)"),
        (JA, "英国（両国共通の資料を含む） (3)", "日本（両国共通の資料を含む） (2)"),
    ],
)
def test_a_country_is_offered_with_the_documents_about_both(library, t, british, japanese):
    counts = library.store.versions.facets()
    form = soup(filter_form(t, counts, Filters(), action="/"))
    offered = {box["value"]: box.parent.get_text() for box in form.select('input[name="country"]')}
    assert (offered["uk"], offered["jp"]) == (british, japanese)
    for country, words, n in countries(t, counts):
        assert len(library.store.versions.list(Filters(countries=(country,)))) == n
        assert words in soup(home.start(t, counts, (), ())).get_text()


def test_without_documents_about_both_a_country_has_its_plain_name(library):
    counts = library.store.versions.facets(Filters(publishers=("デジタル庁", "Government Digital Service")))
    assert [words for _, words, _ in countries(EN, counts)] == ["United Kingdom", "Japan"]


def test_a_search_in_one_country_shows_what_is_shared_below_it(library):
    chosen = Filters(countries=("uk",))
    found = library.search("cloud", filters=chosen)
    page = soup(results.results(EN, SearchAddress(text="cloud", filters=chosen), found))
    assert page.select_one(".kb-column-uk .kb-hit")
    assert page.select_one(".kb-column-both .kb-hit")
    assert not page.select_one(".kb-column-jp")


@pytest.fixture
def briefings(tmp_path):
    """Two briefings of one year and publisher, which each language calls by its own name."""
    made = make_library(tmp_path)
    for language, name in (("en", "Kakehashi editors"), ("ja", "Kakehashi 編集部")):
        metadata = Metadata(f"Cloud {language}", language, name, "both", "briefing", "2026-11-22")
        made.add(metadata, ["About cloud."], id=language)
    yield made
    made.close()


def test_a_filter_with_one_value_to_choose_is_not_shown(briefings):
    form = soup(filter_form(EN, briefings.store.versions.facets(), Filters(), action="/"))
    assert [legend.get_text() for legend in form.select("legend")] == ["Language", "Editions"]
    chosen = Filters(publishers=("Kakehashi 編集部",), year_from=2020)
    form = soup(filter_form(EN, briefings.store.versions.facets(), chosen, action="/"))
    assert form.select_one('input[name="from"]')["value"] == "2020"
    assert form.select_one('input[name="publisher"]').has_attr("checked")


@pytest.mark.parametrize(("t", "name"), [(EN, "Kakehashi editors"), (JA, "Kakehashi 編集部")])
def test_one_publisher_is_shown_once_and_found_by_either_name(briefings, t, name):
    briefings.add(Metadata("Other", "en", "OECD"), ["Text."], id="other")
    counts = briefings.store.versions.facets()
    form = soup(filter_form(t, counts, Filters(), action="/"))
    offered = {box["value"]: box.parent.get_text() for box in form.select('input[name="publisher"]')}
    assert offered == {name: f"{name} (2)", "OECD": "OECD (1)"}
    assert briefings.store.versions.ids(Filters(publishers=(name,))) == {"en", "ja"}


def test_where_a_phrase_stands_nowhere_its_words_are_one_link_away():
    page = soup(results.nothing(EN, SearchAddress(text='rules for "cloud  first" services')))
    link = next(a for a in page.select("a") if a.get_text() == "Search for the words without quotation marks")
    assert "q=rules+for+cloud+first+services" in link["href"]
    assert "quotation" not in soup(results.nothing(EN, SearchAddress(text="cloud first"))).get_text()


def test_a_place_kept_for_the_other_language_does_not_hide_what_was_found(library):
    found = library.search("cloud")
    hits = [replace(hit, score=score) for hit, score in zip(found.merged.hits[:3], (0.9, 0.001, 0.8), strict=True)]
    ranking = Ranking(tuple(hits), 2, 2)
    page = str(results.results(EN, SearchAddress(text="cloud", view="list"), replace(found, merged=ranking)))
    places = [page.index(f"/c/{hit.passage.id}") for hit in hits]
    assert max(places[0], places[2]) < page.index("kb-less") < places[1]


def test_all_related_passages_are_shown(library):
    hits = [replace(hit, score=0.0) for hit in library.search("cloud").merged.hits]
    british = [replace(hit, rank=rank) for rank, hit in enumerate(hits * 3, 1)][:7]
    page = str(results.columns(EN, {"uk": Ranking(tuple(british), 7, 1)}, SearchAddress()))
    assert page.count("<blockquote") == 7


def test_what_belongs_to_both_countries_stands_first_where_only_it_answers(library):
    hits = library.search("cloud").merged.hits
    weak, strong = Ranking(hits[:1], 0, 0), Ranking(hits[:1], 1, 1)
    shown = {"uk": weak, "jp": weak, "both": strong}
    page = str(results.columns(EN, shown, SearchAddress()))
    assert page.index("country-both") < page.index("country-uk")
    page = str(results.columns(EN, {**shown, "uk": strong}, SearchAddress()))
    assert page.index("country-uk") < page.index("country-both")


def test_headings_that_a_passage_begins_with_are_not_quoted_again():
    def passage(text):
        return Passage("p", "v", None, 0, 0, len(text), text, "ja", ("1 はじめに", "1.1 背景と目的"))

    assert heading_end(passage("1 はじめに\n1.1 背景と目的\n政府では")) == len("1 はじめに\n1.1 背景と目的\n")
    assert heading_end(passage("1.1 背景と目的\n\n政府では")) == len("1.1 背景と目的\n\n")
    assert heading_end(passage("政府では\n1 はじめに\n続き")) == 0
    assert heading_end(passage("1 はじめに")) == 0
