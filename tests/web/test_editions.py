"""Permanent links over time: former ids, older editions, comparisons, what was withdrawn and what was deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert

from kb.html import addresses
from kb.model.works import Metadata
from kb.store import schema
from kb.store.versions import set_status, set_work

OLD_EN = Metadata(
    title="Digital plan 2022", language="en", publisher="GDS", country="uk", published="2022-03-01", licence="OGL v3.0"
)
NEW_EN = replace(OLD_EN, title="Digital plan 2025", published="2025-06-13", supersedes="plan-2022")
OLD_JA = replace(OLD_EN, title="重点計画2022", language="ja", country="jp", publisher="デジタル庁", licence="PDL 1.0")
NEW_JA = replace(OLD_JA, title="重点計画2025", published="2025-06-13", supersedes="keikaku-2022")

BEFORE_EN = ["# Cloud\nDepartments should consider public cloud first.", "# People\nEvery team has a designer."]
AFTER_EN = [
    "# People\nEvery team has a designer.",
    "# Cloud\nDepartments must use public cloud first.",
    "# Data\nData is open.",
]
BEFORE_JA = ["# クラウド\nクラウドサービスの利用を第一候補として検討する。", "# 人材\n全てのチームに設計者を置く。"]
AFTER_JA = [
    "# 人材\n全てのチームに設計者を置く。",
    "# クラウド\nクラウドサービスの利用を原則とする。",
    "# データ\nデータを公開する。",
]


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def plans(library):
    """Two editions of a plan in each language, each under an id of its own."""
    old = library.add(OLD_EN, BEFORE_EN, id="en22", work_id="plan-2022", status="superseded")
    new = library.add(NEW_EN, AFTER_EN, id="en25", work_id="plan-2025")
    alt = library.add(OLD_JA, BEFORE_JA, id="ja22", work_id="keikaku-2022", status="superseded")
    neu = library.add(NEW_JA, AFTER_JA, id="ja25", work_id="keikaku-2025")
    return {"en": (old, new), "ja": (alt, neu)}


def correct(library, version_id, work_id):
    with library.store.database.write() as connection:
        set_work(connection, version_id, work_id)


def withdraw(library, version_id, reason="It was the wrong file."):
    with library.store.database.write() as connection:
        set_status(connection, version_id, "retired")
        row = {"version_id": version_id, "reason": reason, "withdrawn_by": "Aki", "withdrawn_at": "2026-02-03T01:00"}
        connection.execute(insert(schema.withdrawals).values(**row))


def cited(library, version_id, number=0):
    return library.store.passages.list(version_id)[number]


def test_an_id_that_was_corrected_redirects_for_ever_and_may_be_corrected_back(client, library):
    work, edition = "/d/cloud-first", "/d/cloud-first/uk1"
    correct(library, "uk1", "cloud-first")
    assert client.get(work, follow_redirects=False).status_code == 200
    correct(library, "uk1", "government-cloud-first")
    for address, to in ((work, "/d/government-cloud-first"), (edition, "/d/government-cloud-first/uk1")):
        answer = client.get(f"{address}?lang=ja", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"{to}?lang=ja")
        assert answer.headers["cache-control"] == "no-cache"
    correct(library, "uk1", "cloud-first")
    assert client.get(work, follow_redirects=False).status_code == 200
    assert client.get("/d/government-cloud-first", follow_redirects=False).headers["location"] == work


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_older_edition_leads_to_the_one_of_its_language_in_another_work(client, plans, language):
    old, new = plans[language]
    for address in (addresses.work(old), addresses.edition(old)):
        notice = soup(client.get(f"{address}?lang={language}")).select_one(".kb-notice-edition")
        said = {
            "en": "Superseded by Digital plan 2025 on 13 June 2025.",
            "ja": "2025年6月13日に「重点計画2025」に置き換えられました。",
        }
        assert said[language] in notice.get_text()
        assert notice.a["href"].startswith(f"/document?id={new.id}&")
        assert notice.select("a")[1]["href"].startswith(addresses.changes_between(old, new))
    assert soup(client.get(addresses.work(new))).select_one(".kb-notice-edition") is None
    assert soup(client.get(addresses.work(new))).find("a", href=addresses.changes("en", old, new))


@pytest.mark.parametrize(
    ("language", "counts", "removed", "added"),
    [
        ("en", "1 section unchanged, 1 changed, 1 added", "should consider", "must use"),
        ("ja", "変更なし1項目、変更1項目、追加1項目", "第一候補として検討", "原則と"),
    ],
)
@pytest.mark.parametrize("reader", ["en", "ja"])
def test_what_changed_between_two_editions_needs_no_script(client, plans, language, counts, removed, added, reader):
    page = soup(client.get(addresses.changes(reader, *plans[language])))
    assert page.html["lang"] == reader
    if reader == language:
        assert counts in page.select_one("#summary + p").get_text()
    marks = [
        [mark.find(string=True, recursive=False).strip() for mark in page.select(f".kb-change {tag}")]
        for tag in ("del", "ins")
    ]
    assert removed in marks[0]
    assert added in marks[1]
    assert {each["lang"] for each in page.select(".kb-difference[lang]")} == {language}
    assert page.select_one('link[rel="canonical"]')["href"].endswith(addresses.changes_between(*plans[language]))
    assert not page.main.find_all("script")


def test_editions_that_cannot_be_compared_say_why(client, plans, library):
    english, japanese = plans["en"][0], plans["ja"][0]
    answer = client.get(addresses.changes("en", english, japanese))
    assert answer.status_code == 404
    assert "different languages" in soup(answer).main.get_text()
    empty = library.add(replace(OLD_EN, title="Scan"), [""], id="scan")
    second = library.add(replace(OLD_EN, title="Scan again"), ["", ""], id="scan2")
    assert "nothing to compare" in client.get(addresses.changes("en", empty, second)).text
    same = client.get(addresses.changes("en", english, english), follow_redirects=False)
    assert same.headers["location"].startswith(addresses.edition(english))
    assert client.get("/d/plan-2022/en22/changes/nope").status_code == 404
    moved = client.get("/d/other/en22/changes/en25?p=1", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/d/plan-2022/en22/changes/en25?p=1")


def test_nothing_from_a_document_becomes_markup_in_a_comparison(client, library):
    before = library.add(
        replace(OLD_EN, title="<b>One</b>"), ["# <i>A</i>\n<script>alert(1)</script> and words"], id="h1"
    )
    after = library.add(replace(OLD_EN, title="<b>Two</b>"), ["# <i>A</i>\n<img src=x> and words"], id="h2")
    page = soup(client.get(addresses.changes("en", before, after)))
    assert not page.main.find_all(["script", "img", "i", "b"])
    assert "alert(1)" in page.get_text()


def test_a_long_comparison_comes_in_parts_and_its_contents_lead_to_each(client, library):
    words = "words that say something about the measure and its cost to the public " * 8
    chapters = range(120)
    before = library.add(OLD_EN, [f"# Chapter {n}\nIn the year {n} {words}{n}." for n in chapters], id="long1")
    after = library.add(NEW_EN, [f"# Chapter {n}\nIn the season {n} {words}{n}." for n in chapters], id="long2")
    first = soup(client.get(addresses.changes("en", before, after)))
    links = [link["href"] for link in first.select(".kb-changes-contents li a")]
    assert len(links) == 120
    assert links[0] == "#section-1"
    last, _, fragment = links[-1].partition("#")
    assert soup(client.get(last)).find(id=fragment)
    assert first.select_one(".kb-pages").get_text().startswith("Part 1 of 4")
    assert (
        soup(client.get(addresses.changes("en", before, after, part=99))).select_one(".kb-pages").li.get_text()
        == "Part 4 of 4"
    )


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [(0, "changed", "The words have changed:"), (1, "same", "The words are the same.")],
)
def test_a_citation_of_an_older_edition_says_what_became_of_it(client, library, plans, number, kind, said):
    passage = cited(library, "en22", number)
    page = soup(client.get(addresses.passage(passage.id)))
    assert passage.text in page.blockquote.get_text()
    fate = page.select_one(f".kb-fate-{kind}")
    assert said in fate.get_text()
    assert fate.select(".kb-actions a")[0]["href"].startswith("/c/")
    japanese = soup(client.get(f"{addresses.passage(cited(library, 'ja22', number).id)}?lang=ja"))
    assert japanese.select_one(f".kb-fate-{kind} h2").get_text() == "最も新しい版での該当箇所"
    assert "removed:" not in japanese.get_text()


def test_a_citation_of_what_is_no_longer_said_says_so(client, library, plans):
    library.read_again(plans["en"][1], ["# Harbours\nShips come and go."])
    page = soup(client.get(addresses.passage(cited(library, "en22").id)))
    assert "The words are no longer there." in page.select_one(".kb-fate-removed").get_text()
    assert page.blockquote.get_text() == cited(library, "en22").text


def test_a_passage_that_is_on_another_page_since_it_was_read_anew_says_where(client, library):
    passage = cited(library, "uk1", 1)
    library.read_again(library.store.versions.get("uk1"), ["First.", "Second.", passage.text])
    page = soup(client.get(addresses.passage(passage.id)))
    assert "now found on page 3" in page.select_one(".kb-notice-edition").get_text()


@pytest.mark.parametrize(("language", "reason"), [("en", "Reason: It was the wrong file."), ("ja", "理由：It was")])
def test_a_withdrawn_document_is_gone_but_its_citations_keep_their_words(client, library, plans, language, reason):
    old, new = plans["en"]
    passage = cited(library, old.id)
    withdraw(library, old.id)
    for address in (
        *(addresses.work(old), addresses.edition(old), addresses.file(old), addresses.passage(passage.id)),
        *(addresses.picture(old, 1), addresses.changes_between(old, new), addresses.changes_between(new, old)),
    ):
        answer = client.get(f"{address}?lang={language}")
        assert answer.status_code == 410, address
        page = soup(answer)
        assert page.h1.get_text() in ("This document has been withdrawn", "この資料は公開を取り下げています")
        assert reason in page.main.get_text()
        assert page.select_one('main a[href^="/library"]')
        assert (passage.text in answer.text) == address.startswith("/c/")
    assert "Digital plan 2025" in client.get(addresses.edition(old)).text


@pytest.mark.parametrize("licence", ["", "not stated", "OGL v3.0 expected", "All rights reserved"])
def test_words_of_a_withdrawn_document_are_not_shown_without_a_licence(client, library, licence):
    version = library.add(replace(OLD_EN, title="Closed", licence=licence), ["Words of the author."], id="closed")
    passage = cited(library, version.id)
    withdraw(library, version.id)
    answer = client.get(addresses.passage(passage.id))
    assert answer.status_code == 410
    assert passage.text not in answer.text
    assert "no licence is known" in answer.text


def test_a_work_shows_an_edition_that_is_left_when_another_was_withdrawn(client, library):
    kept = library.add(replace(OLD_EN, title="Kept"), ["One."], id="kept", work_id="pair", status="superseded")
    library.add(replace(OLD_EN, title="Gone"), ["Two."], id="gone", work_id="pair")
    withdraw(library, "gone")
    assert soup(client.get(addresses.work(kept))).h1.get_text() == "Kept"


@pytest.mark.parametrize(
    ("kind", "identity", "address"),
    [
        ("work", "lost-work", "/d/lost-work"),
        ("version", "lost", "/d/lost-work/lost"),
        ("version", "lost", "/files/lost.pdf"),
        ("passage", "lostpassage", "/c/lostpassage"),
    ],
)
def test_what_was_deleted_for_good_says_so_without_its_words(client, library, kind, identity, address):
    assert client.get(address).status_code == 404
    with library.store.database.write() as connection:
        row = {"kind": kind, "id": identity, "version_id": "lost", "deleted_at": "2026-02-03T01:00:00.000+00:00"}
        connection.execute(insert(schema.deletions).values(**row))
    answer = client.get(f"{address}?lang=ja")
    assert answer.status_code == 410
    assert "2026年2月3日" in soup(answer).main.get_text()
