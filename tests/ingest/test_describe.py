from __future__ import annotations

import pytest

from kb.ingest.describe import describe as description
from kb.ingest.describe import work_name, year_in
from kb.ingest.parse.parsed import Parsed, ParsedPage
from kb.model.references import Reference, references_in
from kb.text.normalise import normalise


def parsed(*texts, title="", published="", front_matter=None):
    pages = tuple(
        ParsedPage(number, text, "ja" if any(c >= "\u3041" for c in text) else "en")
        for number, text in enumerate(texts, 1)
    )
    return Parsed("text/plain", False, pages, title, published, front_matter=front_matter or {})


def describe(told, document, path):
    return description(told, document, path).metadata


def test_what_is_told_wins_over_what_the_document_says_and_that_over_its_name():
    document = parsed(title="Own title", front_matter={"title": "Front title"})
    assert describe({"title": "Told"}, document, "a/file_name.pdf").title == "Told"
    assert describe({"title": ""}, document, "a/file_name.pdf").title == "Front title"
    assert describe({}, parsed(title="Own title"), "a/file_name.pdf").title == "Own title"
    assert describe({}, parsed(), "a/file_name.pdf").title == "file name"


def test_a_title_is_one_normalised_line_of_bounded_length():
    assert describe({"title": " Ｃｌｏｕｄ\n  First "}, parsed(), "x").title == "Cloud First"
    assert len(describe({"title": "x" * 5000}, parsed(), "x").title) == 300


@pytest.mark.parametrize(
    ("told", "texts", "language"),
    [
        ("ja", ["English text"], "ja"),
        ("EN-GB", ["これは日本語です"], "en"),
        ("fr", ["これは日本語です"], "ja"),
        ("", ["short", "これは長い日本語の文章です。"], "ja"),
        ("", [], "en"),
    ],
)
def test_the_language_is_told_or_that_of_most_of_the_text(told, texts, language):
    assert describe({"language": told}, parsed(*texts), "x").language == language


@pytest.mark.parametrize(
    ("told", "country"),
    [
        ({"publisher": "Government Digital Service"}, "uk"),
        ({"publisher": "Cabinet Office"}, "uk"),
        ({"publisher": "デジタル庁"}, "jp"),
        ({"publisher": "Digital Agency, Japan"}, "jp"),
        ({"publisher": "Cabinet Secretariat (Japan)"}, "jp"),
        ({"publisher": "経済産業省"}, "jp"),
        ({"publisher": "東京都"}, "jp"),
        ({"publisher": "OECD"}, "other"),
        ({"publisher": ""}, "other"),
        ({"publisher": "デジタル庁", "country": "UK"}, "uk"),
        ({"publisher": "OECD", "country": "Both"}, "both"),
        ({"source_repo": "alphagov/govuk-design-system"}, "uk"),
    ],
)
def test_the_country_is_told_or_follows_from_the_publisher(told, country):
    assert describe(told, parsed(), "x").country == country


@pytest.mark.parametrize(
    ("title", "document_type"),
    [
        ("National Data Strategy", "strategy"),
        ("デジタル社会の実現に向けた重点計画", "strategy"),
        ("Service Standard", "standard"),
        ("行政データ連携標準", "other"),
        ("Data Protection Act 2018", "law"),
        ("デジタル社会形成基本法", "law"),
        ("Technology code of practice", "guidance"),
        ("DS-310 政府情報システムにおけるクラウドサービスの適切な利用に関するガイドブック", "guidance"),
        ("State of digital government review", "report"),
        ("情報通信白書", "report"),
        ("Something else", "other"),
    ],
)
def test_the_type_follows_from_the_title(title, document_type):
    assert describe({"title": title}, parsed(), "x").document_type == document_type


def test_the_type_that_is_told_is_believed_where_it_is_one_of_ours():
    assert describe({"title": "National Data Strategy", "type": "Report"}, parsed(), "x").document_type == "report"
    assert describe({"title": "National Data Strategy", "type": "pamphlet"}, parsed(), "x").document_type == "strategy"


