"""What a reader of an older edition meets, in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from kb.settings import load_settings
from kb.store import Store
from tests.e2e.conftest import ROOT, serving

pytestmark = pytest.mark.browser

PLAN = """---
id: {id}
title: {title}
publisher: Government Digital Service
country: uk
language: en
published: {published}
supersedes: {supersedes}
---
# {title}

## Hosting

{hosting}

## People

Every team that builds a service has a designer and a researcher, who stay with it until it is retired.
"""
OLD = PLAN.format(
    id="plan-2022",
    title="Digital plan 2022",
    published="2022-03-01",
    supersedes="",
    hosting="Departments should consider and fully evaluate potential cloud solutions first.",
)
NEW = PLAN.format(
    id="plan-2025",
    title="Digital plan 2025",
    published="2025-06-13",
    supersedes="plan-2022",
    hosting="Departments must use public cloud solutions first.",
)


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """A folder of data with two editions of a plan."""
    folder = tmp_path_factory.mktemp("editions")
    (folder / "in").mkdir()
    (folder / "in" / "old.md").write_text(OLD, encoding="utf-8")
    (folder / "in" / "new.md").write_text(NEW, encoding="utf-8")
    command = [sys.executable, "-m", "kb", "ingest", str(folder / "in"), "--data", str(folder / "data")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    return folder


@pytest.fixture(scope="module")
def address(plans):
    """Where the application answers, on these two editions."""
    with serving(plans) as found:
        yield found


@pytest.fixture(scope="module")
def cited(plans):
    """Id of a passage of the older edition."""
    with closing(Store(load_settings(data_dir=plans / "data"))) as store:
        (version,) = store.versions.by_work("plan-2022")
        return store.passages.list(version.id)[0].id


def test_an_old_citation_leads_to_what_changed_and_to_the_new_words(open_page, cited):
    page = open_page(f"/c/{cited}")
    expect(page.get_by_text("Superseded by Digital plan 2025 on 13 June 2025.")).to_be_visible()
    expect(page.locator(".kb-context mark").filter(has_text="Departments")).to_contain_text(
        "fully evaluate potential cloud solutions first"
    )
    expect(page.locator(".kb-fate ins").filter(has_text="must use public")).to_be_visible()
    page.locator(".kb-fate").get_by_role("link", name="See what changed").click()
    expect(page.get_by_text("% of the text is the same")).to_be_visible()
    page.get_by_role("navigation", name="Sections with changes").get_by_role("link", name="Hosting").click()
    expect(page.locator(".kb-change del").first).to_be_in_viewport()
    page.locator(".kb-editions a").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digital plan 2025")


def test_the_library_with_older_editions_leads_from_the_old_to_the_new(open_page):
    page = open_page("/library?older=1&lang=ja")
    page.get_by_text("2025年6月13日に「Digital plan 2025」に置き換えられました。").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digital plan 2025")
    expect(page.get_by_role("link", name=re.compile("前の版からの変更点を見る"))).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ja", 1280), ("en", 390), ("ja", 320)])
def test_a_comparison_fits_the_screen_and_meets_the_rules_of_accessibility(open_page, address, cited, language, width):
    page = open_page(f"/c/{cited}?lang={language}", width=width)
    changes = page.locator(".kb-notice-edition a").last.get_attribute("href")
    for place in (page.url, f"{address}{changes}"):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
