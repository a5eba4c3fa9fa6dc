"""Revisions, differences, changes and reports of the playbook, over plain HTTP."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from kb.playbook.moving import archive, delete, move
from kb.playbook.saving import Edit, save

OURS = {"origin": "http://kakehashi.test"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def text(body: str, **values: str) -> str:
    front = "".join(f"{name}: {value}\n" for name, value in {"title": "Cloud", "theme": "T", **values}.items())
    return f"---\n{front}---\n{body}"


@pytest.fixture
def pages(library):
    """A page with three texts, the last a draft, and its translation."""
    store = library.store
    save(store, Edit("cloud", "en", text("We rent what we need.\n\n## Costs {#costs}\n"), 0, "Aya", "First text"))
    ja = text("必要なものを借ります。\n\n## 費用 {#costs}\n", title="クラウド")
    save(store, Edit("cloud", "ja", ja, 0, "健", agrees=True))
    save(store, Edit("cloud", "en", text("We buy what we need.\n\n## Costs {#costs}\n"), 1, "Ken", "<b>No</b> renting"))
    draft = text("We lend what we have.\n\n## Costs {#costs}\n")
    save(store, Edit("cloud", "en", draft, 2, "Aya", "Only a thought", stage="draft"))
    return store


def test_the_history_names_every_text_with_who_when_and_why(client, pages):
    page = soup(client.get("/pages/history/cloud?body=en"))
    rows = page.select("tbody tr")
    assert [row.th.select_one(".kb-hint").get_text() for row in rows] == ["Text 3", "Text 2", "Text 1"]
    assert "Draft, not published" in rows[0].get_text()
    assert "What readers see" in rows[1].get_text()
    assert "<b>No</b> renting" in rows[1].get_text()
    assert not page.find("b")
    assert soup(client.get("/pages/history/cloud?lang=ja")).h1.get_text() == "変更履歴"


def test_any_two_texts_can_be_compared_word_by_word(client, pages):
    page = soup(client.get("/pages/compare/cloud?body=en&from=3&to=1"))
    assert page.select_one(".kb-changed-blocks del").get_text(" ", strip=True).endswith("rent")
    assert "1 paragraph unchanged" in page.get_text()
    assert client.get("/pages/compare/cloud?body=en&from=1&to=9").status_code == 404
    newest = soup(client.get("/pages/compare/cloud?body=en"))
    assert "Text 2" in newest.find("dd").get_text()


def test_an_earlier_text_is_read_and_brought_back(client, pages):
    page = soup(client.get("/pages/revision/cloud?body=en&number=1"))
    assert "We rent what we need." in page.article.get_text()
    address = page.find("form", method="post")["action"]
    refused = client.post(address, data={"by": " ", "change": "It was right"}, headers=OURS)
    assert refused.status_code == 422
    assert soup(refused).find("input", attrs={"name": "change"})["value"] == "It was right"
    answer = client.post(address, data={"by": "Aya", "change": "It was right"}, headers=OURS, follow_redirects=False)
    assert answer.status_code == 303
    assert "We rent what we need." in soup(client.get("/playbook/cloud?lang=en")).article.get_text()
    assert pages.revisions.history(pages.wiki.get("cloud").id, "en")[0].summary == "It was right"


def test_forms_of_other_sites_change_nothing(client, pages):
    for address in ("/pages/revision/cloud?body=en&number=1", "/pages/pair/cloud", "/pages/discuss/cloud"):
        sent = client.post(address, data={"by": "x"}, headers={"origin": "https://elsewhere.example"})
        assert sent.status_code == 403, address
    assert pages.wiki.get("cloud").bodies["en"].latest == 3


@pytest.mark.parametrize("action", ["history", "compare", "revision", "pair", "discuss"])
def test_pages_that_are_not_there_moved_or_were_deleted_say_so(client, pages, action):
    move(pages, "cloud", "sky", author="Aya")
    assert client.get(f"/pages/{action}/nope").status_code == 404
    moved = client.get(f"/pages/{action}/cloud?body=ja&number=1", follow_redirects=False)
    assert moved.headers["location"].startswith(f"/pages/{action}/sky?body=ja")
    delete(pages, "sky", author="Aya", reason="twice")
    assert client.get(f"/pages/{action}/sky").status_code == 410


def test_changes_are_listed_and_drafts_are_not(client, pages):
    words = soup(client.get("/pages/changes")).get_text()
    assert "First text" in words
    assert "<b>No</b> renting" in words
    assert "Only a thought" not in words


def test_the_feed_is_valid_lasting_and_can_be_narrowed(client, pages):
    answer = client.get("/pages/changes.atom?page=cloud")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:summary", namespaces=ATOM) for entry in entries][-1] == "First text"
    assert "Only a thought" not in answer.text
    for element in (feed, *entries):
        assert element.findtext("a:id", namespaces=ATOM).startswith("urn:uuid:")
        assert element.findtext("a:updated", namespaces=ATOM)
        assert all(link.get("href").startswith("http://") for link in element.findall("a:link", ATOM))
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    other = ET.fromstring(client.get("/pages/changes.atom?page=cloud&lang=ja").content)
    assert [entry.findtext("a:id", namespaces=ATOM) for entry in other.findall("a:entry", ATOM)] == ids
    assert not ET.fromstring(client.get("/pages/changes.atom?page=nope").content).findall("a:entry", ATOM)
    assert len(ET.fromstring(client.get("/pages/changes.atom?theme=T").content).findall("a:entry", ATOM)) == 3
    assert soup(client.get("/playbook/cloud")).find("link", type="application/atom+xml")


def test_the_report_on_links_names_what_is_wrong_and_where(client, pages):
    body = "[[nowhere]] [[cloud#gone]] [[old]]\n\n## One {#one}\n\n[[#two]]\n"
    save(pages, Edit("links", "en", text(body, title="Links"), 0, "Aya"))
    save(pages, Edit("old", "en", text("x\n", title="Old"), 0, "Aya"))
    archive(pages, "old", author="Aya")
    page = soup(client.get("/pages/links"))
    assert page.find("a", string="Begin the page nowhere")["href"] == "/pages/new?slug=nowhere&lang=en"
    headings = [each.get_text() for each in page.find_all("strong")]
    assert headings == ["cloud#gone", "links#two"]
    assert page.find("a", string="old")["href"].startswith("/pages/settings/old")
    assert page.find("a", string="Links", href="/playbook/links?lang=en#one")
    orphans = page.find("h2", string=lambda words: words and "no other page links to" in words).find_parent("section")
    assert "Links" in orphans.get_text()


def test_a_page_names_the_pages_that_link_to_it_also_by_a_former_address(client, pages):
    save(pages, Edit("links", "en", text("[[cloud]]\n", title="Links"), 0, "Aya"))
    move(pages, "cloud", "sky", author="Aya")
    section = soup(client.get("/playbook/sky?lang=en")).find("section", attrs={"aria-labelledby": "kb-linking"})
    assert [link.get_text() for link in section.select("a")] == ["Links"]


def test_a_page_says_that_its_translation_is_behind_until_somebody_compares(client, pages):
    japanese = soup(client.get("/playbook/cloud?lang=ja"))
    notice = japanese.find(string=lambda words: words and "英語版は、この日本語版" in words)
    assert notice
    page = soup(client.get("/pages/pair/cloud?body=ja&lang=ja"))
    assert page.select(".kb-changed-blocks ins")
    assert "必要なものを借ります。" in page.select_one(".kb-pair").get_text()
    address = page.find("form", method="post")["action"]
    assert client.post(address, data={"by": ""}, headers=OURS).status_code == 422
    client.post(address, data={"by": "健"}, headers=OURS)
    again = soup(client.get("/playbook/cloud?lang=ja"))
    assert not again.find(string=lambda words: words and "英語版は、この日本語版" in words)
    assert pages.audit.list()[0].action == "page-agreed"


def test_translations_to_write_and_to_bring_up_to_date_are_listed(client, pages):
    save(pages, Edit("alone", "en", text("x\n", title="Alone"), 0, "Aya"))
    page = soup(client.get("/pages/translations"))
    assert "1 text to bring up to date" in page.get_text()
    begin = page.find("a", href="/pages/edit/alone?body=ja&beside=1&lang=en")
    assert begin.get_text() == "Write the Japanese text"


def test_a_review_publishes_or_sends_back_with_a_comment(client, pages):
    save(pages, Edit("cloud", "en", text("We lend.\n"), 3, "Aya", "Please read", stage="review"))
    page = soup(client.get("/pages/reviews"))
    assert "Please read" in page.get_text()
    address = page.find("form", method="post")["action"]
    client.post(address, data={"by": "Ken", "do": "back", "comment": "Say to whom"}, headers=OURS)
    assert pages.wiki.get("cloud").bodies["en"].stage == "draft"
    [comment] = pages.wiki_comments.of(pages.wiki.get("cloud").id, "en")
    assert (comment.text, comment.author) == ("Say to whom", "Ken")
    save(pages, Edit("cloud", "en", text("We lend to all.\n"), 4, "Aya", stage="review"))
    assert client.post(address, data={"by": "", "do": "publish"}, headers=OURS).status_code == 422
    client.post(address, data={"by": "Ken", "do": "publish"}, headers=OURS)
    assert "We lend to all." in soup(client.get("/playbook/cloud?lang=en")).article.get_text()


def test_pages_whose_day_has_come_are_listed_with_their_owner(client, pages):
    save(pages, Edit("late", "en", text("x\n", title="Late", owner="Aya", review="2020-01-01"), 0, "Aya"))
    save(pages, Edit("far", "en", text("x\n", title="Far", review="2999-01-01"), 0, "Aya"))
    words = soup(client.get("/pages/reviews")).get_text()
    assert "1 page to look at again" in words
    assert "days late" in words
    assert "Far" not in words


def test_the_overview_leads_everywhere(client, pages):
    page = soup(client.get("/pages?lang=ja"))
    for name in ("citations", "links", "translations", "reviews", "changes"):
        link = page.find("a", href=f"/pages/{name}?lang=ja")
        assert client.get(link["href"]).status_code == 200
    assert soup(client.get("/playbook")).find("a", href="/pages?lang=en")
