"""Writing a playbook page in the browser: plain forms that keep what was typed, drafts, conflicts and evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.playbook.saving import Edit, save
from kb.playbook.source import Source
from kb.store import Store
from kb.store.revisions import add_revision
from kb.store.wiki_pages import bodies_in, set_body
from kb.web.pages_edit import MOST_BYTES

OURS = {"origin": "http://kakehashi.test"}
LEAD = "Lead.\n\n## In the UK {#uk}\n\nText.\n"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def fields_of(page: BeautifulSoup) -> dict[str, str]:
    """What a browser would send for the form as it stands."""
    form = page.find(id="kb-form")
    found = {
        each["name"]: each.get("value", "") for each in form.select("input[name]") if each.get("type") != "checkbox"
    }
    found |= {each["name"]: "1" for each in form.select("input[type=checkbox][checked]")}
    areas = form.select("textarea[name]")
    return found | {each["name"]: each.get_text().removeprefix("\n") for each in areas}


@pytest.fixture
def opened(client):
    def opened(address="/pages/edit/cloud-first?lang=en"):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200
        return soup(answer)

    return opened


@pytest.fixture
def send(client):
    """Sends the form of `page` with `changed` fields, as a browser does: lines end in two characters."""

    def send(page, do="publish", headers=OURS, **changed):
        fields = {**fields_of(page), "do": do, **changed}
        fields["body"] = fields["body"].replace("\n", "\r\n")
        return client.post(page.find(id="kb-form")["action"], data=fields, headers=headers, follow_redirects=False)

    return send


@pytest.fixture
def led(library):
    """The page with a text of two paragraphs."""
    save(library.store, Edit("cloud-first", "en", f"---\ntitle: Cloud first\n---\n{LEAD}", 1, "Aya"))


def latest(library, slug="cloud-first", language="en"):
    page = library.store.wiki.get(slug)
    return library.store.revisions.get(page.id, language, page.bodies[language].latest)


def test_a_reader_finds_the_way_from_a_page_to_its_form_and_back(client, opened):
    page = soup(client.get("/playbook/cloud-first?lang=en"))
    href = page.find("a", string="Edit")["href"]
    assert href == "/pages/edit/cloud-first?body=en&lang=en"
    form = opened(href)
    assert form.h1.get_text() == "Edit: Cloud first"
    assert form.find("a", string="Back to the page")["href"] == "/playbook/cloud-first?lang=en"
    assert page.find("a", string="Settings")["href"] == "/pages/settings/cloud-first?lang=en"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_field_has_its_label_and_the_text_stands_in_it_to_the_byte(client, lang, library):
    page = soup(client.get(f"/pages/edit/cloud-first?lang={lang}"))
    for field in page.select("#kb-form input:not([type=hidden]), #kb-form textarea"):
        assert page.find("label", attrs={"for": field["id"]}) or field.find_parent("label"), field
    assert fields_of(page)["body"] == Source.read(latest(library, language=lang).text).body
    identities = [each["id"] for each in page.select("[id]")]
    assert len(identities) == len(set(identities))


def test_what_is_published_is_what_readers_see_and_is_dated_and_signed(client, opened, send, library):
    answer = send(opened(), body=LEAD + "\nMore words.\n", by="Aiko  Sato", change="More words")
    assert (answer.status_code, answer.headers["location"]) == (303, "/playbook/cloud-first?done=published&lang=en")
    revision = latest(library)
    assert (revision.author, revision.summary, revision.number) == ("Aiko Sato", "More words", 2)
    assert Source.read(revision.text).date("updated")
    shown = soup(client.get(answer.headers["location"]))
    assert "More words." in shown.get_text()
    assert shown.find(role="status").get_text() == "The page is published."
    assert fields_of(opened())["by"] == "Aiko Sato"


def test_nothing_is_saved_where_nothing_was_changed(opened, send, library):
    send(opened(), by="Aiko Sato")
    assert latest(library).number == 1


def test_what_the_form_has_no_field_for_is_kept(opened, send, library):
    text = "---\ntitle: Cloud first\n# a remark\nlicence: MIT\nupdated: 2020-01-01\n---\n\nText.\n"
    save(library.store, Edit("cloud-first", "en", text, 1, "Aya"))
    send(opened(), by="Aiko", summary="New\r\nsummary", review="2027-03-31", owner="GDS: cloud team")
    source = Source.read(latest(library).text)
    assert source.text.startswith("---\ntitle: Cloud first\n# a remark\nlicence: MIT\n")
    assert source.body == "\nText.\n"
    values = [source.one(name) for name in ("summary", "review", "owner")]
    assert values == ["New summary", "2027-03-31", "GDS: cloud team"]


@pytest.mark.parametrize(("do", "stage"), [("draft", "draft"), ("review", "review")])
def test_a_draft_is_seen_by_writers_only(client, opened, send, library, do, stage):
    answer = send(opened(), do=do, body="Not for readers yet.\n", by="Aiko")
    assert answer.status_code == 303
    assert library.store.wiki.get("cloud-first").bodies["en"].stage == stage
    assert "Not for readers yet." not in client.get("/playbook/cloud-first?lang=en").text
    form = opened(answer.headers["location"])
    assert fields_of(form)["body"] == "Not for readers yet.\n"
    assert "Readers do not see it" in form.find(role="status").get_text()
    assert send(form).headers["location"] == "/playbook/cloud-first?done=published&lang=en"
    assert "Not for readers yet." in client.get("/playbook/cloud-first?lang=en").text


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(opened, send, library):
    typed = {
        "title": " ",
        "review": "soon",
        "order": "first",
        "by": "",
        "body": "<b>Typed</b> & kept\n",
        "change": "Why",
    }
    answer = send(opened(), **typed)
    assert answer.status_code == 422
    page = soup(answer)
    assert page.title.get_text().startswith("Error: ")
    links = [each["href"] for each in page.find(role="alert").select("a")]
    assert links == ["#kb-title", "#kb-review", "#kb-order", "#kb-by"]
    assert all(page.select_one(each)["aria-invalid"] == "true" for each in links)
    assert {name: fields_of(page)[name] for name in typed} == typed
    assert page.select_one("details.kb-details").has_attr("open")
    assert latest(library).number == 1


def test_a_page_that_is_too_long_comes_back_with_its_text(opened, send):
    answer = send(opened(), body="あ" * 500_001, by="Aiko")
    assert answer.status_code == 422
    assert "500,001" in soup(answer).find(role="alert").get_text()
    assert len(fields_of(soup(answer))["body"]) == 500_001
    assert 500_000 * len("%E3%81%82") < MOST_BYTES


def test_the_preview_shows_the_page_and_what_leads_nowhere_before_anything_is_saved(opened, send, library):
    body = "[[cloud-first]] [[new-page]] [[cloud-first#nope]] [[#here]] [[cite:none~1]] ![x](https://a.example/x.png)\n"
    answer = send(opened(), do="preview", body=body, title="Another title")
    page = soup(answer)
    assert answer.status_code == 200
    told = page.select_one(".kb-preview-above .kb-notice").get_text()
    for words in ("“new-page”", "“nope”", "“here”", "“none~1”", "https://a.example/x.png"):
        assert words in told
    begin = page.find("a", string="Write it (opens in a new tab)")
    assert begin["href"] == "/pages/new?slug=new-page&lang=en"
    assert fields_of(page)["body"] == body
    assert "Another title" in page.select_one(".kb-preview-title").get_text()
    assert latest(library).number == 1


def test_the_preview_alone_is_a_piece_of_the_page(client, library):
    passage = library.store.passages.list("uk1")[0].id
    fields = {"body": f"Yes [[cite:{passage}]] <script>alert(1)</script>", "language": "en", "title": "T"}
    answer = client.post("/pages/preview?lang=ja", data=fields, headers=OURS)
    assert "<html" not in answer.text
    assert "<script>" not in answer.text
    assert "問題はありません" in answer.text
    assert client.post("/pages/preview", data=fields, headers={"origin": "https://evil.example"}).status_code == 403


def test_the_edits_of_two_people_to_different_words_are_both_kept(led, opened, send, library):
    first, second = opened(), opened()
    send(first, body=LEAD.replace("Lead.", "A new lead."), by="Ben")
    answer = send(second, body=LEAD.replace("Text.", "A new text."), by="Aiko")
    assert answer.headers["location"].startswith("/playbook/cloud-first?done=merged")
    assert {"A new lead.", "A new text."} <= set(latest(library).text.splitlines())


def test_where_two_people_change_the_same_words_both_wordings_are_shown_and_nothing_is_lost(led, opened, send, library):
    first, second = opened(), opened()
    send(
        first, body=LEAD.replace("Lead.", "The lead of Ben."), theme="Cloud", owner="Ben's team", by="Ben", change="Why"
    )
    answer = send(
        second, body=LEAD.replace("Lead.", "The lead of Aiko."), theme="Data", by="Aiko", change="My reason", agrees="1"
    )
    page = soup(answer)
    assert answer.status_code == 409
    typed = fields_of(page)
    assert {"The lead of Aiko.", "The lead of Ben."} <= set(typed["body"].splitlines())
    assert (typed["theme"], typed["owner"], typed["based_on"]) == ("Data", "Ben's team", "3")
    assert (typed["change"], typed["by"], typed["agrees"]) == ("My reason", "Aiko", "1")
    assert "Somebody else entered: Cloud" in page.find(id="kb-theme-mark").get_text()
    told = page.select_one(".kb-conflict")
    assert "Ben" in told.find(role="alert").get_text()
    sides = [each.get_text() for each in told.select("pre")]
    assert sides == ["The lead of Aiko.", "The lead of Ben."]
    assert told.find("ins")
    again = send(page, body=LEAD.replace("Lead.", "The lead of both."))
    assert again.headers["location"].startswith("/playbook/cloud-first?done=published")
    source = Source.read(latest(library).text)
    assert (source.one("theme"), source.one("owner"), latest(library).number) == ("Data", "Ben's team", 4)


def test_a_new_page_gets_its_address_from_its_title(client, opened, send, library):
    page = opened("/pages/new?lang=en")
    answer = send(page, title="Cloud: costs & benefits", body="Text.\n", by="Aiko")
    assert answer.headers["location"] == "/playbook/cloud-costs-benefits?done=published&lang=en"
    assert client.get("/playbook/cloud-costs-benefits").status_code == 200


def test_a_japanese_title_asks_for_an_address(opened, send):
    page = opened("/pages/new?lang=ja")
    answer = send(page, title="費用の考え方", body="本文\n", by="佐藤")
    refused = soup(answer)
    assert refused.find(role="alert").a["href"] == "#kb-slug"
    assert send(refused, slug="costs").headers["location"] == "/playbook/costs?done=published&lang=ja"


def test_a_new_page_does_not_take_the_address_of_another_one(opened, send, library):
    answer = send(opened("/pages/new"), title="T", slug="cloud-first", by="Aiko", body="Mine\n")
    assert answer.status_code == 422
    assert "cloud-first" in soup(answer).find(role="alert").get_text()
    assert fields_of(soup(answer))["body"] == "Mine\n"
    assert latest(library).number == 1


def test_a_wanted_page_begins_at_the_address_that_was_wanted(client, opened):
    assert fields_of(opened("/pages/new?slug=cloud-costs"))["slug"] == "cloud-costs"
    assert fields_of(opened("/pages/edit/cloud-costs"))["slug"] == "cloud-costs"
    assert fields_of(opened("/pages/new?slug=<script>"))["slug"] == ""


@pytest.mark.parametrize("name", ["comparison", "how-to", "decision", "glossary-entry"])
def test_a_page_begins_with_a_template_in_either_language_under_the_same_headings(opened, send, library, name):
    english, japanese = (opened(f"/pages/new?template={name}&lang={lang}") for lang in ("en", "ja"))
    marks = [
        [line.split("{#")[1] for line in fields_of(p)["body"].splitlines() if "{#" in line] for p in (english, japanese)
    ]
    assert marks[0] == marks[1] != []
    send(english, title="New", slug="new", by="Aiko")
    kind = library.store.wiki.get("new").bodies["en"].kind
    assert kind == ("comparison" if name == "comparison" else "page")


def test_a_translation_begins_with_the_headings_and_says_that_it_agrees(client, opened, send, library):
    text = "---\ntitle: Plain\ntheme: Technology\nlicence: MIT\n---\nLead.\n\n## One {#one}\n\nText.\n"
    save(library.store, Edit("only-english", "en", text, 1, "Aya"))
    link = soup(client.get("/playbook/only-english?lang=ja")).find("a", string="日本語に翻訳する")
    page = opened(link["href"])
    typed = fields_of(page)
    assert (typed["body"], typed["theme"], typed["agrees"]) == ("## One {#one}\n\n", "技術", "1")
    assert "Lead." in page.select_one("#kb-panel-other").get_text()
    send(page, title="平文", body="導入\n\n## 一 {#one}\n\n本文\n", by="佐藤")
    bodies = library.store.wiki.get("only-english").bodies
    assert (bodies["ja"].agrees_with, bodies["en"].agrees_with) == (bodies["en"].latest, bodies["ja"].latest)
    assert Source.read(latest(library, "only-english", "ja").text).one("licence") == "MIT"


def test_sections_that_only_the_other_language_has_are_named(opened, library):
    text = "---\ntitle: Cloud first\n---\n## In the UK {#uk}\n\nText\n\n## In Japan {#japan}\n\nText\n"
    save(library.store, Edit("cloud-first", "en", text, 1, "Aya"))
    page = opened("/pages/edit/cloud-first?lang=ja&beside=1")
    assert page.select_one("#kb-panel-other .kb-notice li code").get_text() == "{#japan}"
    assert not page.select_one("#kb-panel-other").has_attr("hidden")
    assert opened("/pages/edit/cloud-first?lang=ja").select_one("#kb-panel-other").has_attr("hidden")


def test_front_matter_that_cannot_be_read_is_part_of_the_text_and_can_be_corrected(opened, send, library):
    broken = "---\ntitle: [Cloud\n---\nText\n"
    with library.store.database.write() as connection:
        page = library.store.wiki.get("cloud-first")
        add_revision(connection, page.id, "en", 2, broken, author="x", summary="", based_on=1, origin="import")
        set_body(connection, page.id, replace(bodies_in(connection, page.id)["en"], latest=2, published=2))
    form = opened()
    assert fields_of(form)["body"] == broken
    send(form, title="Cloud", body="Text\n", by="Aiko")
    assert Source.read(latest(library).text).one("title") == "Cloud"


@pytest.fixture
def draft(client):
    def draft(**fields):
        known = {"key": "cloud-first", "language": "en", "based_on": "1", "title": "Cloud first", "body": "Typed\n"}
        return client.post("/pages/draft", data={**known, **fields}, headers=OURS, follow_redirects=False)

    return draft


def test_a_draft_survives_a_restart_and_is_gone_on_with(client, opened, draft, library):
    moment = draft(change="Half a reason").json()["saved_at"]
    again = Store(library.settings)
    library.store.close()
    library.store = again
    page = opened()
    notice = page.select_one("[data-draft]")
    assert not notice.has_attr("hidden")
    assert notice.find("time")["datetime"] == moment
    restored = fields_of(opened(notice.a["href"]))
    assert (restored["body"], restored["change"], restored["based_on"]) == ("Typed\n", "Half a reason", "1")


def test_a_draft_belongs_to_one_browser_one_page_and_one_language(client, opened, draft):
    draft()
    assert opened("/pages/edit/cloud-first?lang=ja").select_one("[data-draft]").has_attr("hidden")
    assert opened("/pages/edit/only-english").select_one("[data-draft]").has_attr("hidden")
    client.cookies.clear()
    assert opened().select_one("[data-draft]").has_attr("hidden")


def test_a_draft_is_discarded_without_a_script(client, opened, draft):
    draft()
    form = opened().select_one("[data-draft] form")
    fields = {each["name"]: each["value"] for each in form.select("input")}
    answer = client.post(form["action"], data=fields, headers=OURS, follow_redirects=False)
    assert answer.headers["location"].startswith("/pages/edit/cloud-first")
    assert opened().select_one("[data-draft]").has_attr("hidden")


def test_a_draft_is_gone_once_it_is_saved_and_old_ones_are_joined_with_what_came_since(
    led, opened, send, draft, library
):
    draft(based_on="2", body=LEAD.replace("Text.", "Typed."))
    send(opened(), body=LEAD.replace("Lead.", "Ben's lead."), by="Ben")
    assert opened().select_one("[data-draft]").has_attr("hidden")
    draft(based_on="2", body=LEAD.replace("Text.", "Typed."))
    send(opened("/pages/edit/cloud-first?draft=1"), by="Aiko")
    assert {"Ben's lead.", "Typed."} <= set(latest(library).text.splitlines())


def test_a_draft_of_a_new_page_keeps_its_address(opened, draft):
    draft(key="+wanted", slug="my-address", based_on="0")
    assert fields_of(opened("/pages/new?slug=wanted&draft=1"))["slug"] == "my-address"


@pytest.mark.parametrize("fields", [{"key": "../x"}, {"key": ""}, {"language": "fr"}])
def test_a_draft_of_nothing_is_refused(draft, fields):
    assert draft(**fields).status_code == 422


def test_no_other_site_writes_pages_drafts_or_settings(client, opened, send, draft, library):
    evil = {"origin": "https://evil.example"}
    assert send(opened(), headers=evil, body="x", by="me").status_code == 403
    assert client.post("/pages/draft", data={"key": "x", "language": "en"}, headers=evil).status_code == 403
    assert client.post("/pages/settings/cloud-first", data={"do": "delete"}, headers=evil).status_code == 403
    assert latest(library).number == 1


def test_links_are_completed_from_titles_in_either_language_and_headings(client):
    found = client.get("/pages/titles?q=クラウド&lang=en").json()["pages"]
    assert found == [{"slug": "cloud-first", "title": "Cloud first", "language": "en"}]
    assert client.get("/pages/titles?page=cloud-first&body=ja").json()["headings"] == [
        {"id": "uk", "title": "英国の取組", "level": 2}
    ]
    assert client.get("/pages/titles?page=nope").json() == {"headings": []}


@pytest.mark.parametrize("query", ["cloud", "クラウドサービス"])
def test_evidence_is_found_in_both_countries_with_the_mark_that_cites_it(client, library, query):
    page = soup(client.get("/pages/find", params={"q": query, "lang": "en"}))
    assert [each["id"] for each in page.select(".kb-find h2")][:2] == ["kb-find-uk", "kb-find-jp"]
    passage = library.store.passages.list("jp1")[0].id
    assert f"[[cite:{passage}]]" in [each.get_text() for each in page.select(".kb-column-jp code")]
    part = client.get("/pages/find", params={"q": query, "part": "1"}).text
    assert "<html" not in part
    assert f'data-insert="[[cite:{passage}]]"' in part


def test_a_country_without_evidence_offers_to_say_so(client):
    page = soup(client.get("/pages/find?q=applying+policy]]|"))
    mark = page.select_one(".kb-column-jp code").get_text()
    assert mark.startswith("[[none:2")
    assert mark.endswith("|applying policy]]")


def test_the_search_for_evidence_says_why_it_cannot_answer(client, library):
    assert soup(client.get("/pages/find?q=...&lang=en")).find(role="alert")
    library.readiness.state = "preparing"
    assert soup(client.get("/pages/find?q=cloud&lang=en")).find(role="alert")


def test_what_was_typed_is_never_markup(opened, send, client):
    page = soup(send(opened(), title="<script>alert(1)</script>", body="</textarea><script>alert(2)</script>", by=""))
    assert not [each for each in page.select("script") if not each.get("src")]
    assert fields_of(page)["body"] == "</textarea><script>alert(2)</script>"
