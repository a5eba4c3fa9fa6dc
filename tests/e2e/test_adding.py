"""Adding documents in a real browser: many at once, by dropping them, without scripts, and seen by others."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

READ_MS = 90_000
DROP = """([names, text]) => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File([`# ${name}\n\n${text} ${name}.`], name));
  const zone = document.querySelector(".kb-drop");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def file(name, text):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def test_many_files_are_added_at_once_and_each_says_what_became_of_it(open_page):
    page, other = open_page("/add?lang=en"), open_page("/add?lang=ja", width=390)
    expect(other.get_by_role("heading", name="追加したファイルの状況")).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("heading", name="Files being added")).to_be_visible(timeout=READ_MS)
    good = [file(f"harbour-{n}.md", f"# Harbour {n}\n\nHarbour number {n} opens at dawn.") for n in range(6)]
    page.set_input_files("#add-files", [*good, file("empty.txt", " "), file("sheet.xlsx", "PK")])
    expect(page.locator("[data-sent]")).to_contain_text("8 files chosen")
    page.get_by_label("Publisher").fill("Harbour Board")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("[data-sent]")).to_contain_text("7 of 8 files were received.", timeout=READ_MS)
    expect(page.locator("[data-sent]")).to_contain_text("sheet.xlsx Files of the kind “.xlsx” cannot be read.")
    batch = page.locator(".kb-batch", has_text="8 files done")
    expect(batch).to_contain_text("8 of 8 files done.", timeout=READ_MS)
    expect(batch).to_contain_text("6 added")
    expect(batch).to_contain_text("2 not added")
    added = page.locator(".kb-job", has_text="harbour-3.md")
    expect(added).to_contain_text("Not known yet: country, date of publication, licence.")
    expect(other.locator(".kb-batch").first).to_contain_text("8件のうち8件が完了しました。", timeout=READ_MS)
    page.get_by_role("link", name=re.compile(r"Not added")).click()
    expect(page.locator(".kb-job", has_text="harbour-3.md")).to_have_count(0)
    expect(page.locator(".kb-job", has_text="empty.txt")).to_be_visible()
    assert "show=failed" in page.url
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_files_are_dropped_and_what_waits_is_stopped_and_tried_again(open_page):
    page = open_page("/add?lang=en")
    expect(page.locator(".kb-drop")).to_be_visible(timeout=READ_MS)
    page.evaluate(DROP, [[f"quay-{n}.md" for n in range(18)], "The quay is closed in winter, says"])
    expect(page.locator("[data-sent]")).to_contain_text("18 files chosen")
    page.get_by_role("button", name="Add to the library").click()
    last = page.locator(".kb-job", has_text="quay-17")
    last.get_by_role("button", name="Stop").click()
    expect(last).to_contain_text("Stopped. Nothing of it was added.", timeout=READ_MS)
    last.get_by_role("button", name="Try again").click()
    expect(last).to_contain_text("Added. It can be searched now.", timeout=READ_MS)


def test_the_same_file_again_is_recognised_with_a_link(open_page):
    page = open_page("/add?lang=ja")
    for name, words in (("buoy.md", "追加が完了しました"), ("buoy-copy.md", "既に収録されています")):
        page.set_input_files("#add-files", file(name, "# Buoy\n\nThe buoy is red and stands in the north."))
        page.get_by_role("button", name="追加する").click()
        row = page.locator(".kb-job", has_text=name)
        expect(row).to_contain_text(words, timeout=READ_MS)
        expect(row.get_by_role("link", name="資料を開く")).to_be_visible()


def test_adding_needs_no_script(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{address}/add?lang=ja")
    page.get_by_role("link", name="資料を追加する").click()
    page.set_input_files("#add-files", [file("pier.md", "# Pier\n\nThe pier is long."), file("pier.xlsx", "PK")])
    page.get_by_label("発行機関").fill("港湾局")
    page.get_by_role("button", name="追加する").click()
    assert page.url.startswith(f"{address}/uploads?lang=ja")
    expect(page.locator(".kb-job", has_text="pier.xlsx")).to_contain_text("対応していません")
    expect(page.locator(".kb-job", has_text="pier.md")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
