"""Completing and correcting the details of a document in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_details_are_refused_with_words_and_then_corrected(open_page):
    page = open_page("/library")
    page.get_by_role("link", name="Two ways to the cloud").first.click()
    page.get_by_role("link", name="Correct these details").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Details of a document")
    page.get_by_label("Date of publication").fill("32 June 2026")
    page.get_by_role("button", name="Save the details").click()
    summary = page.locator(".kb-problems")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("real date")).click()
    expect(page.get_by_label("Date of publication")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("令和8年1月15日")
    page.get_by_label("Licence").fill("OGL v3.0")
    page.get_by_label("Your name").fill("Aiko Tanaka")
    page.get_by_role("button", name="Save the details").click()
    expect(page.locator(".kb-notice-done")).to_be_focused()
    expect(page.get_by_label("Date of publication")).to_have_value("2026-01-15")
    expect(page.get_by_role("region", name="History of corrections").last).to_contain_text("Aiko Tanaka")
    assert page.url.endswith("lang=en")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_the_form_is_accessible_and_fits(open_page, width, locale):
    page = open_page("/library", width=width, locale=locale)
    href = page.locator('tbody th a[href*="/document"]').first.get_attribute("href")
    identity = re.search(r"id=([^&]+)", href or "")
    page.goto(page.url.split("/library")[0] + f"/edit?id={identity[1]}")
    expect(page.locator(".kb-edit-form")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    serious = [
        each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
    ]
    assert serious == []
