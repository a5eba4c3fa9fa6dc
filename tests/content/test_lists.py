"""The glossary and the catalogue of official sources: large enough, complete, and agreeing with each other."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import fields

import pytest

from kb.ingest.parse.kinds import SUFFIXES
from kb.settings import load_settings
from kb.sources.catalogue import official_sources
from kb.text.glossary import GlossaryTerm, load_glossary
from kb.text.language import language_of
from tests.content.conftest import CORPUS, DISCARDED

TERMS = load_glossary(CORPUS / "glossary.toml").terms
SOURCES = official_sources(load_settings(corpus_dir=CORPUS))
RESERVED = {"content", "term", "found", "kb-top", "kb-foot", "kb-said"}
"""Ids that pages use themselves."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def twice(values) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]


def test_the_glossary_is_worth_opening():
    assert len(TERMS) >= 200


def test_every_way_to_write_a_term_means_one_thing():
    found = load_glossary(CORPUS / "glossary.toml").by_surface
    assert twice(term.id for term in TERMS) == []
    assert {surface: [term.id for term in terms] for surface, terms in found.items() if len(terms) > 1} == {}
    assert {term.id for term in TERMS} & RESERVED == set()


def test_every_term_is_complete_in_both_languages():
    known = {source.id for source in SOURCES}
    assert [t.id for t in TERMS if not (t.definition_en and t.definition_ja and t.source)] == []
    assert [t.id for t in TERMS if language_of(t.definition_en) != "en" or language_of(t.definition_ja) != "ja"] == []
    assert [t.id for t in TERMS if t.source not in known and not t.source.startswith("https://")] == []


def test_the_lists_use_one_word_for_one_thing():
    """What is found under a discarded form may still be written so: variants are for searching."""
    said = [text for term in TERMS for text in (term.ja, term.definition_ja)]
    assert [text for text in (*said, *(source.title_ja for source in SOURCES)) if DISCARDED.search(text)] == []


def test_the_glossary_says_nothing_that_nobody_reads():
    tables = tomllib.loads((CORPUS / "glossary.toml").read_text(encoding="utf-8"))["term"]
    assert {name for table in tables for name in table} <= {field.name for field in fields(GlossaryTerm)}


def test_the_catalogue_is_worth_fetching():
    assert len(SOURCES) >= 40
    assert {source.country for source in SOURCES} >= {"uk", "jp", "both"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_source_is_described_completely(source):
    """A date or an address that could not be found is left open, and the note says so: better than a guess."""
    open_to_doubt = set() if not source.note else {"published", "url"}
    needed = {"title", "title_en", "title_ja", "publisher", "published", "licence", "url"} - open_to_doubt
    assert [name for name in needed if not getattr(source, name)] == []
    assert {"country", "document_type", "status"} <= source.described.keys()
    assert not source.published or _DATE.fullmatch(source.published)
    assert not source.url or source.url.startswith("https://")
    assert not source.url or source.media
    assert source.check == "verified" or source.note


def test_a_source_that_comes_with_the_library_is_there():
    files = [CORPUS / source.path for source in SOURCES if source.path]
    assert [file for file in files if not file.is_file() or file.suffix not in SUFFIXES] == []


def test_every_source_has_a_theme():
    """Only what the library holds can be given one by its words."""
    assert [source.id for source in SOURCES if source.theme is None] == []


def test_no_publication_stands_twice():
    assert twice(source.url for source in SOURCES if source.url) == []
    assert twice(source.path for source in SOURCES if source.path) == []


def test_what_replaces_what_can_be_followed():
    known = {source.id: source for source in SOURCES}
    for source in SOURCES:
        for other in filter(None, (source.supersedes, source.superseded_by)):
            assert other in known, source.id
            assert other != source.id
        if source.supersedes and known[source.supersedes].superseded_by:
            assert known[source.supersedes].superseded_by == source.id
