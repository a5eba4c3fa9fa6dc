"""What a reader does, in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

FOUND = re.compile(r"found in")


def search(page: Page, words: str) -> None:
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")


def test_an_english_query_finds_both_countries_side_by_side(open_page):
    page = open_page()
    search(page, "cloud first policy")
    expect(page.get_by_role("heading", name=FOUND)).to_be_visible()
    uk = page.get_by_role("region", name="United Kingdom")
    japan = page.get_by_role("region", name="Japan", exact=False).first
    expect(uk.get_by_role("link", name="Government Cloud First policy").first).to_be_visible()
    expect(japan.locator("a[lang=ja]").first).to_have_text("クラウドサービスの適切な利用に係る基本方針")
    expect(uk.locator("mark").first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "q=cloud+first+policy" in page.url


def test_a_japanese_query_in_a_japanese_browser(open_page):
    page = open_page(locale="ja-JP")
    expect(page.get_by_role("heading", level=1)).to_have_text("英国と日本のデジタル政府戦略を検索")
    search(page, "クラウドを最優先で検討する方針")
    expect(page.get_by_role("heading", name="見つかりました")).to_be_visible()
    expect(page.locator(".kb-column-jp a[lang=ja]").first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ja"


def test_a_hit_opens_its_document_at_the_passage_and_back_returns(open_page):
    page = open_page("/?q=cost+of+every+service")
    page.locator(".kb-column-uk .kb-hit a").first.click()
    expect(page.locator("mark#passage").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Government Cloud First policy")
    page.go_back()
    expect(page.locator("#q")).to_have_value("cost of every service")
    expect(page.get_by_role("heading", name=FOUND)).to_be_visible()
    page.go_forward()
    expect(page.locator("mark#passage").first).to_be_visible()


def test_the_page_of_the_pdf_can_be_opened(open_page, address):
    page = open_page("/?q=cost+of+every+service")
    link = page.locator(".kb-column-uk a[target=_blank]").first
    expect(link).to_be_visible()
    href = link.get_attribute("href")
    assert re.fullmatch(r"/files/[\w-]+\.pdf#page=\d+", href)
    answer = page.request.get(address + href.split("#")[0])
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_a_hit_leads_to_the_picture_of_its_page_with_the_passage_boxed(open_page):
    page = open_page("/?q=cost+of+every+service")
    hit = page.locator(".kb-column-uk .kb-hit").first
    hit.get_by_text("Show the page").click()
    shown = hit.locator(".kb-page-shown img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 893
    hit.get_by_role("link", name="Open the page beside its text").click()
    picture = page.get_by_role("img", name="with the passage in a box")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 893
    text = page.locator("blockquote").bounding_box()
    assert text["x"] > picture.bounding_box()["x"] + picture.bounding_box()["width"]
    page.get_by_role("link", name="Previous page").click()
    expect(page.get_by_role("heading", name="Page 1 of 2")).to_be_visible()
    page.get_by_role("link", name="Back to the page of the passage").click()
    expect(picture).to_be_visible()


def test_copying_gives_the_permanent_link_and_says_so(open_page, address):
    page = open_page("/?q=cloud")
    button = page.get_by_role("button", name="Copy link").first
    button.click()
    expect(page.locator("#kb-said")).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/c/")
    page.goto(link)
    expect(page.locator("blockquote")).to_be_visible()


def test_filters_and_language_stay_in_the_address(open_page):
    page = open_page("/?q=cloud")
    page.locator(".kb-filters input[value=jp]").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("region", name="United Kingdom")).to_have_count(0)
    assert "country=jp" in page.url
    page.get_by_role("link", name="日本語").click()
    expect(page.get_by_role("button", name="絞り込む")).to_be_visible()
    assert "country=jp" in page.url
    assert "lang=ja" in page.url
    expect(page.locator(".kb-filters input[value=jp]")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="United Kingdom")).to_be_visible()


def test_whoever_filters_far_down_sees_what_was_found(open_page):
    page = open_page("/?q=cloud")
    page.set_viewport_size({"width": 1280, "height": 420})
    page.locator(".kb-filters input[value=jp]").check()
    page.get_by_role("button", name="Apply filters").scroll_into_view_if_needed()
    assert page.evaluate("document.getElementById('results').getBoundingClientRect().top") < 0
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("region", name="United Kingdom")).to_have_count(0)
    expect(page.locator("#results")).to_be_in_viewport()


def test_the_language_chosen_is_remembered(open_page, address):
    page = open_page()
    page.get_by_role("link", name="日本語").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("英国と日本のデジタル政府戦略を検索")
    page.goto(f"{address}/playbook")
    expect(page.get_by_role("heading", level=1)).to_have_text("プレイブック")


def test_one_list_by_choice_and_on_phones(open_page):
    page = open_page("/?q=cloud")
    page.get_by_role("link", name="One list").click()
    expect(page.locator(".kb-columns")).to_have_count(0)
    assert "view=list" in page.url
    phone = open_page("/?q=cloud", width=390)
    expect(phone.locator(".kb-narrow .kb-hit").first).to_be_visible()
    expect(phone.locator(".kb-columns")).to_be_hidden()
    expect(phone.locator(".kb-filter-form")).to_be_hidden()


def test_an_upload_is_read_and_found(open_page):
    page = open_page("/add")
    words = b"Lighthouse keepers publish the tide tables of every harbour as open data."
    page.set_input_files("input[type=file]", {"name": "tides.txt", "mimeType": "text/plain", "buffer": words})
    expect(page.get_by_text("tides.txt")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Tide tables")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("heading", name="Tide tables")).to_be_visible()
    added = page.locator(".kb-job").filter(has_text="tides.txt")
    expect(added.get_by_role("link", name="Open the document")).to_be_visible(timeout=90_000)
    page.get_by_role("link", name="Search", exact=True).click()
    search(page, "lighthouse keepers tide tables")
    expect(page.get_by_role("link", name="Tide tables").first).to_be_visible()


def test_a_file_that_cannot_be_read_says_why(open_page):
    page = open_page("/add?lang=ja")
    page.set_input_files("input[type=file]", {"name": "empty.txt", "mimeType": "text/plain", "buffer": b" "})
    expect(page.get_by_text("empty.txt")).to_be_visible()
    page.get_by_role("button", name="追加する").click()
    expect(page.locator(".kb-job-failed").first).to_contain_text("。", timeout=90_000)


def test_the_playbook_keeps_its_heading_between_languages(open_page, address):
    page = open_page("/playbook/cloud-first#japan")
    page.get_by_role("link", name="日本語 In Japan").click()
    expect(page.get_by_role("heading", name="日本")).to_be_in_viewport()
    assert page.url == f"{address}/playbook/cloud-first?lang=ja#japan"
    page.get_by_role("navigation", name="言語").get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="In Japan")).to_be_in_viewport()


def test_the_playbook_keeps_its_heading_in_the_app(open_page):
    page = open_page("/wiki?page=cloud-first")
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="In Japan").click()
    expect(page.get_by_role("heading", name="In Japan")).to_be_in_viewport()
    page.get_by_role("link", name="日本語 In Japan").click()
    expect(page.get_by_role("heading", name="日本", exact=True)).to_be_in_viewport()


def test_a_term_is_found_and_searched_for(open_page, address):
    page = open_page("/terms")
    page.locator("#term").fill("ｃｆ")
    page.locator("#term").press("Enter")
    expect(page.locator("#found")).to_contain_text("1 term with")
    assert "q=%EF%BD%83%EF%BD%86" in page.url
    page.get_by_role("link", name="Search for this term Cloud First").click()
    expect(page.locator("#q")).to_have_value("Cloud First")
    page.goto(f"{address}/glossary?lang=ja#cloud-first")
    expect(page.get_by_role("heading", name="クラウドファースト")).to_be_in_viewport()


def test_the_library_leads_to_its_official_sources(open_page):
    page = open_page("/library")
    page.get_by_role("link", name="Official sources: 0 of 1 are in this library").click()
    expect(page.get_by_role("heading", name="Government Cloud First policy")).to_be_in_viewport()


def test_an_unknown_address_is_a_page_that_helps(open_page, address):
    page = open_page()
    answer = page.goto(f"{address}/no/such/page")
    assert answer.status == 404
    expect(page.get_by_role("link", name="Search the library")).to_be_visible()


def test_everything_can_be_reached_by_keyboard(open_page):
    page = open_page()
    expect(page.locator("#q")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("cloud")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=FOUND)).to_be_visible()
    expect(page.locator("#q")).to_be_focused()


SCREENS = [
    "/",
    "/?q=cloud",
    "/?q=zzzz+qqqq",
    "/library",
    "/wiki",
    "/wiki?page=cloud-first",
    "/terms",
    "/terms?q=cloud",
    "/glossary",
    "/add",
    "/playbook/cloud-first",
]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ja", 390), ("en", 320)])
def test_no_screen_has_a_serious_barrier_or_scrolls_sideways(open_page, address, language, width):
    page = open_page(f"/?lang={language}", width=width)
    for screen in [*SCREENS, _document(page, address), _passage(page, address)]:
        page.goto(f"{address}{screen}{'&' if '?' in screen else '?'}lang={language}")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("#content h1")).to_be_attached()
        expect(page.locator("[data-test-script-state=running]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        found = Axe().run(page).response["violations"]
        assert [_described(each) for each in found if each["impact"] in ("serious", "critical")] == [], screen


def _described(violation) -> tuple[str, list[str]]:
    return violation["id"], [node["html"][:200] for node in violation["nodes"]]


def _document(page: Page, address: str) -> str:
    page.goto(f"{address}/?q=cloud&lang=en&view=list")
    link = page.locator(".kb-hit h3 a").first
    expect(link).to_be_visible()
    return link.get_attribute("href").split("#")[0].replace("&lang=en", "")


def _passage(page: Page, address: str) -> str:
    page.goto(f"{address}/?q=cloud&lang=en&view=list")
    expect(page.get_by_text("Show the page").first).to_be_visible()
    link = page.locator(".kb-page-shown a").first
    return link.get_attribute("href").split("?")[0]
