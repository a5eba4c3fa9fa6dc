"""Withdrawing and restoring a document, and taking the library along, in a real browser."""

from __future__ import annotations

import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_document_is_withdrawn_found_no_longer_and_restored(open_page):
    page = open_page("/?q=Two+ways+to+the+cloud")
    page.locator(".kb-hit a", has_text="Two ways to the cloud").first.click()
    page.get_by_role("link", name="Withdraw this document").click()
    page.get_by_role("button", name="Withdraw the document").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Enter a reason")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Reason").fill("A test of withdrawing")
    page.get_by_label("Your name").fill("Aiko Sato")
    page.get_by_role("button", name="Withdraw the document").click()
    expect(page.get_by_role("status").first).to_have_text("The document was withdrawn.")
    try:
        search = open_page("/?q=Two+ways+to+the+cloud")
        expect(search.get_by_role("heading", name=re.compile("found in|Nothing"))).to_be_visible()
        expect(search.locator(".kb-hit a", has_text="Two ways to the cloud")).to_have_count(0)
    finally:
        page.get_by_role("link", name="Restore or delete").first.click()
        page.locator("#restore-by").fill("Ben Jones")
        page.get_by_role("button", name="Restore the document").click()
    expect(page.get_by_role("status").first).to_have_text("The document was restored.")
    assert Axe().run(page).response["violations"] == []
    search.reload()
    expect(search.locator(".kb-hit a", has_text="Two ways to the cloud").first).to_be_visible()


def test_the_library_is_downloaded_on_a_phone_in_japanese(open_page):
    page = open_page("/library?lang=ja", width=390, locale="ja-JP")
    page.get_by_role("link", name="変更の記録と書き出し").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("変更の記録と書き出し")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.get_by_role("button", name="書き出しをダウンロード").click()
    with zipfile.ZipFile(download.value.path()) as zipped:
        assert zipped.testzip() is None
        assert "data/passages.jsonl" in zipped.namelist()
