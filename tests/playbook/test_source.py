"""Front matter and Markdown, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ManifestError
from kb.playbook.slugs import is_slug, proposed_slug
from kb.playbook.source import PLACE_LAST, Source

PAGE = "---\ntitle: Cloud\norder: 40\nlicence: MIT\nupdated: 2026-11-22\n---\n\nText.\n"


@given(st.one_of(st.text(), st.text("-\n: ab")))
def test_the_parts_of_a_text_are_the_text(text):
    assert Source.read(text).text == text


def test_values_are_read_as_text_and_other_lines_stay():
    source = Source.read(PAGE)
    assert (source.one("title"), source.place, source.one("licence"), source.date("updated")) == (
        *("Cloud", 40, "MIT", "2026-11-22"),
    )
    assert source.with_values({"title": "Cloud: first", "updated": "2026-11-25"}).text == PAGE.replace(
        "title: Cloud", "title: 'Cloud: first'"
    ).replace("2026-11-22", "2026-11-25")


def test_setting_what_is_set_changes_no_byte():
    quoted = PAGE.replace("title: Cloud", 'title: "Cloud"')
    assert Source.read(quoted).with_values({"title": "Cloud", "order": "40"}).text == quoted


def test_a_value_is_added_to_a_page_without_front_matter_and_taken_out_again():
    added = Source.read("Text.\n").with_values({"title": "クラウド"})
    assert added.text == "---\ntitle: クラウド\n---\nText.\n"
    assert added.with_values({"title": ""}).text == "---\n---\nText.\n"


def test_a_value_over_several_lines_is_replaced_whole():
    folded = "---\ntitle: >\n  One\n  two\nowner: Aya\n---\n"
    assert Source.read(folded).with_values({"title": "Three"}).text == "---\ntitle: Three\nowner: Aya\n---\n"


@given(
    st.text().filter(lambda text: "\x00" not in text),
    st.sampled_from(["title", "summary", "theme", "owner"]),
)
def test_any_value_can_be_set_and_read_again(value, name):
    value = "".join(character for character in value if character.isprintable())
    source = Source.read(PAGE).with_values({name: value})
    assert source.one(name) == " ".join(value.split())
    assert Source.read(source.text).one(name) == source.one(name)
    assert source.one("licence") == "MIT"


def test_front_matter_that_cannot_be_read_is_an_error_with_a_remedy():
    with pytest.raises(ManifestError) as failed:
        _ = Source.read("---\ntitle: [\n---\n").fields
    assert failed.value.remedy


@pytest.mark.parametrize("order", ["", "soon", "-1", "9" * 12, "４０"])
def test_a_page_without_a_usable_place_stands_last(order):
    assert Source.read(f"---\ntitle: a\norder: {order}\n---\n").place == PLACE_LAST


@pytest.mark.parametrize("slug", ["", "../secret", "Cloud", "a//b", "a-", "/a", "a b", "images/x", "雲", "a" * 121])
def test_what_is_no_address_is_refused(slug):
    assert not is_slug(slug)


def test_an_address_is_proposed_from_latin_words():
    assert proposed_slug("Cloud first: naïve or not?") == "cloud-first-naive-or-not"
    assert proposed_slug("クラウド") == ""
    assert is_slug("teams/service-1")
