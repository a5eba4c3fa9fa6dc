"""A passage of a document about both countries belongs to the one that its heading names."""

from dataclasses import replace

import pytest

from kb.search.coverage import country_of


@pytest.fixture(scope="module")
def about_both(small_library):
    version = next(v for v in small_library.store.versions.list_all())
    return replace(version, metadata=replace(version.metadata, country="both"))


@pytest.fixture(scope="module")
def passage(small_library, about_both):
    return small_library.store.passages.list(about_both.id)[0]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ((), "both"),
        (("The UK",), "uk"),
        (("What Japan does",), "jp"),
        (("英国の制度",), "uk"),
        (("日本",), "jp"),
        (("Japan", "Procurement"), "jp"),
        (("Japan", "What the United Kingdom can learn"), "uk"),
        (("UK and Japan",), "both"),
        (("Japan", "日英の比較：英国と日本"), "both"),
        (("Ukraine",), "both"),
    ],
)
def test_the_nearest_heading_that_names_a_country_decides(about_both, passage, section, expected):
    assert country_of(about_both, replace(passage, section=section)) == expected


def test_a_document_about_one_country_is_about_it_throughout(about_both, passage):
    british = replace(about_both, metadata=replace(about_both.metadata, country="uk"))
    assert country_of(british, replace(passage, section=("Japan",))) == "uk"
