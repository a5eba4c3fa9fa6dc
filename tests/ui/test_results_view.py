"""What stands above the results of a search, and what the filters of a country show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html import results
from kb.html.search_address import SearchAddress
from kb.i18n import Texts
from kb.model.hits import Expansion

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
