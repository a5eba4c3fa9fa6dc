"""What a cover and an imprint say is proposed; what a text merely speaks of is not."""

from __future__ import annotations

import pytest

from kb.i18n import known_publishers
from kb.ingest.describe import describe
from kb.ingest.imprint import licence_in, printed_date, printed_licence, printed_publisher
from kb.ingest.parse.parsed import Parsed, ParsedPage
from kb.text.normalise import normalise

ENGLISH_COVER = """A blueprint for government

Department for Science, Innovation & Technology
January 2025
CP 1252"""
JAPANESE_COVER = """政府情報システムの整備に関する指針

令和6年6月7日
デジタル庁 戦略・組織グループ"""


def paged(*texts, title="", author="", published=""):
    pages = tuple(
        ParsedPage(number, text, "ja" if any("\u3041" <= c <= "\u9fff" for c in text) else "en")
        for number, text in enumerate(texts, 1)
    )
    return Parsed("application/pdf", True, pages, title, published, author)


def value(found):
    return (found.value, found.origin) if found else None


def test_the_publisher_on_the_cover_is_proposed_by_its_name_in_that_language():
    assert value(printed_publisher(paged(ENGLISH_COVER))) == (
        "Department for Science, Innovation and Technology",
        "page:1",
    )
    assert value(printed_publisher(paged(JAPANESE_COVER))) == ("デジタル庁", "page:1")
    assert value(printed_publisher(paged("Title\n\nPublished by: Cabinet Office"))) == ("Cabinet Office", "page:1")
    assert value(printed_publisher(paged("白書\n\n発行：総務省"))) == ("総務省", "page:1")


@pytest.mark.parametrize(
    "text",
    [
        "The Cabinet Office said that departments should share data.",
        "Cabinet Office reports were read by all.",
        "デジタル庁は、次の施策を進める。",
        "Home Officers of the fleet",
        "Title\n\nSomebody Else Ltd",
    ],
)
def test_a_publisher_that_a_text_speaks_of_is_not_proposed(text):
    assert printed_publisher(paged(text)) is None


def test_a_publisher_on_a_later_page_is_not_that_of_the_cover():
    assert printed_publisher(paged("Title", "Cabinet Office")) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (ENGLISH_COVER, "2025-01"),
        (JAPANESE_COVER, "2024-06-07"),
        ("Title\n\n© Crown copyright 2023", "2023"),
        ("計画\n\n2021年\n2021年8月", "2021-08"),
        ("Title\n\nThis plan of 7 June 2024 says what departments do next and why.", None),
        ("Title\n\n1252", None),
    ],
)
def test_a_date_that_stands_alone_on_the_cover_is_proposed(text, date):
    found = printed_date(paged(text))
    assert (found.value if found else None) == date


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("This publication is licensed under the terms of the Open Government Licence v3.0 except", "OGL v3.0"),
        ("free of charge in any format, re-use it under the terms of the Open Government Licence.", "OGL v3.0"),
        ("Documentation: Licensed under the Creative Commons Attribution 4.0 International License.", "CC BY 4.0"),
        ("License: CC BY-SA 4.0", "CC BY-SA 4.0"),
        ("本書は「公共データ利用規約（第1.0版）」に準拠した条件の下で利用できます。", "公共データ利用規約（第1.0版）"),
        ("「政府標準利用規約（第2.0版）」に準拠した利用条件", "政府標準利用規約（第2.0版）"),
        ("クリエイティブ・コモンズ・ライセンス 表示4.0の下で提供する。", "CC BY 4.0"),
        ("ライセンス：CC BY 4.0", "CC BY 4.0"),
        ("Departments should publish data under an Open Government Licence where they can", None),
        ("外部で定義された利用規約へのリンク(URL)を示してもよい。", None),
    ],
)
def test_a_licence_is_proposed_where_a_sentence_grants_it(text, licence):
    found = printed_licence(paged("Cover", normalise(text)))
    assert value(found) == (None if licence is None else (licence, "page:2"))


def test_licences_are_written_as_we_write_them():
    assert licence_in("OGL 2") == "OGL v2.0"
    assert licence_in("CC0") == "CC0 1.0"
    assert licence_in("PDL1.0") == "公共データ利用規約（第1.0版）"
    assert licence_in("all rights reserved") == ""


def test_every_value_is_marked_with_where_it_comes_from():
    parsed = paged(
        ENGLISH_COVER, "Licensed under the Open Government Licence v3.0.", title="A blueprint for government"
    )
    description = describe({"country": "uk"}, parsed, "20250121_blueprint.pdf")
    assert description.origins == {
        "title": "page:1",
        "publisher": "page:1",
        "language": "text",
        "country": "told",
        "document_type": "title",
        "published": "page:1",
        "licence": "page:2",
    }
    assert description.metadata.published == "2025-01"


def test_properties_and_the_name_of_the_file_serve_where_nothing_is_printed():
    parsed = paged("Text.", title="Other title", author="デジタル庁", published="2021-02-03")
    description = describe({}, parsed, "plan.pdf")
    assert (description.metadata.publisher, description.origins["publisher"]) == ("デジタル庁", "properties")
    assert (description.metadata.published, description.origins["published"]) == ("2021-02-03", "properties")
    assert description.origins["title"] == "properties"
    named = describe({}, paged("Text."), "20220331_some_plan.pdf")
    assert (named.metadata.published, named.origins["published"]) == ("2022-03-31", "name")
    assert named.origins["title"] == "name"


def test_an_author_who_is_no_publisher_is_not_proposed_as_one():
    assert describe({}, paged("Text.", author="tanaka-t"), "a.pdf").metadata.publisher == ""


def test_front_matter_is_what_the_file_says_and_no_proposal():
    parsed = Parsed("text/markdown", False, (ParsedPage(1, "Text", "en"),), front_matter={"publisher": "GDS"})
    assert describe({}, parsed, "a.md").origins["publisher"] == "file"


@pytest.mark.parametrize("publisher", known_publishers(), ids=lambda each: each.en)
def test_every_known_publisher_is_found_in_both_languages_with_its_country(publisher):
    for name in (publisher.en, publisher.ja):
        description = describe({"publisher": name}, paged("Text."), "a.pdf")
        assert description.metadata.country == publisher.country
        found = printed_publisher(paged(f"Title\n\n{name}"))
        assert found is not None
        assert found.value in (publisher.en, publisher.ja)
