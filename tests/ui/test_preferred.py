from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.html.preferred import preferred
from kb.i18n import Texts
from kb.model.preference import NO_PREFERENCE, NamedPublisher, Period, Preference

AGENCY = NamedPublisher("デジタル庁", frozenset({"デジタル庁"}))


@pytest.mark.parametrize(
    ("preference", "english", "japanese"),
    [
        (Preference(("jp",)), "documents of Japan", "日本の資料"),
        (Preference(("uk",)), "documents of the United Kingdom", "英国の資料"),
        (Preference(publishers=(AGENCY,)), "documents published by デジタル庁", "デジタル庁が発行した資料"),
        (Preference(period=Period(2022, 2022)), "documents of 2022", "2022年の資料"),
        (
            Preference(period=Period(2022, 2022, fiscal=True)),
            "documents of the fiscal year 2022",
            "2022年度の資料",
        ),
        (Preference(period=Period(2022, 2025)), "documents from 2022 to 2025", "2022年から2025年までの資料"),
        (Preference(period=Period(2023, None)), "documents of 2023 or later", "2023年以降の資料"),
        (Preference(period=Period(None, 2020)), "documents of 2020 or earlier", "2020年以前の資料"),
        (
            Preference(("jp",), period=Period(2022, 2022)),
            "documents of Japan and documents of 2022",
            "日本の資料と2022年の資料",
        ),
    ],
)
def test_one_line_says_which_documents_were_put_forward(preference, english, japanese):
    said = [BeautifulSoup(str(preferred(Texts(language), preference)), "html.parser") for language in ("en", "ja")]
    assert [each.get_text() for each in said] == [f"Preference is given to {english}.", f"{japanese}を優先しています。"]


def test_a_name_in_the_other_language_says_so():
    line = BeautifulSoup(str(preferred(Texts("en"), Preference(publishers=(AGENCY,)))), "html.parser")
    assert line.find(lang="ja").get_text() == "デジタル庁"


def test_nothing_is_said_where_nothing_was_preferred():
    assert preferred(Texts("en"), NO_PREFERENCE) is None


def test_what_was_typed_never_becomes_markup():
    line = preferred(Texts("en"), Preference(publishers=(NamedPublisher("<b>", frozenset()),)))
    assert "<b>" not in str(line)
