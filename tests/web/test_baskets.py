"""The basket of evidence over HTTP: collected without scripts, kept by a cookie, taken away as files."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import docx
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from made_library import make_pdf
from sqlalchemy import insert, select

from kb.html import addresses
from kb.model.works import Metadata
from kb.store import schema
from kb.store.baskets import MOST_ITEMS, MOST_NOTE_CHARACTERS
from kb.store.versions import set_status

HERE = {"sec-fetch-site": "same-origin"}
PLAN = Metadata(
    title="Cloud plan", language="en", publisher="GDS", country="uk", published="2022-03-01", licence="OGL v3.0"
)
ENGLISH = ["Consider public cloud first, before any other option.", "Second page about cloud cost."]
JAPANESE = ["# 基本方針\nクラウドサービスの利用を第一候補として検討する。"]


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def passage(library, version_id, number=0):
    return library.store.passages.list(version_id)[number]


@pytest.fixture
def post(client):
    def send(change, *, headers=HERE, follow=True, **fields):
        return client.post(f"/basket/{change}", data={"sent": "1", **fields}, headers=headers, follow_redirects=follow)

    return send


@pytest.fixture
def collected(library, post):
    """A page of a real PDF and a Japanese passage, in the basket of the client."""
    plan = library.add(PLAN, ENGLISH, id="plan", data=make_pdf(*ENGLISH))
    first, second = passage(library, plan.id), passage(library, "jp1")
    post("add", passage=first.id, query="cloud first")
    post("add", passage=second.id)
    return first, second


def test_without_a_script_a_passage_is_collected_and_the_reader_is_led_back(client, library):
    page = soup(client.get(addresses.passage(passage(library, "uk1").id) + "?lang=ja"))
    form = page.select_one("form[data-basket]")
    assert form["method"] == "post"
    assert form.button.get_text().startswith("引用リストに追加")
    fields = {each["name"]: each["value"] for each in form.select("input")}
    place = addresses.passage(passage(library, "uk1").id)
    headers = {**HERE, "referer": f"http://kakehashi.test{place}?lang=ja"}
    answer = client.post(form["action"], data=fields, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}?lang=ja")
    cookie = answer.headers["set-cookie"]
    assert all(each in cookie for each in ("kb_basket=", "HttpOnly", "SameSite=lax", "Max-Age=15552000", "Path=/"))
    assert "Secure" not in cookie
    page = soup(client.get(f"{place}?lang=ja"))
    assert page.select_one("form[data-basket] button").get_text().startswith("引用リストから外す")
    assert page.select_one("#kb-top [data-basket-count]").get_text() == "（1）"


def test_the_cookie_is_only_for_encrypted_connections_where_readers_have_one(client, library, post):
    library.settings = library.settings.model_copy(update={"base_url": "https://kakehashi.example"})
    answer = post("add", passage=passage(library, "uk1").id, follow=False)
    assert "Secure" in answer.headers["set-cookie"]


def test_nothing_is_remembered_of_a_reader_who_collects_nothing(client, post):
    for answer in (client.get("/basket"), client.get("/"), client.get("/basket/state"), post("clear")):
        assert "kb_basket" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_no_other_site_changes_a_basket_or_replaces_it_by_another(client, library, collected, post, headers):
    answer = post("clear", headers=headers)
    assert answer.status_code == 403
    assert "did not come from a page of this service" in answer.text
    assert client.get("/basket/state").json()["count"] == 2
    client.cookies.clear()
    answer = post("add", headers=headers, passage=passage(library, "uk1").id)
    assert "set-cookie" not in answer.headers


def test_an_older_browser_says_only_its_origin(client, library, post):
    answer = post("add", headers={"origin": "http://kakehashi.test"}, passage=passage(library, "uk1").id)
    assert answer.status_code == 200


def test_a_script_is_told_the_new_state(client, library, post, collected):
    answer = post("remove", headers={**HERE, "accept": "application/json"}, passage=collected[0].id)
    assert answer.json() == {"count": 1, "passages": [collected[1].id]}
    assert answer.headers["cache-control"] == "no-store"
    answer = post("add", headers={**HERE, "accept": "application/json"}, passage="nope")
    assert answer.status_code == 409
    assert answer.json()["problem"].startswith("This library holds no such passage, so nothing was added.")


def test_the_page_says_of_each_passage_what_a_citation_needs(client, collected):
    page = soup(client.get("/basket?lang=en"))
    first, second = page.select(".kb-evidence > li")
    assert first.h3.get_text() == "Cloud plan"
    assert first.blockquote.get_text() == "Consider public cloud first, before any other option."
    for words in ("1 March 2022", "GDS", "OGL v3.0", "cloud first", f"/c/{collected[0].id}", "This edition is current"):
        assert words in first.get_text()
    assert second.blockquote["lang"] == "ja"
    japanese = soup(client.get("/basket?lang=ja"))
    assert japanese.h1.get_text() == "引用リスト"
    assert "最新版の資料で、文章は引用時のままです。" in japanese.get_text()
    assert not page.main.find_all("script")


@pytest.mark.parametrize(("language", "words"), [("en", "You have not collected"), ("ja", "まだ登録されていません")])
def test_an_empty_basket_explains_itself(client, language, words):
    response = client.get(f"/basket?lang={language}")
    assert words in response.text
    assert soup(response).select_one('main a[href^="/?"]')
    assert client.get("/basket/evidence.pdf", follow_redirects=False).status_code == 303


def test_passages_are_put_in_order_noted_removed_and_put_back(client, collected, post):
    first, second = (each.id for each in collected)
    post("up", passage=second)
    assert client.get("/basket/state").json()["passages"] == [second, first]
    page = soup(post("note", passage=first, **{f"note-{first}": "Why <b>it</b> matters\nhere"}))
    assert page.select_one(f"#note-{first}").get_text() == "Why <b>it</b> matters\nhere"
    assert "The note was saved." in page.get_text()
    page = soup(post("take-out", passage=first))
    assert client.get("/basket/state").json()["count"] == 1
    post("put-back", removed=page.select_one(".kb-notice button[name=removed]")["value"])
    assert soup(client.get("/basket")).select_one(f"#note-{first}").get_text().startswith("Why <b>it")
    page = soup(post("clear"))
    assert "You have not collected" in page.get_text()
    post("put-back", removed=page.select_one("button[name=removed]")["value"])
    assert client.get("/basket/state").json()["passages"] == [second, first]


def test_a_note_that_is_too_long_is_not_lost(client, collected, post):
    long = "x" * 2001
    first, second = (each.id for each in collected)
    answer = post("note", passage=first, **{f"note-{first}": long, f"note-{second}": "short"})
    assert answer.status_code == 409
    page = soup(answer)
    assert "2,001 characters long" in page.select_one("[role=alert]").get_text()
    assert [page.select_one(f"#note-{each}").get_text() for each in (first, second)] == [long, "short"]


def sent(page) -> dict[str, str]:
    """The fields of the form of evidence as a browser sends them with any of its buttons."""
    fields = {each["name"]: each["value"] for each in page.select("input[form=evidence]")}
    return fields | {each["name"]: each.get_text() for each in page.select("textarea[form=evidence]")}


@pytest.mark.parametrize("change", ["note", "up", "down", "take-out", "clear"])
def test_whatever_is_done_the_notes_that_were_typed_are_saved(client, library, collected, post, change):
    first, second = (each.id for each in collected)
    page = soup(client.get("/basket"))
    assert page.select_one("form#evidence")["method"] == "post"
    for button in page.select(".kb-evidence button[formaction], #clear button"):
        assert button["form"] == "evidence"
        assert button["formaction"].startswith("/basket/")
    post(change, **sent(page) | {"passage": first, f"note-{second}": "両国で\r\n比べる", f"note-{first}": "x" * 2000})
    if change in ("take-out", "clear"):
        post("put-back", removed=_moment(library))
    shown = soup(client.get("/basket"))
    assert shown.select_one(f"#note-{second}").get_text() == "両国で\n比べる"
    assert shown.select_one(f"#note-{first}").get_text() == "x" * 2000


def _moment(library) -> str:
    with library.store.database.read() as connection:
        return max(connection.scalars(select(schema.basket_items.c.removed_at)))


def test_a_page_that_was_opened_long_ago_overwrites_no_note_written_since(client, collected, post):
    first, second = (each.id for each in collected)
    old = sent(soup(client.get("/basket")))
    post("note", passage=first, **{f"note-{first}": "written in another window"})
    post("note", **old | {"passage": second, f"note-{second}": "written here"})
    page = soup(client.get("/basket"))
    assert page.select_one(f"#note-{first}").get_text() == "written in another window"
    assert page.select_one(f"#note-{second}").get_text() == "written here"
    post("note", **sent(page) | {"passage": first, f"note-{first}": ""})
    assert soup(client.get("/basket")).select_one(f"#note-{first}").get_text() == ""


def test_a_basket_full_of_the_longest_notes_is_sent_whole(client, library, post):
    words = "\n\n".join(f"Paragraph {n} about the cloud." for n in range(MOST_ITEMS))
    version = library.add(PLAN, [words], id="long")
    ids = [each.id for each in library.store.passages.list(version.id)][:MOST_ITEMS]
    for each in ids:
        post("add", passage=each, follow=False)
    assert client.get("/basket/state").json()["count"] == len(ids) == MOST_ITEMS
    fields = sent(soup(client.get("/basket"))) | {f"note-{each}": "雲" * MOST_NOTE_CHARACTERS for each in ids}
    assert post("note", passage=ids[0], **fields).status_code == 200
    assert client.get("/basket").text.count("雲" * MOST_NOTE_CHARACTERS) == MOST_ITEMS


def test_the_page_says_what_has_become_of_a_passage(client, library, post):
    old = library.add(PLAN, ["# Cloud\nDepartments should consider public cloud first."], id="old", work_id="w",
                      status="superseded")  # fmt: skip
    newer = replace(PLAN, title="Cloud plan 2025", published="2025-06-13", supersedes="w")
    library.add(newer, ["# Cloud\nDepartments must use public cloud first."], id="new", work_id="w")
    cited = passage(library, old.id)
    post("add", passage=cited.id)
    item = soup(client.get("/basket")).select_one(".kb-evidence > li")
    assert "Superseded by Cloud plan 2025 on 13 June 2025. The newer edition words this differently." in item.get_text()
    assert item.select_one(f'.kb-standing a[href^="/c/{passage(library, "new").id}"]')
    assert item.select_one('.kb-standing a[href*="/changes/"]')


@pytest.mark.parametrize(("licence", "is_shown"), [("OGL v3.0", True), ("", False)])
def test_words_of_a_withdrawn_document_are_shown_where_its_licence_allows(client, library, post, licence, is_shown):
    version = library.add(replace(PLAN, licence=licence), ENGLISH, id="plan")
    post("add", passage=passage(library, version.id).id)
    with library.store.database.write() as connection:
        set_status(connection, version.id, "retired")
        row = {"version_id": version.id, "reason": "x", "withdrawn_by": "Aki", "withdrawn_at": "2026-02-03T01:00"}
        connection.execute(insert(schema.withdrawals).values(**row))
    page = soup(client.get("/basket"))
    assert "was withdrawn from this library on 3 February 2026" in page.get_text()
    assert bool(page.main.blockquote) == is_shown
    assert ("Consider public cloud" in client.get("/basket/evidence.md").text) == is_shown


def test_a_passage_that_is_gone_keeps_its_note(client, library, post, collected):
    post("note", **{f"note-{collected[0].id}": "still mine"})
    with library.store.database.write() as connection:
        connection.execute(schema.passages.delete().where(schema.passages.c.id == collected[0].id))
        row = {"kind": "passage", "id": collected[0].id, "version_id": "plan", "deleted_at": "2026-02-03T01:00"}
        connection.execute(insert(schema.deletions).values(**row))
    page = soup(client.get("/basket"))
    assert "was deleted from this library on 3 February 2026" in page.get_text()
    assert page.select_one(f"#note-{collected[0].id}").get_text() == "still mine"
    for ending in addresses_of_files():
        assert client.get(f"/basket/evidence.{ending}").status_code == 200
    assert "still mine" in client.get("/basket/evidence.md").text


def addresses_of_files() -> tuple[str, ...]:
    return ("pdf", "docx", "md", "bib", "json")


@pytest.mark.parametrize("ending", addresses_of_files())
def test_every_file_is_for_its_reader_alone_and_has_a_name(client, collected, ending):
    headers = client.get(f"/basket/evidence.{ending}").headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-disposition"].endswith(f'.{ending}"')
    assert headers["content-disposition"].startswith("attachment")


def test_the_files_hold_the_quotation_the_picture_and_an_absolute_link(client, library, collected, post):
    library.settings = library.settings.model_copy(update={"base_url": "http://kakehashi.example"})
    post("note", **{f"note-{collected[1].id}": "両国で比べる"})
    link = f"http://kakehashi.example/c/{collected[0].id}"
    text = client.get("/basket/evidence.md?lang=en").text
    picture = f"http://kakehashi.example/files/plan/page-1.jpg?passage={collected[0].id}"
    for words in (f"<{link}>", picture, "> Consider public cloud first", "両国で比べる", "OGL v3.0", "1 March 2022"):
        assert words in text
    word = docx.Document(io.BytesIO(client.get("/basket/evidence.docx?lang=ja").content))
    assert len(word.inline_shapes) == 1
    assert link in [rel.target_ref for rel in word.part.rels.values() if rel.is_external]
    with pypdfium2.PdfDocument(client.get("/basket/evidence.pdf?lang=ja").content) as made:
        shown = "".join("".join(page.get_textpage().get_text_range().split()) for page in made)
    assert "クラウドサービスの利用を第一候補として検討します。" in shown
    assert "両国で比べる" in shown
    items = json.loads(client.get("/basket/evidence.json").text)
    assert [item["title"] for item in items] == ["Cloud plan", library.store.versions.get("jp1").title]
    assert link in items[0]["note"]
    assert "http://kakehashi.example/d/" in client.get("/basket/evidence.bib").text


def test_a_format_or_a_change_that_is_not_there_is_a_404(client, collected, post):
    assert client.get("/basket/evidence.exe").status_code == 404
    assert post("explode").status_code == 404
    assert client.get("/basket/add").status_code in (404, 405)


def test_a_cookie_that_is_not_ours_opens_nothing(client):
    client.cookies.set("kb_basket", "../../x")
    assert "You have not collected" in client.get("/basket").text
