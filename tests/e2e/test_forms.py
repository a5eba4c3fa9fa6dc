"""Forms in a real browser, measured: what a stylesheet makes of them cannot be read from their markup."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import pytest
from playwright.sync_api import expect

from kb.settings import load_settings
from kb.store import Store
from tests.e2e.conftest import ROOT, serving

pytestmark = pytest.mark.browser

REPORT = """---
title: Report on hosting {year}
publisher: Government Digital Service
country: uk
language: en
published: {year}-03-01
---
# Report on hosting {year}

Departments should consider and fully evaluate potential cloud solutions first, before they consider any other option.
"""
LARGEST_PX = 32
"""A radio button or check box is no wider than that: what is wider was stretched."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A folder of data with two reports that look like editions of one publication."""
    folder = tmp_path_factory.mktemp("forms")
    (folder / "in").mkdir()
    for year in (2022, 2025):
        (folder / "in" / f"{year}.md").write_text(REPORT.format(year=year), encoding="utf-8")
    command = [sys.executable, "-m", "kb", "ingest", str(folder / "in"), "--data", str(folder / "data")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    return folder


@pytest.fixture(scope="module")
def address(reports):
    """Where the application answers, on these two reports."""
    with serving(reports) as found:
        yield found


@pytest.fixture(scope="module")
def newer(reports):
    """Id of the newer report."""
    with closing(Store(load_settings(data_dir=reports / "data"))) as store:
        return max(store.versions.list(), key=lambda version: version.title).id


@pytest.mark.parametrize("width", [1280, 390])
def test_radio_buttons_and_check_boxes_keep_their_size_on_every_form(open_page, newer, width):
    for path, form in ((f"/edit?id={newer}", ".kb-like"), ("/?q=cloud", ".kb-filter-form")):
        page = open_page(path, width=width)
        expect(page.locator(form)).to_be_attached()
        boxes = page.locator(f"{form} :is(input[type=radio], input[type=checkbox])")
        assert boxes.count() > 0
        assert {each["type"]: each for each in boxes.evaluate_all(_SIZES) if each["width"] > LARGEST_PX} == {}
        assert page.evaluate("document.documentElement.scrollWidth") <= width


_SIZES = "each => each.map(box => ({type: box.type, width: box.getBoundingClientRect().width}))"
