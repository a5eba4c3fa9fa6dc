"""The publications a document rests on, on its screen and at its permanent address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html.document import reference_list
from kb.i18n import Texts
from kb.model.references import KEY, read_references, references_in, references_text
from kb.model.works import Metadata

LISTED = [
    {
        "title": "Cloud First policy",
        "publisher": "GDS",
        "date": "2013-05-05",
        "url": "https://www.gov.uk/x",
        "licence": "OGL v3.0",
    },
    {"title": "基本方針 <b>", "publisher": "デジタル庁", "date": "2022年12月（改定前）", "url": "javascript:alert(1)"},
]
BRIEFING = Metadata(
    title="Cloud in both countries",
    language="en",
    document_type="briefing",
    extra={KEY: references_text(read_references(LISTED))},
)


@pytest.fixture
def version(library):
    return library.add(BRIEFING, ["In short."], id="brief1", media_type="text/markdown", paged=False)


@pytest.mark.parametrize(
    ("language", "heading", "date", "licence"),
    [("en", "Sources", "5 May 2013", "licence: OGL v3.0"), ("ja", "出典", "2013年5月5日", "ライセンス：OGL v3.0")],
)
def test_each_source_is_linked_and_says_whose_when_and_under_which_licence(version, language, heading, date, licence):
    shown = BeautifulSoup(str(reference_list(Texts(language), version)), "html.parser")
    first, second = shown.select("li")
    assert shown.h2.get_text() == heading
    assert first.a["href"] == "https://www.gov.uk/x"
    assert first.p.get_text().replace("\u00a0", " ") == f"GDS · {date} · {licence}"
    assert not second.find(["a", "b"])
    assert second.span["lang"] == "ja"
    assert "2022年12月（改定前）" in second.get_text()


def test_a_document_without_sources_has_no_such_section(library):
    version = library.store.versions.get("uk1")
    assert reference_list(Texts("en"), version) is None
    told = replace(version, metadata=replace(version.metadata, extra={KEY: "see page 3"}))
    assert reference_list(Texts("en"), told) is None


def test_entries_that_are_no_publications_are_left_out():
    assert read_references("text") == ()
    assert read_references(["text", {"title": ""}, {"title": ["list"]}, None]) == ()
    assert references_in({}) == ()