@pytest.mark.parametrize(
    ("told", "title", "own", "published"),
    [
        ("2022-06-07", "", "", "2022-06-07"),
        ("2022/06/07", "", "", "2022-06-07"),
        ("2022-06-07T10:00:00", "", "", "2022-06-07"),
        ("2022-06", "", "", "2022-06"),
        ("2022", "", "", "2022"),
        ("June 2022", "", "", "2022-06"),
        ("令和4年6月7日", "", "", "2022-06-07"),
        ("", "重点計画(令和元年)", "", "2019"),
        ("", "平成30年度白書", "", "2018"),
        ("", "Strategy 2024", "2013-01-01", "2024"),
        ("", "Strategy", "2013-01-01", "2013-01-01"),
        ("", "Strategy", "D:20130101", ""),
        ("unknown", "Strategy", "", ""),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(told, title, own, published):
    metadata = describe({"published": told, "title": title or "Untitled"}, parsed(published=own), "x")
    assert metadata.published == published
    assert metadata.year == (int(published[:4]) if published else None)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Roadmap 2022 to 2025", "2022"),
        ("Strategy 2022-25", "2022"),
        ("計画 2021年度～2025年度", "2021"),
        ("A blueprint (2025 to 2030)", "2025"),
        ("Report of 2019, revised 2021", "2021"),
        ("令和5年版 情報通信白書", "2023"),
        ("Reiwa 6 plan", "2024"),
        ("昭和60年", "1985"),
        ("WCAG 2.2 and ISO 27001", ""),
        ("version 1.2020", ""),
        ("Building 12025", ""),
        ("2050年カーボンニュートラル", ""),
    ],
)
def test_a_year_is_read_in_western_and_japanese_style(text, year):
    assert year_in(normalise(text)) == year


def test_columns_without_a_field_of_their_own_are_kept():
    metadata = describe({"title": "T", "category": "計画", "note": "seen", "path": "a.md"}, parsed(), "a.md")
    assert metadata.extra == {"category": "計画", "note": "seen"}


def test_other_names_for_the_same_thing_are_understood():
    metadata = describe({"license": "MIT", "url": "https://example.org", "date": "2020"}, parsed(), "x")
    assert (metadata.licence, metadata.source_url, metadata.published) == ("MIT", "https://example.org", "2020")


def test_names_of_works_that_differ_only_in_japanese_stay_apart():
    assert work_name("計画2020") != work_name("戦略2020")
    assert work_name("DS_310 (2023)") == "ds-310-2023"
    assert work_name("") == ""


def test_the_sources_of_front_matter_are_kept():
    listed = [{"title": "Cloud First", "url": "https://www.gov.uk/x", "date": "2013"}, {"publisher": "no title"}]
    kept = references_in(describe({}, parsed(front_matter={"sources": listed}), "x").extra)
    assert kept == (Reference(title="Cloud First", url="https://www.gov.uk/x", date="2013"),)
    assert describe({}, parsed(front_matter={"sources": []}), "x").extra == {}


def test_sources_that_are_told_win_over_those_of_the_document():
    told = {"sources": '[{"title": "Cloud First", "date": "2013"}]'}
    own = parsed(front_matter={"sources": [{"title": "Another"}]})
    assert references_in(describe(told, parsed(), "x.pdf").extra) == (Reference(title="Cloud First", date="2013"),)
    assert references_in(describe(told, own, "x.md").extra) == (Reference(title="Cloud First", date="2013"),)
    assert references_in(describe({"sources": "see page 3"}, own, "x.md").extra) == (Reference(title="Another"),)


def test_a_document_in_japanese_of_which_nothing_is_told_is_of_japan():
    assert describe({"language": "ja"}, parsed(), "x").country == "jp"
    assert describe({"language": "en"}, parsed(), "x").country == "other"
    assert describe({"language": "ja", "publisher": "Government Digital Service"}, parsed(), "x").country == "uk"
