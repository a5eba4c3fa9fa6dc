"""Briefings and playbook pages: both languages, complete front matter, and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kb.html import addresses
from kb.ingest.collections import read_catalogue
from kb.ingest.describe import describe
from kb.ingest.parse.runner import parse_file
from kb.model.references import read_references, references_in
from kb.playbook.render import render
from kb.settings import load_settings
from kb.text.glossary import load_glossary
from kb.text.language import LANGUAGES, language_of
from kb.text.normalise import normalise, one_line, squash
from tests.content.conftest import CORPUS, DISCARDED, DOCUMENTS, PRINTED, Text, briefings, playbook_pages

BRIEFINGS, PAGES = briefings(), playbook_pages()
TEXTS = [*BRIEFINGS, *PAGES]
COMPARING = [page for page in PAGES if "{#at-a-glance}" in page.body]
"""Pages of a theme of the partnership, or of a subject that touches all."""
_THEMES = {"cloud", "data", "standards", "transformation", "identity", "ai", "procurement", "people"}

_DESCRIBED = ("title", "publisher", "country", "document_type", "licence")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)[^)]*\)|<(?P<bare>https?://[^>\s]+)>")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_SPEND_CONTROL = re.compile(r"spend controls?|支出統制", re.IGNORECASE)


def named(text: Text) -> str:
    return text.name


def links(text: Text) -> Iterator[str]:
    for match in _LINK.finditer(_CODE.sub("", text.body)):
        yield match["target"] or match["bare"]


@pytest.mark.parametrize("texts", [BRIEFINGS, PAGES], ids=["briefings", "playbook"])
def test_every_text_is_written_in_both_languages(texts):
    written: dict[str, set[str]] = {}
    for text in texts:
        written.setdefault(text.slug, set()).add(text.language)
    assert written
    assert {slug: languages for slug, languages in written.items() if languages != set(LANGUAGES)} == {}


def test_what_is_published_as_pdf_is_not_there_a_second_time():
    printed = {text.file.stem for text in BRIEFINGS if text.file.parent == PRINTED}
    assert printed == {file.stem for file in DOCUMENTS.glob("*.pdf")}
    assert not any((DOCUMENTS / f"{name}.md").exists() for name in printed)


@pytest.mark.parametrize("text", [text for text in BRIEFINGS if text.file.parent == PRINTED], ids=named)
def test_a_pdf_says_what_its_briefing_says(text):
    """Whoever changes the Markdown runs `make pdfs`; what the PDF cannot say of itself stands in the catalogue."""
    pdf = DOCUMENTS / f"{text.file.stem}.pdf"
    parsed = parse_file(pdf, filename=pdf.name, settings=load_settings())
    printed = squash("".join(page.text for page in parsed.pages))
    words = [line for line in re.split(r"[^\w]+", text.body) if len(line) > 3]
    assert [word for word in words if squash(word) not in printed] == []
    assert pdf.stat().st_size < 1_000_000
    assert parsed.title == one_line(normalise(text.front["title"]))
    assert {h.title for page in parsed.pages for h in page.headings} >= {
        one_line(normalise(title)) for title in re.findall(r"^## (.+)$", text.body, re.MULTILINE)
    }
    described = {row["path"]: row for row in read_catalogue(CORPUS / "sources.toml") if row.get("path")}
    entry = described[pdf.relative_to(CORPUS).as_posix()]
    assert {name: entry[name] for name in (*_DESCRIBED, "id", "language", "published")} == {
        name: str(text.front[name]) for name in (*_DESCRIBED, "id", "language", "published")
    }
    assert references_in(describe(entry, parsed, pdf.name).metadata.extra) == read_references(text.front["sources"])


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_the_front_matter_says_everything(text):
    needed = (
        ("id", "language", "published", "sources") if text in BRIEFINGS else ("summary", "theme", "order", "updated")
    )
    assert [name for name in (*_DESCRIBED, *needed) if not text.front.get(name)] == []
    assert _DATE.fullmatch(str(text.front.get("published") or text.front["updated"]))
    assert language_of(str(text.front["title"])) == text.language
    if text in BRIEFINGS:
        assert (text.front["id"], text.front["language"]) == (text.slug, text.language)
        for source in text.front["sources"]:
            assert [name for name in ("title", "publisher", "url", "licence") if not source.get(name)] == []
            assert source["url"].startswith(("https://", "http://"))


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_a_text_is_in_the_language_it_says(text):
    assert language_of(text.body) == text.language


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_no_mark_of_emphasis_is_left_to_be_read(text):
    """Closing marks between a punctuation mark and a Japanese letter close nothing."""
    page = render(_CODE.sub("", text.body))
    shown = [str(page.lead), *(part for heading, html in page.sections for part in (heading.title, str(html)))]
    assert [part for part in shown if "**" in part] == []


@pytest.mark.parametrize("text", [text for text in TEXTS if text.language == "ja"], ids=named)
def test_one_word_is_used_for_one_thing(text):
    assert DISCARDED.findall(text.file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_spend_controls_are_a_thing_of_the_past(text):
    """Digital and technology spend controls were removed on 1 April 2026."""
    for paragraph in re.split(r"\n\n+", text.body):
        if _SPEND_CONTROL.search(paragraph) and not paragraph.startswith("#"):
            assert "2026" in paragraph


@pytest.mark.parametrize("slug", sorted({page.slug for page in PAGES}))
def test_a_heading_has_the_same_id_in_both_languages(slug):
    ids = [[heading.id for heading in render(page.body).headings] for page in PAGES if page.slug == slug]
    assert ids
    assert all(each == ids[0] for each in ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_of_the_partnership_is_compared(language):
    assert {page.slug for page in COMPARING if page.language == language} >= _THEMES
    assert sum(page.language == language for page in PAGES) >= 16


@pytest.mark.parametrize("text", COMPARING, ids=named)
def test_a_page_that_compares_has_everything_a_team_needs(text):
    ids = [heading.id for heading in render(text.body).headings]
    assert {"at-a-glance", "what-each-can-learn", "checklist-for-monday", "sources", "open-questions"} <= set(ids)
    assert re.search(r"^\|.+\|.+\|.+\|$", text.body, re.MULTILINE)
    assert text.body.count("- [ ] ") >= 5
    found = list(links(text))
    assert any(target.startswith("/d/") for target in found)
    assert any(target.startswith("https://") for target in found)


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_every_link_leads_somewhere(text):
    pages = {page.slug: page for page in PAGES if page.language == text.language}
    headings = {slug: {heading.id for heading in render(page.body).headings} for slug, page in pages.items()}
    terms = {term.id for term in load_glossary(CORPUS / "glossary.toml").terms}
    works = {briefing.slug for briefing in BRIEFINGS}
    own = {heading.id for heading in render(text.body).headings}

    def leads(target: str) -> bool:
        place, _, fragment = target.partition("#")
        if place.startswith(("https://", "http://")):
            return True
        if not place:
            return fragment in own
        if place.startswith("/playbook/"):
            slug = place.removeprefix("/playbook/")
            return slug in pages and (not fragment or fragment in headings[slug])
        if place == addresses.glossary():
            return not fragment or fragment in terms
        if place.startswith("/d/"):
            return place.removeprefix("/d/") in works
        return place.partition("?")[0] in (*addresses.SCREENS, "/playbook")

    assert [target for target in links(text) if not leads(target)] == []
