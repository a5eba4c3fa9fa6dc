"""Writing a playbook page in a real browser: preview, drafts, completion, evidence, images, and two people at once."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PREVIEW = "#kb-panel-preview .kb-text"
STATUS = "[data-status]"


def new_page(open_page, title: str, body: str = "Text.\n", **options) -> Page:
    """A new page that is published, opened for reading."""
    page = open_page("/pages/new?lang=en", **options)
    page.get_by_label("Title", exact=True).fill(title)
    page.locator("#kb-body").fill(body)
    page.get_by_label("Your name").fill("Aiko Sato")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_have_text("The page is published.")
    return page


def edit(page: Page) -> None:
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("#kb-body")).to_be_visible()


def test_a_page_is_written_with_a_preview_beside_it_and_is_read(open_page):
    page = open_page("/pages/new?lang=en")
    page.get_by_label("Title", exact=True).fill("Cloud: what it costs")
    expect(page.get_by_label("Address")).to_have_value("cloud-what-it-costs")
    page.locator("#kb-body").fill("See [[cloud-first]] and [[not-written]].\n\n:::note Mind\nText\n:::\n")
    preview = page.locator(PREVIEW)
    expect(preview.get_by_role("link", name="Cloud first")).to_be_visible()
    expect(preview.locator(".kb-admonition")).to_be_visible()
    expect(page.locator("#kb-panel-preview")).to_contain_text("There is no page “not-written”.")
    page.get_by_label("Your name").fill("Aiko Sato")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cloud: what it costs")
    assert page.url.split("?")[0].endswith("/playbook/cloud-what-it-costs")


def test_a_page_is_written_without_scripts(browser, address):
    page = browser.new_context(java_script_enabled=False, locale="ja-JP").new_page()
    page.goto(f"{address}/pages/new?lang=ja&template=how-to")
    page.get_by_label("題名").fill("手順の例")
    page.get_by_label("アドレス").fill("without-scripts")
    page.get_by_label("氏名").fill("佐藤")
    expect(page.locator(".kb-tools")).to_be_hidden()
    page.get_by_role("button", name="プレビュー").last.click()
    expect(page.locator(".kb-preview-above")).to_contain_text("最初の手順")
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("手順の例")
    page.context.close()


def test_what_was_typed_is_kept_as_a_draft_and_gone_on_with(open_page):
    page = new_page(open_page, "Drafts")
    edit(page)
    page.locator("#kb-body").fill("Half a thought\n")
    expect(page.locator(STATUS)).to_contain_text("is kept as a draft of yours", timeout=10_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(page.url.replace("/pages/edit/drafts", "/playbook/drafts"))
    expect(page.locator(".kb-text")).to_contain_text("Text.")
    edit(page)
    notice = page.locator("[data-draft]")
    expect(notice).to_contain_text(re.compile(r"from \d\d:\d\d"))
    expect(page.locator("#kb-body")).to_have_value("Text.\n")
    notice.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#kb-body")).to_have_value("Half a thought\n")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".kb-text")).to_contain_text("Half a thought")
    edit(page)
    expect(page.locator("[data-draft]")).to_be_hidden()


def test_a_draft_is_discarded(open_page):
    page = new_page(open_page, "Discarded")
    edit(page)
    page.locator("#kb-body").fill("Not this\n")
    expect(page.locator(STATUS)).to_contain_text("is kept as a draft of yours", timeout=10_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#kb-body")).to_have_value("Text.\n")
    expect(page.locator("[data-draft]")).to_be_hidden()


def test_without_a_connection_the_browser_keeps_what_was_typed(open_page):
    page = new_page(open_page, "Offline")
    edit(page)
    page.context.set_offline(True)
    page.locator("#kb-body").fill("Typed in a train\n")
    expect(page.locator(STATUS)).to_contain_text("There is no connection", timeout=10_000)
    page.route("**/pages/draft*", lambda route: route.abort())  # the beacon on leaving does not arrive either
    page.context.set_offline(False)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-draft]")).to_be_visible()
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#kb-body")).to_have_value("Typed in a train\n")


def test_leaving_with_something_unsaved_is_asked_about_and_saving_is_not(open_page):
    page = new_page(open_page, "Leaving")
    edit(page)
    page.locator("#kb-body").press_sequentially("x")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Back to the page").click()
    expect(page.locator(".kb-text")).to_be_visible()
    assert asked == ["beforeunload"]
    edit(page)
    page.locator("#kb-body").fill("Saved\n")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as a draft")
    assert asked == ["beforeunload"]


def test_links_are_completed_with_pages_and_headings_by_the_keyboard(open_page):
    page = new_page(open_page, "Completion", "## Costs {#costs}\n\n")
    edit(page)
    text = page.locator("#kb-body")
    text.press("Control+End")
    text.press_sequentially("See [[cloud f")
    option = page.get_by_role("option")
    expect(option.first).to_contain_text("Cloud first")
    text.press("Enter")
    expect(text).to_have_value("## Costs {#costs}\n\nSee [[cloud-first]]")
    text.press_sequentially(" and [[cloud-first#jap")
    expect(option.first).to_contain_text("In Japan")
    text.press("Tab")
    text.press_sequentially(" or [[#")
    expect(option.first).to_contain_text("Costs")
    text.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    text.press_sequentially("c")
    expect(option.first).to_contain_text("Costs")
    option.first.click()
    expect(text).to_have_value(re.compile(r"\[\[cloud-first#japan\]\] or \[\[#costs\]\]$"))


def test_the_toolbar_works_by_mouse_and_keyboard(open_page):
    page = open_page("/pages/new?lang=en")
    text = page.locator("#kb-body")
    text.fill("cloud")
    text.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("**cloud**")
    text.press("Control+z")
    expect(text).to_have_value("cloud")
    text.select_text()
    page.get_by_role("button", name="List").click()
    expect(text).to_have_value("- cloud")
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Heading")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(text).to_have_value("- cloud\n\n:::note Title\nText\n:::\n\n")
    text.press("Control+k")
    text.press_sequentially("cloud")
    expect(page.get_by_role("option").first).to_be_visible()


def test_a_passage_is_found_in_the_panel_and_cited_where_the_cursor_is(open_page):
    page = new_page(open_page, "Citing", "The policy says so.\n")
    edit(page)
    text = page.locator("#kb-body")
    text.press("Control+Home")
    text.press("End")
    text.press_sequentially(" [[cite:")
    search = page.get_by_label("Search the library")
    expect(search).to_be_focused()
    expect(text).to_have_value("The policy says so. \n")
    search.fill("クラウドサービスの利用")
    search.press("Enter")
    found = page.locator("#kb-panel-evidence .kb-find")
    expect(found.get_by_role("heading", name="United Kingdom")).to_be_visible()
    japan = found.get_by_role("region", name="Japan")
    expect(japan.get_by_role("link", name="クラウドサービスの適切な利用").first).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    japan.get_by_role("button", name="Cite").first.click()
    expect(text).to_have_value(re.compile(r"^The policy says so\. \[\[cite:[a-z0-9~]+\]\]\n$"))
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".kb-text sup a")).to_have_text("1")


def test_an_image_is_added_from_the_form_and_shown(open_page):
    page = new_page(open_page, "Picture")
    edit(page)
    page.locator("#kb-body").press("Control+End")
    page.get_by_role("button", name="Image", exact=True).click()
    written = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(written, format="PNG")
    file = {"name": "x.png", "mimeType": "image/png", "buffer": written.getvalue()}
    page.get_by_label("Image file").set_input_files(files=[file])
    page.get_by_role("button", name="Add the image").click()
    expect(page.locator("[data-image-problem]")).to_contain_text("The description of the image is missing.")
    page.get_by_label("What the image shows").fill("A teal field")
    page.get_by_role("button", name="Add the image").click()
    expect(page.locator("#kb-body")).to_have_value(
        re.compile(r"!\[A teal field\]\(/playbook/images/[0-9a-f]{16}\.png\)")
    )
    expect(page.locator(".kb-image-list img")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("img", name="A teal field")).to_be_visible()


def test_two_people_who_change_the_same_words_lose_nothing(open_page):
    mine, theirs = new_page(open_page, "Two people", "One.\n\nTwo.\n"), open_page("/playbook/two-people?lang=en")
    for page in (mine, theirs):
        edit(page)
    theirs.locator("#kb-body").fill("One of Ben.\n\nTwo.\n\nThree of Ben.\n")
    theirs.get_by_label("Your name").fill("Ben Jones")
    theirs.get_by_role("button", name="Publish").click()
    expect(theirs.get_by_role("status").first).to_have_text("The page is published.")
    mine.locator("#kb-body").fill("One of Aiko.\n\nTwo.\n")
    mine.get_by_role("button", name="Publish").click()
    expect(mine.get_by_role("alert").first).to_contain_text("Ben Jones saved this page")
    text = mine.locator("#kb-body")
    expect(text).to_have_value("One of Aiko.\n\nOne of Ben.\n\nTwo.\n\nThree of Ben.\n")
    assert Axe().run(mine).response["violations"] == []
    mine.get_by_role("button", name="Keep only theirs").click()
    expect(text).to_have_value("One of Ben.\n\nTwo.\n\nThree of Ben.\n")
    mine.get_by_role("button", name="Publish").click()
    expect(mine.get_by_role("status").first).to_have_text("The page is published.")


def test_a_translation_is_written_beside_the_original_on_a_phone_too(open_page):
    new_page(open_page, "For translating", "Lead.\n\n## First {#first}\n\nText.\n\n## Second {#second}\n\nText.\n")
    page = open_page("/playbook/for-translating?lang=ja", width=390, locale="ja-JP")
    page.get_by_role("link", name="日本語に翻訳する").click()
    other = page.locator("#kb-panel-other")
    expect(other).to_contain_text("Lead.")
    page.locator("#kb-body").fill("導入\n\n## 第一 {#first}\n")
    other.get_by_role("button", name="本文の該当箇所へ First").click()
    expect(page.locator("#kb-body")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("題名").fill("翻訳")
    page.get_by_label("氏名").fill("佐藤")
    expect(page.get_by_label("この翻訳は、英語のページの内容と一致している")).to_be_checked()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("翻訳")


@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
@pytest.mark.parametrize("path", ["/pages/settings/cloud-first", "/pages/find?q=cloud", "/pages/images", "/pages/new"])
def test_every_page_is_accessible_and_fits_a_phone(open_page, path, locale):
    page = open_page(f"{path}{'&' if '?' in path else '?'}lang={locale[:2]}", width=390, locale=locale)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []


def test_a_page_moves_and_its_old_address_leads_to_it(open_page):
    page = new_page(open_page, "To be moved")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("New address").fill("moved/away")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_role("status").first).to_contain_text("The page has a new address.")
    page.goto(page.url.split("/pages/")[0] + "/playbook/to-be-moved")
    assert page.url.split("?")[0].endswith("/playbook/moved/away")
