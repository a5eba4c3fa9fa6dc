"""Citations: entries that reference managers read, nothing of a title is markup, dates as precise as known."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from kb.i18n import Texts
from kb.library.bibliography import Cited, CitedPlace, bibtex, csl_json, keys
from kb.model.works import Metadata, Version

EN, JA = Texts("en"), Texts("ja")
METADATA = Metadata(
    title="Cloud & data: 50% {more} #1_a ~ ^ \\ $5",
    language="en",
    publisher="Department for Science and Technology",
    country="uk",
    document_type="strategy",
    published="2022-06-07",
    licence="OGL v3.0",
    source_url="https://www.gov.uk/a_b?x={1}&y=50%25",
)
JAPANESE = replace(
    METADATA,
    title="重点計画",
    language="ja",
    publisher="デジタル庁",
    published="2022-06",
    licence="PDL1.0",
    source_url="",
)


def edition(metadata=METADATA, identity="abc123", **changed) -> Cited:
    version = Version(
        identity, "work", "0" * 64, "a.pdf", "application/pdf", 1, 12, 3, 40, "current", metadata, "2026-01-01"
    )
    places = (CitedPlace(4, "https://kb.example/c/p1"), CitedPlace(None, "https://kb.example/c/p2"))
    return replace(Cited(version, "https://kb.example/d/plan/abc123", "2026-11-25T10:00:00", places), **changed)


def fields(entry: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+)\s*= (.*),$", entry, re.MULTILINE))


def test_a_bibtex_entry_says_what_both_dialects_read():
    entry = bibtex(EN, [edition()])
    found = fields(entry)
    assert entry.startswith("@techreport{dst2022cloud,\n")
    assert found["author"] == found["institution"] == "{{Department for Science and Technology}}"
    assert (found["date"], found["year"], found["month"]) == ("{2022-06-07}", "{2022}", "jun")
    assert (found["urldate"], found["langid"]) == ("{2026-11-25}", "{british}")
    assert "p. 4 https://kb.example/c/p1, https://kb.example/c/p2. Licence: OGL v3.0" in found["note"]


def test_nothing_of_a_title_is_markup_in_bibtex():
    title = fields(bibtex(EN, [edition()]))["title"]
    assert title == (
        r"{{Cloud \& data: 50\% \{more\} \#1\_a \textasciitilde{} \textasciicircum{} \textbackslash{} \$5}}"
    )


@pytest.mark.parametrize("title", ["}} , note = {x", "a } b { c", "\\", "{{{"])
def test_braces_are_balanced_whatever_the_title(title):
    entry = bibtex(EN, [edition(replace(METADATA, title=title))])
    bare = re.sub(r"\\[{}]", "", entry)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"^  note\s*=", entry, re.MULTILINE)) == 1


def test_an_address_in_bibtex_is_taken_as_it_stands():
    assert fields(bibtex(EN, [edition()]))["url"] == "{https://www.gov.uk/a_b?x=%7B1%7D&y=50%25}"


def test_csl_json_keeps_the_words_and_the_name_of_a_body_whole():
    item = json.loads(csl_json(EN, [edition()]))[0]
    assert item["title"] == METADATA.title
    assert item["author"] == [{"literal": "Department for Science and Technology"}]
    assert item["issued"] == {"date-parts": [[2022, 6, 7]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert (item["type"], item["URL"], item["number-of-pages"]) == ("report", METADATA.source_url, "12")


def test_a_japanese_name_stays_japanese_and_our_link_stands_in_for_a_source_that_is_not_known():
    item = json.loads(csl_json(JA, [edition(JAPANESE)]))[0]
    assert item["author"] == [{"literal": "デジタル庁"}]
    assert item["language"] == "ja-JP"
    assert item["URL"] == "https://kb.example/d/plan/abc123"
    assert "引用箇所：4ページ https://kb.example/c/p1、" in item["note"]
    entry = bibtex(JA, [edition(JAPANESE)])
    assert fields(entry)["author"] == "{{デジタル庁}}"
    assert (fields(entry)["date"], fields(entry)["langid"]) == ("{2022-06}", "{japanese}")
    assert entry.startswith("@techreport{abc123,")


@pytest.mark.parametrize(
    ("published", "parts", "date"),
    [("2022", [2022], "{2022}"), ("2022-06", [2022, 6], "{2022-06}"), ("", None, None), ("undated", None, None)],
)
def test_dates_are_as_precise_as_known(published, parts, date):
    cited = edition(replace(METADATA, published=published))
    item, found = json.loads(csl_json(EN, [cited]))[0], fields(bibtex(EN, [cited]))
    assert item.get("issued") == ({"date-parts": [parts]} if parts else None)
    assert found.get("date") == date
    assert ("month" in found) == (parts is not None and len(parts) > 1)
    assert bibtex(EN, [cited]).startswith("@techreport" if parts else "@misc")


def test_keys_are_ascii_and_different():
    found = keys([edition(), edition(identity="def456"), edition(JAPANESE, "~x"), edition(JAPANESE, "ghi")])
    assert len(set(found)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in found)
