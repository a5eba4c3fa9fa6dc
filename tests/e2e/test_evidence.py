"""A reader collects evidence in a real browser, in the app and at permanent links, and takes it away."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIRST_MS = 30_000
"""The first screen that a server shows, which imports what the app needs."""


def test_passages_are_collected_without_leaving_the_results(open_page):
    page = open_page("/?q=cloud&view=list")
    button = page.get_by_role("button", name="Add to evidence").first
    expect(button).to_be_visible(timeout=FIRST_MS)
    here = page.url
    button.click()
    expect(page.get_by_role("link", name="Evidence (1)")).to_be_visible()
    expect(page.get_by_role("button", name="Remove from evidence").first).to_be_focused()
    assert page.url == here
    page.locator("#q").fill("cost of every service")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile("cost"))
    expect(page.get_by_role("link", name="Evidence (1)")).to_be_visible()
    page.get_by_role("button", name="Add to evidence").first.click()
    expect(page.get_by_role("link", name="Evidence (2)")).to_be_visible()

    page.get_by_role("link", name="Evidence (2)").click()
    expect(page.get_by_role("heading", name="2 passages")).to_be_visible()
    expect(page.locator(".kb-evidence > li").nth(1)).to_contain_text("cost of every service")
    page.locator("textarea").first.fill("To be compared")
    page.get_by_role("button", name="Save note").first.click()
    expect(page.get_by_text("The note was saved.")).to_be_visible()
    page.locator("textarea").nth(1).fill("Typed and not saved")
    page.get_by_role("button", name="Move down").click()
    expect(page.locator(".kb-evidence > li").first.locator("textarea")).to_have_value("Typed and not saved")
    expect(page.locator(".kb-evidence > li").nth(1).locator("textarea")).to_have_value("To be compared")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).first.click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_evidence_is_there_after_a_reload_and_without_scripts(open_page, address, browser):
    page = open_page("/?q=cloud&view=list&lang=ja")
    page.get_by_role("button", name="引用リストに追加").first.click()
    expect(page.get_by_role("link", name="引用リスト（1）")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="引用リストから外す").first).to_be_visible()
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    reader = plain.new_page()
    reader.goto(f"{address}/basket?lang=ja")
    reader.locator('.kb-evidence dd a[href^="/c/"]').click()
    reader.get_by_role("button", name="引用リストから外す").click()
    expect(reader.get_by_role("button", name="引用リストに追加")).to_be_visible()
    assert "/c/" in reader.url
    plain.close()


@pytest.fixture
def evidence(open_page, address):
    """The page of evidence with two passages."""
    page = open_page("/?q=cloud&view=list&lang=en")
    for number in (1, 2):
        expect(page.get_by_role("button", name="Add to evidence").first).to_be_visible(timeout=FIRST_MS)
        page.get_by_role("button", name="Add to evidence").first.click()
        expect(page.get_by_role("link", name=f"Evidence ({number})")).to_be_visible()
    page.goto(f"{address}/basket?lang=en")
    return page


def test_notes_are_saved_as_one_leaves_them_and_are_warned_of_only_while_they_are_not(evidence):
    asked = []
    evidence.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    first, second = evidence.locator("textarea").all()
    first.fill("Left by the keyboard")
    second.focus()
    saved = evidence.locator(".kb-note [role=status]")
    expect(saved.first).to_have_text("Saved")
    second.fill("Not left at all")
    expect(saved.nth(1)).to_have_text("Saved")
    evidence.reload()
    expect(evidence.locator("textarea").first).to_have_value("Left by the keyboard")
    expect(evidence.locator("textarea").nth(1)).to_have_value("Not left at all")
    assert asked == []

    evidence.route("**/basket/note*", lambda route: route.abort())
    evidence.locator("textarea").first.fill("The line is cut")
    evidence.locator("textarea").nth(1).focus()
    expect(saved.first).to_have_text("Not saved yet")
    evidence.reload()
    assert asked == ["beforeunload"]


def test_a_note_that_is_being_typed_is_in_what_is_downloaded(evidence):
    evidence.locator("textarea").first.fill("The last words")
    with evidence.expect_download() as download:
        evidence.evaluate("document.querySelector('[data-notes] a[href*=\"evidence.md\"]').click()")
    assert "The last words" in download.value.path().read_text(encoding="utf-8")


def test_a_passage_that_is_led_to_is_framed_and_not_coloured(evidence):
    evidence.get_by_role("button", name="Move down").focus()
    evidence.keyboard.press("Enter")
    expect(evidence).to_have_url(re.compile("#p-"))
    card = evidence.locator(".kb-evidence > li").nth(1)
    evidence.keyboard.press("Tab")
    card.evaluate("card => card.focus({focusVisible: true})")
    look = card.evaluate("card => [getComputedStyle(card).backgroundColor, getComputedStyle(card).outlineStyle]")
    assert look == ["rgba(0, 0, 0, 0)", "solid"]


def test_without_scripts_a_move_keeps_the_notes_that_were_typed(evidence, address, browser):
    plain = browser.new_context(java_script_enabled=False, storage_state=evidence.context.storage_state())
    reader = plain.new_page()
    reader.goto(f"{address}/basket?lang=en")
    reader.locator("textarea").first.fill("Of the first")
    reader.locator("textarea").nth(1).fill("Of the second")
    reader.get_by_role("button", name="Move down").click()
    assert [each.input_value() for each in reader.locator("textarea").all()] == ["Of the second", "Of the first"]
    plain.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ja", 390), ("en", 320)])
def test_the_page_of_evidence_has_no_serious_barrier_and_does_not_scroll_sideways(open_page, address, language, width):
    page = open_page(f"/?q=cloud&view=list&lang={language}", width=width)
    button = page.locator("form[data-basket] button:visible").first
    expect(button).to_be_visible()
    for there in (f"/basket?lang={language}", None, f"/basket?lang={language}"):
        if there is None:
            page.goto(f"{address}/?q=cloud&view=list&lang={language}")
            page.locator("form[data-basket] button:visible").first.click()
            expect(page.locator("#kb-top [data-basket-count]")).to_contain_text("1")
            continue
        page.goto(address + there)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
