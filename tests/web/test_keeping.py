"""Withdrawing, restoring and deleting in the browser: plain forms, of this site only, that keep what was typed."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.model.works import Metadata
from kb.playbook.saving import Edit, save

OURS = {"origin": "http://kakehashi.test"}
WITHDRAWAL = {"action": "withdraw", "reason": "By mistake", "by": "Aiko Sato"}


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def send(client):
    def send(version_id="uk1", headers=OURS, lang="en", **fields):
        return client.post(f"/keeping/{version_id}?lang={lang}", data=fields, headers=headers, follow_redirects=False)

    return send


def test_a_document_leads_to_the_page_where_it_is_withdrawn(client, library):
    page = soup(client.get(f"/d/{library.store.versions.get('uk1').work_id}"))
    link = page.find("a", string="Withdraw this document")
    form = soup(client.get(link["href"])).select_one("form.kb-form")
    assert (form["method"], form["action"]) == ("post", "/keeping/uk1?lang=en")
    for field in form.select("input[type=text]"):
        assert form.find("label", attrs={"for": field["id"]}).get_text()


@pytest.mark.parametrize(("lang", "words"), [("en", "The document was withdrawn."), ("ja", "公開を取り下げました。")])
def test_a_withdrawal_and_a_restoration_are_done_and_told(client, send, library, lang, words):
    answer = send(lang=lang, **WITHDRAWAL)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/records?done=withdrawn&lang={lang}")
    assert library.store.versions.get("uk1").status == "retired"
    page = soup(client.get(answer.headers["location"]))
    assert page.find(role="status").get_text() == words
    assert "Aiko Sato" in page.select_one(".kb-withdrawn").get_text()
    assert "Aiko Sato" in page.select_one(".kb-records tbody tr").get_text()
    assert page.select_one('.kb-withdrawn a[href^="/keeping/uk1"]')
    assert "By mistake" in soup(client.get("/keeping/uk1")).select_one(".kb-terms").get_text()
    assert send(action="restore", by="Ben Jones").headers["location"] == "/records?done=restored&lang=en"
    assert library.store.versions.get("uk1").status == "current"


@pytest.mark.parametrize(
    ("lang", "before", "after", "gone"),
    [
        (
            "en",
            "Old plan (2020) becomes the current edition again",
            "Old plan (2020) is the current edition meanwhile.",
            "The current edition is Old plan.",
        ),
        (
            "ja",
            "「Old plan」（2020年）が再び最新版になり",
            "現在は「Old plan」（2020年）が最新版になっています。",
            "現在の最新版は「Old plan」です。",
        ),
    ],
)
def test_it_is_said_which_edition_takes_the_place_of_a_withdrawn_one(client, send, library, lang, before, after, gone):
    plan = Metadata(title="Old plan", language="en", publisher="GDS", country="uk", published="2020")
    old = library.add(plan, ["The old plan about cloud."], id="old", status="superseded")
    new = library.add(replace(plan, title="New plan", published="2024", supersedes=old.id), ["The new plan."], id="new")
    assert before in soup(client.get(f"/keeping/new?lang={lang}")).get_text()
    send("new", **WITHDRAWAL)
    assert library.store.versions.get("old").status == "current"
    assert after in soup(client.get(f"/keeping/new?lang={lang}")).get_text()
    answer = client.get(f"/d/{new.work_id}/new?lang={lang}")
    assert answer.status_code == 410
    page = soup(answer)
    assert gone in page.get_text()
    assert page.select_one('a[href^="/d/old"], a[href*="id=old"]')
    page = soup(client.get(f"/d/{old.work_id}/old?lang={lang}"))
    assert page.select_one(".kb-notice-edition") is None


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"reason": "", "by": "Aiko"}, "withdraw-reason", "Enter a reason"),
        ({"reason": "By <b>mistake</b>", "by": " "}, "withdraw-by", "Enter your name"),
    ],
)
def test_a_form_that_is_not_complete_keeps_what_was_typed_and_says_what_is_missing(send, library, fields, wrong, words):
    answer = send(action="withdraw", **fields)
    assert answer.status_code == 422
    page = soup(answer)
    assert page.title.get_text().startswith("Error: ")
    assert page.find(role="alert").find("a", href=f"#{wrong}").get_text() == words
    field = page.find(id=wrong)
    assert field["aria-invalid"] == "true"
    assert words in page.find(id=f"{wrong}-error").get_text()
    assert f"{wrong}-error" in field["aria-describedby"].split()
    assert {each["name"]: each["value"] for each in page.select(".kb-form input[type=text]")} == fields
    assert library.store.versions.get("uk1").status == "current"


@pytest.mark.parametrize(
    ("lang", "words", "stays"),
    [
        ("en", "may stay readable at their links, where the licence", "stay in the record of changes"),
        (
            "ja",
            "ライセンスが認める場合、そのリンク先で引き続き読める",
            "資料名、理由、および取下げや削除を行った人の氏名は",
        ),
    ],
)
def test_it_is_said_beforehand_which_words_stay_readable_and_which_names_stay(
    client, send, library, lang, words, stays
):
    shown = soup(client.get(f"/keeping/uk1?lang={lang}")).get_text()
    assert words in shown
    assert stays not in shown
    send(**WITHDRAWAL)
    assert stays in soup(client.get(f"/keeping/uk1?lang={lang}")).find(id="delete-heading").parent.get_text()


def test_everything_that_is_missing_is_said_at_once(send):
    page = soup(send(action="withdraw", reason=" ", by=""))
    links = page.find(role="alert").select("a")
    assert [link["href"] for link in links] == ["#withdraw-reason", "#withdraw-by"]
    assert len(page.select("input[aria-invalid]")) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://kakehashi.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_no_other_site_can_withdraw_or_export(client, send, library, headers):
    answer = send(headers=headers, lang="ja", **WITHDRAWAL)
    assert answer.status_code == 403
    assert "確認できなかったため" in soup(answer).find(role="alert").get_text()
    assert client.post("/export", headers=headers).status_code == 403
    assert library.store.versions.get("uk1").status == "current"


def test_browsers_that_say_where_a_form_comes_from_are_believed(send):
    assert send(headers={"sec-fetch-site": "same-origin"}, **WITHDRAWAL).status_code == 303


@pytest.mark.parametrize("body", [b"x" * 100_000, b"&".join(b"a=%d" % n for n in range(1000)), b"\xff"])
def test_a_form_that_is_none_is_refused(client, body):
    headers = {**OURS, "content-type": "application/x-www-form-urlencoded"}
    assert client.post("/keeping/uk1", content=body, headers=headers).status_code == 403


def test_a_document_is_deleted_only_by_its_title_and_its_page_is_gone_then(client, send, library):
    send(**WITHDRAWAL)
    wrong = send(action="delete", title="Another", reason="Court order", by="Aiko Sato")
    assert wrong.status_code == 422
    page = soup(wrong)
    assert page.find(id="delete-title")["aria-invalid"] == "true"
    assert page.find(id="delete-reason")["value"] == "Court order"
    assert page.find(id="restore-reason")["value"] == ""
    title = "Government Cloud First policy"
    done = send(action="delete", title=title, reason="Court order", by="Aiko Sato")
    assert done.headers["location"] == "/records?done=deleted&lang=en"
    assert client.get("/keeping/uk1").status_code == 404
    row = soup(client.get("/records")).select_one(".kb-records tbody tr")
    assert "Deleted for good" in row.get_text()
    assert title in row.get_text()
    assert row.a is None


def test_what_readers_still_see_is_not_deleted(send, library):
    answer = send(action="delete", title="Government Cloud First policy", reason="why", by="me")
    assert answer.status_code == 422
    assert "not withdrawn" in soup(answer).find(role="alert").get_text()
    assert library.store.versions.get("uk1").status == "current"


def test_what_refers_to_a_document_is_shown_before_it_is_withdrawn(client, library):
    work = library.store.versions.get("uk1").work_id
    text = f"---\ntitle: Plain\n---\nSee [the policy](/d/{work}).\n"
    save(library.store, Edit("only-english", "en", text, 1, "Aya"))
    cited = soup(client.get("/keeping/uk1?lang=ja")).find("section", attrs={"aria-labelledby": "cited"})
    assert cited.select_one('a[href="/playbook/only-english?lang=en"]')
    assert "プレイブックの1ページ" in cited.get_text()
    assert "からの参照はありません" in soup(client.get("/keeping/jp1?lang=ja")).get_text()


def test_titles_and_reasons_are_never_markup(client, send):
    send("bad1", action="withdraw", reason="<script>alert(2)</script>", by="<b>me</b>")
    for address in ("/records", "/keeping/bad1", "/records?done=<script>"):
        text = client.get(address).text
        assert "<script>alert" not in text
        assert "<b>me" not in text


def test_there_is_no_such_page_for_what_is_not_there(client, send):
    assert client.get("/keeping/nope").status_code == 404
    assert send("nope", **WITHDRAWAL).status_code == 404
    assert send(action="nonsense").status_code == 404
    assert client.get("/export").status_code == 404


def test_the_record_is_read_a_page_at_a_time(client, send):
    for _ in range(30):
        send(**WITHDRAWAL)
        send(action="restore", by="me")
    first, second = soup(client.get("/records")), soup(client.get("/records?p=2"))
    assert (len(first.select(".kb-records tbody tr")), len(second.select(".kb-records tbody tr"))) == (50, 10)
    assert first.select_one('.kb-pages a[href="/records?p=2&lang=en"]')
    assert len(soup(client.get("/records?p=99999")).select(".kb-records tbody tr")) == 10


def test_the_export_is_a_whole_zip_without_what_is_withdrawn(client, send, library):
    send(**WITHDRAWAL)
    answer = client.post("/export", headers=OURS)
    assert answer.headers["content-disposition"].startswith('attachment; filename="kakehashi-')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as zipped:
        assert zipped.testzip() is None
        counts = json.loads(zipped.read("manifest.json"))["counts"]
    assert counts["versions"] == 3
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert client.post("/export", headers=OURS).status_code == 200


def test_a_reader_who_takes_their_time_holds_up_no_other_export(client):
    with client.stream("POST", "/export", headers=OURS) as slow:
        assert slow.status_code == 200
        assert client.post("/export", headers=OURS).status_code == 200


def test_an_export_that_cannot_be_made_is_a_page_that_says_why(client, library):
    for file in library.settings.files_dir.rglob("*"):
        if file.is_file():
            file.unlink()
    answer = client.post("/export", headers=OURS)
    assert answer.status_code == 503
    assert "zip" not in answer.headers["content-type"]
