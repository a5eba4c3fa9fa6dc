from __future__ import annotations

import pytest
from made_library import CLOUD_EN

from kb.errors import ManifestError, NotFoundError
from kb.model.hits import Filters
from kb.sources.catalogue import chosen, held_versions, official_sources

CATALOGUE = """[[source]]
id = "uk-cloud-first"
title = "Government Cloud First policy"
title_ja = "クラウドファースト方針"
publisher = "Government Digital Service"
country = "uk"
language = "en"
published = "2013-05-05"
licence = "OGL v3.0"
url = "https://www.gov.uk/guidance/government-cloud-first-policy/"
document_type = "guidance"
status = "verified"
media = "html"

[[source]]
id = "jp-plan"
title = "重点計画"
language = "ja"
url = "https://www.digital.go.jp/plan.pdf"
supersedes = "jp-plan-2021"
"""


@pytest.fixture
def catalogue(settings):
    """Writes a catalogue and reads it."""

    def catalogue(text=CATALOGUE):
        settings.corpus_dir.mkdir(exist_ok=True)
        (settings.corpus_dir / "sources.toml").write_text(text, encoding="utf-8")
        return official_sources(settings)

    return catalogue


def test_an_entry_says_what_a_publication_is_and_where(catalogue):
    first, second = catalogue()
    assert (first.id, first.check, first.media, first.country, first.year) == (
        "uk-cloud-first", "verified", "html", "uk", 2013,
    )  # fmt: skip
    assert (first.title_in("ja"), first.title_in("en")) == ("クラウドファースト方針", "Government Cloud First policy")
    assert (second.check, second.media, second.country, second.document_type) == ("unverified", "", "other", "other")
    assert (second.title_in("en"), second.supersedes, second.year) == ("", "jp-plan-2021", None)
    assert second.described["title"] == "重点計画"


def test_an_entry_may_name_a_theme_and_no_other_word(catalogue):
    themed = CATALOGUE.replace('language = "ja"', 'language = "ja"\ntheme = "strategy"')
    assert [source.theme for source in catalogue(themed)] == [None, "strategy"]
    with pytest.raises(ManifestError, match="theme"):
        catalogue(CATALOGUE.replace('language = "ja"', 'language = "ja"\ntheme = "plans and so on"'))


def test_without_a_catalogue_there_are_no_sources(settings):
    assert official_sources(settings) == ()


def test_a_catalogue_is_read_again_when_it_changes(catalogue):
    first = catalogue()
    assert catalogue() == first
    assert len(catalogue(CATALOGUE + '[[source]]\nid = "new"\ntitle = "New"\nlanguage = "en"\n')) == 3


def test_an_entry_for_a_briefing_of_our_own_is_no_official_source(catalogue):
    own = '[[source]]\nid = "briefing"\ntitle = "B"\nlanguage = "en"\npath = "b.{}.pdf"\ndocument_type = "briefing"\n'
    assert len(catalogue(CATALOGUE + own.format("en") + own.format("ja"))) == 2


@pytest.mark.parametrize(
    ("changed", "by", "named"),
    [
        ('id = "jp-plan"', 'id = "uk-cloud-first"', "stands twice"),
        ('id = "jp-plan"', 'id = "JP plan"', "lower-case"),
        ('title = "重点計画"', "", "“title”"),
        ('language = "ja"', 'language = "fr"', "“language”"),
        ('status = "verified"', 'status = "perhaps"', "“status” must be one of verified, secondary, unverified"),
        ('media = "html"', 'media = "doc"', "“media” must be one of pdf, html"),
        ("https://www.digital.go.jp/plan.pdf", "file:///etc/passwd", "“url”"),
        ("[[source]]", "[[source", "cannot be read"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(catalogue, changed, by, named):
    with pytest.raises(ManifestError) as refused:
        catalogue(CATALOGUE.replace(changed, by))
    assert named in refused.value.message


def test_sources_are_chosen_by_their_ids_in_the_order_of_the_catalogue(catalogue):
    sources = catalogue()
    assert [s.id for s in chosen(sources, [])] == ["uk-cloud-first", "jp-plan"]
    assert [s.id for s in chosen(sources, ["jp-plan", "uk-cloud-first"])] == ["uk-cloud-first", "jp-plan"]
    with pytest.raises(NotFoundError) as refused:
        chosen(sources, ["uk-cloud"])
    assert "uk-cloud" in refused.value.message


@pytest.mark.parametrize(
    "front",
    [
        "id: uk-cloud-first",
        "url: https://www.gov.uk/guidance/government-cloud-first-policy",
        "source_url: http://GOV.UK/guidance/government-cloud-first-policy#top",
    ],
)
def test_a_source_is_held_by_its_id_or_its_address(catalogue, make_library, front):
    library = make_library({"a.md": CLOUD_EN.replace("---\n", f"---\n{front}\n", 1)}, build=False)
    held = held_versions(catalogue(), library.store.versions.list(Filters()))
    assert {name: version.path for name, version in held.items()} == {"uk-cloud-first": "a.md"}


def test_a_source_that_lies_in_the_corpus_is_held_by_its_place(catalogue, make_library):
    library = make_library({"documents/plan.md": CLOUD_EN}, build=False)
    sources = catalogue(CATALOGUE + 'path = "documents/plan.md"\n')
    assert list(held_versions(sources, library.store.versions.list())) == ["jp-plan"]


def test_a_document_that_was_withdrawn_holds_nothing(catalogue, make_library):
    library = make_library({"a.md": CLOUD_EN.replace("---\n", "---\nid: jp-plan\n", 1)}, build=False)
    library.remove("a.md")
    library.ingest()
    assert held_versions(catalogue(), library.store.versions.list_all()) == {}
