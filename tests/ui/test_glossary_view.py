"""The markup of the glossary, which the screen and the permanent page share."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.html.glossary import glossary, matching
from kb.i18n import Texts
from kb.sources.catalogue import OfficialSource
from kb.text.glossary import Glossary, GlossaryTerm

EN, JA = Texts("en"), Texts("ja")
TERMS = (
    GlossaryTerm(
        "service-standard",
        "Service Standard",
        "サービス標準",
        variants_en=("Digital Service Standard",),
        definition_en="Fourteen points.",
        definition_ja="14の項目。",
        source="https://www.gov.uk/service-manual/service-standard",
    ),
    GlossaryTerm(
        "gif",
        "Government Interoperability Framework",
        "政府相互運用性フレームワーク",
        acronyms=("GIF",),
        source="jp-gif",
    ),
    GlossaryTerm("open-data", "<b>open</b> data", "オープンデータ"),
    GlossaryTerm("3d", "3D city model", "3D都市モデル", source="javascript:alert(1)"),
)
HELD = Glossary(TERMS, {})
SOURCES = {
    "jp-gif": OfficialSource(
        "jp-gif",
        "政府相互運用性フレームワーク",
        "ja",
        url="https://www.digital.go.jp/gif",
        title_en="Government Interoperability Framework",
    )
}


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def test_terms_stand_in_the_order_of_the_readers_language():
    english, japanese = soup(glossary(EN, HELD, "")), soup(glossary(JA, HELD, ""))
    assert [h.get_text() for h in english.select("h2")] == ["0–9", "G", "S"]
    assert [term["id"] for term in japanese.select(".kb-term")] == ["3d", "open-data", "service-standard", "gif"]
    assert [h.get_text() for h in japanese.select("h2")] == ["英数字", "あ行", "さ行"]


@pytest.mark.parametrize("t", [EN, JA])
def test_each_side_says_its_language_and_the_readers_own_is_the_heading(t):
    page = soup(glossary(t, HELD, ""))
    term = page.select_one("#service-standard")
    assert [side["lang"] for side in term.select(".kb-two > div")] == [t.language, t.other]
    assert term.h3.get_text() == TERMS[0].name(t.language)
    assert not page.select("b")


def test_a_term_leads_to_its_source_the_search_and_its_permanent_link():
    page = soup(glossary(EN, HELD, "", sources=SOURCES))
    term = page.select_one("#service-standard")
    assert term.select_one('a[target="_blank"]')["href"].startswith("https://www.gov.uk/")
    assert "www.gov.uk" in term.select_one('a[target="_blank"]').get_text()
    assert term.select_one("a[data-nav]")["href"] == "/?q=Service+Standard&lang=en"
    assert term.button["data-copy"] == "/glossary#service-standard"
    named = page.select_one('#gif a[target="_blank"]')
    assert named["href"] == "https://www.digital.go.jp/gif"
    assert "Source: Government Interoperability Framework" in named.get_text()
    assert "Also, and related: GIF" in page.select_one("#gif").get_text()
    assert not page.select('a[href^="javascript"]')


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gif", ["gif"]),
        ("ｻｰﾋﾞｽ", ["service-standard"]),
        ("FOURTEEN", ["service-standard"]),
        ("standard digital", ["service-standard"]),
        ("オープン", ["open-data"]),
        ("", [term.id for term in TERMS]),
        ("zzz", []),
    ],
)
def test_the_filter_finds_words_of_either_language_and_of_definitions(words, found):
    assert [term.id for term in matching(TERMS, words)] == found


def test_a_filter_says_how_much_it_found_and_leads_back():
    page = soup(glossary(JA, HELD, "GIF", action="/glossary"))
    assert "「GIF」を含む用語：1件" in page.get_text()
    assert page.find("a", string="すべての用語を表示")["href"] == "/glossary?lang=ja"
    assert page.form["action"] == "/glossary"
    assert page.select_one("input#term")["value"] == "GIF"


def test_nothing_found_offers_the_search_of_documents():
    page = soup(glossary(EN, HELD, "zzz"))
    assert page.find("a", string="Search the documents for “zzz”")["href"] == "/?q=zzz&lang=en"
    assert "no terms yet" in soup(glossary(EN, Glossary((), {}), "")).get_text()
