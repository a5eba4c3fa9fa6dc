"""What a reader is told of how a document was read, in the real application."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_library_says_how_well_a_document_was_read_and_its_page_says_why(open_page):
    page = open_page("/library")
    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible(
        timeout=30_000
    )  # the first page of a run
    row = page.get_by_role("row").filter(has_text="Government Cloud First policy")
    expect(row.locator(".kb-cell-health")).to_have_text("in full")
    row.get_by_role("link").first.click()
    receipt = page.get_by_role("region", name="How it was read")
    expect(receipt).to_contain_text("All the text of this document can be searched.")
    expect(receipt).to_contain_text("2 pages, all with text.")


def test_a_larger_picture_of_a_page_can_be_moved_about_and_left_again(open_page):
    page = open_page("/?q=cost+of+every+service")
    hit = page.locator(".kb-column-uk .kb-hit").first
    hit.get_by_text("Show the page").click()
    hit.get_by_role("link", name="Open the page beside its text").click()
    expect(page.get_by_text("Words of the search are underlined.")).to_be_visible()
    page.get_by_role("link", name="Larger").click()
    scroll = page.locator(".kb-picture-scroll")
    expect(scroll).to_be_visible()
    assert scroll.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Smaller").click()
    expect(page).to_have_url(re.compile(r"/c/\w+\?q="))
