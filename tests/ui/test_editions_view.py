"""What screens say of older editions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html import document, results
from kb.html import library as library_view
from kb.html.editions import superseded_by
from kb.html.library import LibraryAddress
from kb.html.search_address import SearchAddress
from kb.i18n import Texts
from kb.library.anchors import follow
from kb.library.replaced import with_successors
from kb.model.editions import Successor
from kb.model.hits import Filters
from tests.ui.conftest import CLOUD_EN

EN, JA = Texts("en"), Texts("ja")
ALL = Filters(current_only=False)


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


@pytest.fixture
def older(library):
    """An edition that the current Cloud First policy replaced."""
    metadata = replace(CLOUD_EN, title="Cloud First, as announced", published="2012-11-01")
    pages = ["# Applying the policy\nConsider public cloud first, always.", "Second page about cloud cost."]
    return library.add(
        metadata, pages, id="uk0", work_id=library.store.versions.get("uk1").work_id, status="superseded"
    )


@pytest.mark.parametrize(
    ("published", "first", "english", "japanese"),
    [
        ("2013-05-05", None, "Superseded by T on 5 May 2013.", "2013年5月5日に「T」に置き換えられました。"),
        ("2013-05", None, "Superseded by T in May 2013.", "2013年5月に「T」に置き換えられました。"),
        ("", None, "Superseded by T.", "「T」に置き換えられました。"),
        (
            "2025",
            "2013-05-05",
            "Superseded on 5 May 2013. The latest edition is T.",
            "2013年5月5日に新しい版に置き換えられました。現在の最も新しい版は「T」です。",
        ),
        ("<i>", None, "Superseded by T in <i>.", "<i>に「T」に置き換えられました。"),
    ],
)
def test_a_banner_names_what_replaced_an_edition_and_when(library, published, first, english, japanese):
    version = library.store.versions.get("uk1")
    last = replace(version, metadata=replace(version.metadata, title="T", published=published))
    before = replace(last, id="b", metadata=replace(last.metadata, published=first)) if first else last
    for t, said in ((EN, english), (JA, japanese)):
        assert soup(superseded_by(t, Successor(last, before))).get_text() == said


def test_a_hit_of_an_older_edition_says_so_and_one_of_the_current_does_not(library, older):
    found = with_successors(library.store, library.search("cloud", filters=ALL))
    page = soup(results.results(EN, SearchAddress(text="cloud", filters=ALL), found))
    banners = page.select(".kb-column-uk .kb-superseded")
    assert [each.get_text() for each in banners] == ["Superseded by Government Cloud First policy on 5 May 2013."]
    assert banners[0].find_parent("li").h4.get_text() == older.title


def test_the_library_says_what_replaced_an_edition(library, older):
    versions = library.store.versions
    page = soup(_library_page(library))
    (banner,) = page.select("th .kb-superseded")
    assert banner.find_parent("th").a.get_text() == older.title
    assert banner.a["href"].startswith("/document?id=uk1")
    assert versions.get("uk1").status == "current"


def _library_page(made):
    versions = made.store.versions
    return library_view.library(
        JA,
        LibraryAddress(filters=ALL),
        versions.list(ALL),
        versions.facets(ALL),
        successor=made.store.succession.successor,
    )


@pytest.mark.parametrize(("t", "changed"), [(EN, "See what changed"), (JA, "変更点を見る")])
def test_a_document_leads_to_what_changed_from_and_since(library, older, t, changed):
    store = library.store
    passage = store.passages.list(older.id)[0]

    def shown(version, passage=None):
        return soup(
            document.document(
                t,
                document.OpenDocument(
                    version=version,
                    editions=store.versions.by_work(version.work_id),
                    outline=store.versions.outline(version.id),
                    page=store.pages.get(version.id, 1),
                    page_count=2,
                    passage=passage,
                    successor=store.succession.successor(version),
                    predecessor=store.succession.predecessor(version),
                    fates=follow(store, passage) if passage else None,
                ),
            )
        )

    address = f"/d/{older.work_id}/uk0/changes/uk1?lang={t.language}"
    old = shown(older, passage)
    assert old.select_one(".kb-notice-edition").find("a", href=address).get_text().startswith(changed)
    assert old.select_one(".kb-fate-changed ins, .kb-fate-changed del")
    new = shown(store.versions.get("uk1"))
    assert len(new.find_all("a", href=address)) == 2  # among what can be done, and among the other editions
    assert new.select_one(".kb-notice-edition") is None
