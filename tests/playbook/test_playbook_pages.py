"""Playbook pages: files, headings with lasting ids, safe markup."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.errors import NotFoundError
from kb.html import playbook as views
from kb.i18n import Texts
from kb.playbook.pages import Playbook
from kb.playbook.render import render


@pytest.fixture
def book(store, write) -> Playbook:
    write("cloud", "Lead\n\n## One {#one}\n\n### Two\n", theme="Technology", order="2")
    write("cloud", "導入\n\n## 一 {#one}\n\n## 二\n", language="ja", title="クラウド", theme="技術", order="2")
    write("teams/service", "text\n", title="Service", theme="Design", order="1")
    return Playbook(store)


def test_a_page_is_read_in_the_language_asked_for_or_the_other(book):
    assert book.page("cloud", "ja").title == "クラウド"
    assert book.page("teams/service", "ja").language == "en"
    assert book.page("cloud", "ja").languages == ("en", "ja")
    assert book.page("teams/service", "en").languages == ("en",)


@pytest.mark.parametrize("slug", ["nope", "../secret", "cloud.md", "Cloud", "", "/cloud", "a//b", "teams/../cloud"])
def test_an_unknown_or_unsafe_slug_is_not_found(book, slug):
    with pytest.raises(NotFoundError):
        book.page(slug, "en")


def test_pages_stand_under_their_themes_in_order(book):
    themes = book.themes("en")
    assert [(theme, [page.slug for page in pages]) for theme, pages in themes] == [
        ("Design", ["teams/service"]),
        ("Technology", ["cloud"]),
    ]


def test_headings_keep_their_explicit_ids_and_get_others():
    rendered = render("## One {#one}\n\ntext\n\n## One\n\n## 二\n\n# Top\n")
    assert [(h.title, h.id, h.level) for h in rendered.headings] == [
        ("One", "one", 2),
        ("One", "one-2", 2),
        ("二", "section-3", 2),
        ("Top", "top", 2),
    ]


def test_raw_html_stays_text_and_unsafe_links_are_not_made():
    rendered = render("<script>x</script> <img src=x onerror=y>\n\n[a](javascript:alert(1))\n")
    page = BeautifulSoup(str(rendered.lead), "html.parser")
    assert not page.find_all(["script", "img", "a"])


def test_tables_task_lists_and_notes_are_rendered():
    rendered = render("| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\nText[^1]\n\n## End\n\nmore[^1]\n\n[^1]: Note\n")
    page = BeautifulSoup(str(rendered.lead) + "".join(str(html) for _, html in rendered.sections), "html.parser")
    assert page.table
    assert page.find("input", type="checkbox")
    assert "Note" in page.select_one(".footnotes").get_text()


def test_each_heading_has_its_permanent_link(book):
    page = BeautifulSoup(str(views.page(Texts("en"), book.page("cloud", "en"), book)), "html.parser")
    assert [b["data-copy"] for b in page.select(".kb-heading button")] == ["/playbook/cloud#one", "/playbook/cloud#two"]
    assert [a["href"] for a in page.select(".kb-contents a")] == ["#one", "#two"]
    assert page.h1.get_text() == "Cloud"


def test_links_of_a_page_stay_in_the_language_of_the_reader(store, write):
    links = "[あ](/d/cloud) [い](/playbook/data#one) [う](/glossary#api) [え](#two) [お](https://www.gov.uk/a?b=c)"
    write("cloud", f"{links}\n\n## 二 {{#two}}\n", language="ja", title="クラウド")
    book = Playbook(store)
    shown = BeautifulSoup(str(views.page(Texts("ja"), book.page("cloud", "ja"), book)), "html.parser")
    assert [link["href"] for link in shown.select("article p a")] == [
        "/d/cloud?lang=ja",
        "/playbook/data?lang=ja#one",
        "/glossary?lang=ja#api",
        "#two",
        "https://www.gov.uk/a?b=c",
    ]
