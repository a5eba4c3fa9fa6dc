"""The markup of results, filters, the library and a document."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import QueryError
from kb.html import add, addresses, document, frame, home, library, notices, page_text, results
from kb.html.element import el, spaced
from kb.html.filters import active_count, filter_form
from kb.html.hits import hit_list
from kb.html.library import LibraryAddress, library_address
from kb.html.search_address import SearchAddress, filter_parameters, filters_of, search_address
from kb.html.snippet import marked, snippet
from kb.i18n import Texts
from kb.model.hits import Expansion, Filters, WordPair
from kb.model.passages import Page

EN, JA = Texts("en"), Texts("ja")


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def test_text_is_escaped_and_markup_is_kept():
    assert el("p", "<b>", el("i", "&"), None, title='"') == '<p title="&#34;">&lt;b&gt;<i>&amp;</i></p>'
    assert spaced(["a", None, "<"]) == "a\u00a0· &lt;"


@given(st.text(max_size=60))
def test_no_text_becomes_an_element(text):
    assert soup(el("p", text)).find_all() == [soup(el("p", text)).p]


def test_a_mark_says_which_word_of_the_query_it_answers():
    text = "heading\n本人確認を行う。" + "長い文。" * 80 + "費用"
    notes = [(8, 10, "Answers “identity”"), (10, 12, "Answers “verification”")]
    shown = soup(snippet(text, [(8, 12)], "ja", skip=8, notes=notes))
    assert [(mark.get_text(), mark["title"]) for mark in shown.find_all("mark")] == [
        ("本人", "Answers “identity”"),
        ("確認", "Answers “verification”"),
    ]
    part = soup(marked("本人確認書", [(0, 5)], notes=[(2, 4, "n")]))
    assert [(mark.get_text(), mark.get("title")) for mark in part.find_all("mark")] == [
        ("本人", None),
        ("確認", "n"),
        ("書", None),
    ]


@pytest.mark.parametrize(
    ("t", "said"),
    [(EN, "identity →  is answered by 本人 or 身元"), (JA, "identity →  に対応するのは 本人・身元")],
)
def test_why_lists_the_words_that_answer_those_of_the_query(library, t, said):
    hit = next(hit for hit in library.search("第一候補").merged.hits if hit.passage.language == "ja")
    found = [WordPair("identity", word, ((0, 1),), 0.5) for word in ("本人", "身元")]
    hit = replace(hit, why=replace(hit.why, pairs=tuple(found)))
    page = soup(hit_list(t, [hit], name="list"))
    (line,) = [each for each in page.select(".kb-why li li") if "identity" in each.get_text()]
    assert line.get_text() == said
    languages = [(part.get_text(), part["lang"]) for part in line.find_all("span", lang=True)]
    assert languages == [("identity", "en"), ("本人", "ja"), ("身元", "ja")]


@given(st.text("ab .。<&\n雲", min_size=1, max_size=400), st.data())
def test_a_snippet_only_shows_text_of_the_passage(text, data):
    a = data.draw(st.integers(0, len(text) - 1))
    b = data.draw(st.integers(a + 1, len(text)))
    shown = soup(snippet(text, [(a, b)], "en")).get_text().strip("…")
    assert re.sub(r"\s+", " ", shown) in re.sub(r"\s+", " ", text)  # the parser shortens runs of nothing but space


def test_a_snippet_begins_with_the_sentence_of_the_match():
    text = "First sentence that is not about it. " * 8 + "Teams should consider cloud first. Then more."
    at = text.index("cloud")
    shown = soup(snippet(text, [(at, at + 5)], "en"))
    assert shown.get_text().startswith("…Teams should consider")
    assert [mark.get_text() for mark in shown.find_all("mark")] == ["cloud"]


def test_matches_at_the_edges_are_marked():
    assert marked("abc", [(0, 1), (2, 3)]) == "<mark>a</mark>b<mark>c</mark>"


def test_results_stand_side_by_side_and_as_one_list(library):
    found = library.search("cloud")
    page = soup(results.results(EN, SearchAddress(text="cloud"), found))
    assert page.select_one(".kb-column-uk h3").get_text() == "United Kingdom · 3 passages in 2 documents"
    assert page.select_one(".kb-column-jp a")["lang"] == "ja"
    assert page.select_one(".kb-column-both h3").get_text().startswith("Both countries")
    assert len(page.select(".kb-narrow .kb-hit")) == 4
    assert not soup(results.results(EN, SearchAddress(text="cloud", view="list"), found)).select(".kb-columns")


def test_what_the_glossary_added_is_said_in_the_other_language(library):
    found = library.search("cloud")
    expansion = Expansion("cloud", "cloud-computing", {"en": ("cloud",), "ja": ("クラウド", "雲")})
    asked = replace(found, query=replace(found.query, expansions=(expansion,)))
    page = soup(results.results(EN, SearchAddress(text="cloud"), asked))
    link = page.find("a", string="クラウド")
    assert (link["lang"], link["href"]) == ("ja", "/glossary#cloud-computing")
    assert not soup(results.results(EN, SearchAddress(text="cloud"), found)).find("a", string="クラウド")


def test_nothing_from_a_document_becomes_markup(library):
    page = soup(results.results(EN, SearchAddress(text="cloud"), library.search("cloud")))
    assert not page.find_all(["script", "b"])
    assert all(image["src"].startswith("/files/") for image in page.find_all("img"))
    assert "<script>alert(1)</script> & title" in page.get_text()


def test_a_hit_leads_to_its_passage_its_page_and_its_permanent_link(library):
    page = soup(results.results(EN, SearchAddress(text="cost"), library.search("cost")))
    hit = page.select_one(".kb-column-uk .kb-hit")
    assert "page=2" in hit.h4.a["href"]
    assert hit.select_one('a[target="_blank"]')["href"] == "/files/uk1.pdf#page=2"
    assert hit.select_one("button[data-copy]")["data-copy"].startswith("/c/")
    assert "Words that match: cost" in hit.select_one(".kb-why").get_text()


def test_a_country_without_hits_says_so_and_what_to_try(library):
    page = soup(results.results(JA, SearchAddress(text="第一候補"), library.search("第一候補")))
    assert "英国の資料に該当箇所はありませんでした。" in page.select_one(".kb-column-uk").get_text()


def test_nothing_found_offers_to_drop_the_filters(library):
    address = SearchAddress(text="zzzz", filters=Filters(countries=("jp",)))
    page = soup(results.results(EN, address, library.search("zzzz", filters=address.filters)))
    assert page.h2.get_text() == "Nothing was found"
    assert "Search again without filters" in page.get_text()
    assert not page.select(".kb-columns")


addresses_of_searches = st.builds(
    SearchAddress,
    text=st.text(max_size=20).map(str.strip),
    filters=st.builds(
        Filters,
        countries=st.sampled_from([(), ("uk",), ("uk", "jp")]),
        publishers=st.lists(st.text(min_size=1, max_size=9), max_size=2).map(tuple),
        year_from=st.none() | st.integers(1900, 2100),
        current_only=st.booleans(),
    ),
    view=st.sampled_from(["auto", "columns", "list"]),
    limit=st.sampled_from([10, 20, 100]),
)


@given(addresses_of_searches)
def test_an_address_restores_the_search_it_was_made_from(address):
    parameters: dict[str, list[str]] = {}
    for name, value in address.parameters():
        parameters.setdefault(name, []).append(value)
    assert search_address(parameters) == address


def test_what_an_address_says_wrongly_is_left_out():
    wrong = {"country": ["fr", "uk"], "from": ["abc"], "n": ["9999999"], "view": ["x"], "p": ["-1"], "sort": ["x"]}
    assert search_address(wrong) == SearchAddress(filters=Filters(countries=("uk",)))
    assert library_address(wrong) == LibraryAddress(filters=Filters(countries=("uk",)))


def test_filters_show_counts_and_keep_what_is_chosen(library):
    chosen = Filters(countries=("jp",), current_only=False)
    form = soup(filter_form(JA, library.store.versions.facets(), chosen, action="/", kept=[("q", "雲")]))
    assert form.select_one('input[value="jp"]').has_attr("checked")
    assert not form.select_one('input[value="uk"]').has_attr("checked")
    assert "英国（両国共通の資料を含む） (3)" in form.get_text()
    assert form.select_one('input[name="q"]')["value"] == "雲"
    assert "絞り込み (2)" in form.summary.get_text()
    assert active_count(Filters()) == 0
    assert filters_of({name: [value] for name, value in filter_parameters(chosen)}) == chosen


def test_the_library_sorts_and_leads_to_documents(library):
    versions = library.store.versions
    page = soup(library_view(versions, LibraryAddress(sort="year")))
    assert page.select("tbody th")[0].get_text().startswith("政府情報")
    assert page.select_one('th[aria-sort="descending"]').get_text() == "Year"
    assert page.h2.get_text() == "4 documents"
    assert page.h1


@pytest.mark.parametrize(("t", "languages"), [(EN, ["en", "en", "en", "ja"]), (JA, ["ja", "en", "en", "en"])])
def test_titles_in_the_language_of_the_reader_come_first(library, t, languages):
    page = soup(library_view(library.store.versions, LibraryAddress(), t))
    assert [title["lang"] for title in page.select("tbody th > a")] == languages


def library_view(versions, address, t=EN):
    return library.library(t, address, versions.list(address.filters), versions.facets())


def test_a_passage_is_marked_in_its_page_across_lines():
    page = Page(1, "one two\nthree four\n\nfive", "en")
    passage = type("P", (), {"start": 4, "end": 13})
    shown = soup(page_text.page_text(page, passage))
    assert [mark.get_text() for mark in shown.find_all("mark")] == ["two", "three"]
    assert len(shown.find_all(id="passage")) == 1
    assert [p.get_text() for p in shown.find_all("p")] == ["one two", "three four", "five"]


def test_an_unsafe_source_address_is_not_linked(library):
    version = library.store.versions.get("uk1")
    assert "gov.uk" in str(document.document_actions(EN, version))
    other = library.store.versions.get("bad1")
    assert "Official source" not in str(document.document_actions(EN, other))


def test_a_problem_is_told_by_its_reason_and_a_fault_in_general_words():
    error = QueryError("", reason="query-empty")
    assert soup(notices.problem(EN, error)).get_text() == "".join(
        [EN("error.query-empty"), EN("error.query-empty.remedy")]
    )
    assert EN("error.unexpected") in str(notices.fault(EN))
    assert notices.problem_lines(EN, "no-such-code", {})


def test_the_frame_keeps_the_place_between_languages():
    place = "/?q=cloud&lang=en"
    page = soup(frame.top_bar(EN, screen="/", place=place))
    link = page.select_one('.kb-language a[lang="ja"]')
    assert link["data-nav"] == "/?q=cloud&lang=ja"
    assert link["href"].startswith("/set-lang?to=ja&next=")
    assert [a.get_text() for a in page.select("nav a[aria-current]")] == ["Search"]


def test_the_first_page_shows_examples_in_both_languages(library):
    versions = library.store.versions
    page = soup(home.start(JA, versions.facets(), versions.list(), []))
    assert {"en", "ja"} <= {a.get("lang") for a in page.select(".kb-examples a")}
    assert "全4件" in page.get_text()


@pytest.mark.parametrize("place", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_only_places_of_this_site_are_local(place):
    assert not addresses.is_local(place)


def test_limits_come_before_the_form():
    assert "50 MB" in soup(add.intro(EN, max_upload_mb=50, max_pages=5000)).get_text()
