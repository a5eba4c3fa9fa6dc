"""The pictures of the library in a browser: marks lead to documents, by pointer and by keyboard, and fit a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_mark_of_the_timeline_opens_its_document(open_page):
    page = open_page("/library")
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline of publications")
    assert "view=timeline" in page.url
    page.get_by_role(
        "link", name="Government Cloud First policy · Government Digital Service · 5 May 2013", exact=True
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Government Cloud First policy")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline of publications")


def test_a_mark_of_the_map_shows_where_the_keyboard_is_and_opens_with_enter(open_page):
    page = open_page("/library?view=map")
    mark = page.locator('svg.kb-map a.kb-mark[href*="/document"]').first
    expect(mark).to_be_visible(timeout=90_000)
    mark.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    ring = mark.locator(".kb-mark-room").evaluate("ring => getComputedStyle(ring).fill")
    assert ring == "rgb(255, 221, 0)"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/document"))


@pytest.mark.parametrize("view", ["timeline", "coverage", "map"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_view_fits_a_phone(open_page, view, language):
    page = open_page(f"/library?view={view}&lang={language}", width=390)
    expect(page.locator(".kb-tabs")).to_be_visible()
    expect(page.locator("#table")).to_be_attached(timeout=90_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_of_what_is_missing_fits_a_wide_screen_and_is_scrolled_by_keyboard_on_a_phone(open_page, language):
    for width in (1280, 1150, 390):
        page = open_page(f"/library?view=coverage&lang={language}", width=width)
        frame = page.locator(".kb-figures-table")
        expect(frame).to_be_visible(timeout=90_000)
        hidden = frame.evaluate("frame => frame.scrollWidth - frame.clientWidth")
        if width > 1100:
            assert hidden == 0
            continue
        assert hidden > 0
        frame.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)  # it scrolls softly
        assert frame.evaluate("frame => frame.scrollLeft") > 0
        assert "gradient" in frame.evaluate("frame => getComputedStyle(frame).backgroundImage")
