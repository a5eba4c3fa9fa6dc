"""Lists and tables in the text of a page."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kb.html.page_text import page_text, quotation
from kb.html.snippet import snippet
from kb.model.passages import Page, Passage, PlacedHeading

TEXT = "In short\n\n- one <b>\n- two\n\nWhen | What\n2011 | GDS is founded\n2012 | GOV.UK\n\na | lone bar"


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def passage(start: int, end: int) -> Passage:
    return Passage("p", "v", None, 0, start, end, TEXT[start:end], "en", ())


def test_lists_and_tables_of_markdown_look_like_that():
    shown = soup(page_text(Page(1, TEXT, "en"), None, structured=True))
    assert [item.get_text() for item in shown.select("ul li")] == ["one <b>", "two"]
    rows = [[cell.get_text() for cell in row.select("td")] for row in shown.select("table tr")]
    assert rows[:3] == [["When", "What"], ["2011", "GDS is founded"], ["2012", "GOV.UK"]]
    assert not shown.find("b")
    assert not soup(page_text(Page(1, TEXT, "en"), None)).find(["ul", "table"])


def test_a_passage_is_marked_across_a_list_and_a_table():
    start, end = TEXT.index("two"), TEXT.index(" is founded")
    shown = soup(page_text(Page(1, TEXT, "en"), passage(start, end), structured=True))
    assert [mark.get_text() for mark in shown.select("mark")] == ["two", "When", "What", "2011", "GDS"]
    assert len(shown.select("#passage")) == 1


def test_headings_of_the_outline_are_headings_that_the_contents_can_lead_to():
    text = "Aims\nWhy <b> now\nAims\nOf all"
    outline = [PlacedHeading(2, "Aims", 1, 0), PlacedHeading(4, "Aims", 1, 17), PlacedHeading(2, "Of", 1, 22)]
    shown = soup(page_text(Page(1, text, "en"), None, outline=[*outline, PlacedHeading(2, "Aims", 2, 0)]))
    assert [(each.name, each.get("id"), each.get_text()) for each in shown.div] == [
        ("h3", "heading-0", "Aims"),
        ("p", None, "Why <b> now"),
        ("h5", "heading-17", "Aims"),
        ("p", None, "Of all"),
    ]
    assert not soup(page_text(Page(1, text, "en"), None)).find("h3")


def test_a_quotation_looks_like_the_text_of_its_page():
    shown = soup(quotation(passage(0, len(TEXT)), structured=True))
    assert [item.get_text() for item in shown.select("blockquote ul li")] == ["one <b>", "two"]
    assert len(shown.select("blockquote table tr")) == 3
    assert len(soup(quotation(passage(0, len(TEXT)))).select("blockquote > p")) == 7


def test_a_snippet_of_markdown_shows_no_marks_of_lists_and_tables():
    at = TEXT.index("founded")
    shown = soup(snippet(TEXT, [(at, at + 7)], "en", structured=True))
    assert " ".join(shown.get_text().split()) == (
        "In short • one <b> • two When · What / 2011 · GDS is founded / 2012 · GOV.UK a | lone bar"
    )
    assert shown.mark.get_text() == "founded"
    assert "- one" in soup(snippet(TEXT, [], "en")).get_text()


def test_a_match_across_cells_is_marked_as_it_is_shown():
    start, end = TEXT.index("2011"), TEXT.index(" is founded")
    shown = soup(snippet(TEXT, [(start, end)], "en", structured=True))
    assert shown.mark.get_text() == "2011 · GDS"


def test_a_task_in_a_snippet_has_one_mark():
    assert soup(snippet("- ☐ ask\n- ☑ tell\n- ", [], "en", structured=True)).get_text() == "☐ ask ☑ tell • "


@pytest.mark.parametrize("structured", [True, False])
@given(text=st.text("ab|- \n", max_size=60))
def test_no_letter_is_lost(structured, text):
    letters = [letter for letter in text if letter in "ab"]
    for shown in (
        page_text(Page(1, text, "en"), None, structured=structured),
        snippet(text, [], "en", structured=structured),
    ):
        assert [letter for letter in soup(shown).get_text() if letter in "ab"] == letters
