"""The markup of the official sources on the page of the library."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html import sources
from kb.i18n import Texts
from kb.model.hits import Filters
from kb.sources.catalogue import OfficialSource

EN, JA = Texts("en"), Texts("ja")
OLD = OfficialSource("jp-plan-2021", "計画2021", "ja", url="https://www.digital.go.jp/2021.pdf", published="2021-12-24")
NEW = OfficialSource(
    "jp-plan",
    "重点計画",
    "ja",
    url="https://www.digital.go.jp/plan.pdf",
    title_en="Priority Policy Program",
    publisher="デジタル庁",
    country="jp",
    document_type="strategy",
    published="2025-06-13",
    licence="PDL 1.0",
    check="verified",
    supersedes="jp-plan-2021",
)
HOSTILE = OfficialSource("x", "<script>alert(1)</script>", "en", licence="<b>", publisher="<i>", check="secondary")
CATALOGUE = (OLD, NEW, HOSTILE)


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def test_what_is_held_and_what_is_missing_stand_apart(library):
    held = {"jp-plan": library.store.versions.get("jp1")}
    page = soup(sources.official_sources(EN, CATALOGUE, held))
    assert [h.get_text() for h in page.select("h3")] == ["Not in the library yet: 2", "In the library: 1"]
    assert "Ask whoever runs this service to add them." in page.get_text()
    assert not page.find("code")
    japanese = soup(sources.official_sources(JA, CATALOGUE, held)).get_text()
    assert "収録をご希望の場合は、運用担当者にお知らせください。" in japanese
    entry = page.select_one("#source-jp-plan")
    assert entry.h5["lang"] == "ja"
    assert "Priority Policy Program" in entry.select_one("p[lang=en]").get_text()
    assert entry.select_one("a[data-nav]")["href"] == "/document?id=jp1&lang=en"
    for fact in ("デジタル庁", "13 June 2025", "Strategy", "PDL 1.0"):
        assert fact in entry.get_text()
    assert "Details" not in entry.get_text()
    assert "Details from other publications" in page.select_one("#source-x").get_text()
    assert [h.get_text() for h in page.select("h4")] == ["Other sources", "Japan"]
    assert soup(sources.jump(EN, CATALOGUE, held)).a.get_text() == "Official sources: 1 of 3 are in this library"


@pytest.mark.parametrize(("t", "words"), [(EN, "Replaced by 重点計画"), (JA, "後継： 重点計画")])
def test_an_older_edition_leads_to_the_one_that_replaced_it(t, words):
    entry = soup(sources.official_sources(t, CATALOGUE, {})).select_one("#source-jp-plan-2021")
    assert words in entry.get_text()
    assert entry.find("a", href="#source-jp-plan")["lang"] == "ja"


def test_nothing_of_the_catalogue_becomes_markup():
    page = soup(sources.official_sources(EN, CATALOGUE, {}))
    assert not page.find_all(["script", "b", "i"])


def test_the_filters_of_the_library_narrow_the_catalogue():
    assert sources.meeting(CATALOGUE, Filters(countries=("jp",))) == [NEW]
    assert sources.meeting(CATALOGUE, Filters(year_from=2022)) == [NEW]
    assert sources.meeting(CATALOGUE, Filters(year_to=2022, current_only=False)) == [OLD]
    assert sources.meeting(CATALOGUE, Filters(languages=("en",), publishers=("<i>",))) == [HOSTILE]


def test_an_older_edition_is_listed_only_where_those_are_asked_for():
    said_by_itself = replace(HOSTILE, id="older", superseded_by="not-in-the-catalogue")
    catalogue = (*CATALOGUE, said_by_itself)
    assert sources.meeting(catalogue, Filters()) == [NEW, HOSTILE]
    assert sources.meeting(catalogue, Filters(current_only=False)) == [*CATALOGUE, said_by_itself]


def test_without_a_catalogue_nothing_is_said():
    assert sources.official_sources(EN, (), {}) is None
    assert sources.jump(EN, (), {}) is None


@pytest.mark.parametrize(
    ("t", "words", "language"), [(EN, "OGL v3.0 expected", "en"), (JA, "OGL v3.0（見込み）", "ja")]
)
def test_what_is_said_of_a_licence_is_in_the_language_of_the_reader(t, words, language):
    source = replace(CATALOGUE[0], licence="OGL v3.0 expected")
    entry = soup(sources.official_sources(t, [source], {})).select_one(f"#source-{source.id}")
    assert entry.find("span", string=words)["lang"] == language
