"""Comments on paragraphs of playbook pages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.playbook.discussion import discussion
from kb.playbook.saving import Edit, save

OURS = {"origin": "http://kakehashi.test"}
BODY = "We rent what we need.\n\n## Costs {#costs}\n\nIt costs little.\n\n| a | b |\n|---|---|\n| UK | 12 |\n"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def store(library):
    save(library.store, Edit("cloud", "en", f"---\ntitle: Cloud\n---\n{BODY}", 0, "Aya"))
    return library.store


@pytest.fixture
def say(client, store):
    def said(action="comment", lang="en", **fields):
        address = f"/pages/discuss/cloud?body=en&lang={lang}"
        sent = {"by": "Ken", "do": action, **fields}
        return client.post(address, data=sent, headers=OURS, follow_redirects=False)

    return said


def comments(store):
    return store.wiki_comments.of(store.wiki.get("cloud").id, "en")


def form_of(client, words):
    page = soup(client.get("/pages/discuss/cloud?body=en&lang=en"))
    part = next(each for each in page.select(".kb-discussed") if words in each.select_one(".kb-text").get_text())
    return {field["name"]: field["value"] for field in part.select("form input[type=hidden]")}


def test_a_comment_stands_beside_its_paragraph_and_is_answered_and_settled(client, store, say):
    answer = say(text="How little?\nIn pounds.", **form_of(client, "It costs little"))
    [comment] = comments(store)
    assert answer.headers["location"].endswith(f"#kb-thread-{comment.id}")
    assert (comment.heading, comment.quoted, comment.revision) == ("costs", "It costs little.", 1)
    say("answer", about=str(comment.id), text="Twelve.")
    page = soup(client.get("/pages/discuss/cloud?body=en"))
    part = next(each for each in page.select(".kb-discussed") if "costs little" in each.get_text())
    assert [each.select_one("strong").get_text() for each in part.select(".kb-said")] == ["Ken", "Ken"]
    assert "Discuss (1 open)" in soup(client.get("/playbook/cloud?lang=en")).get_text()
    say("settle", about=str(comment.id))
    assert "Discuss (1 open)" not in soup(client.get("/playbook/cloud?lang=en")).get_text()
    say("answer", about=str(comment.id), text="Not so fast.")
    assert store.wiki_comments.open_counts() == {(store.wiki.get("cloud").id, "en"): 1}


def test_a_row_of_a_table_can_be_commented_on(client, store, say):
    say(text="Which year?", **form_of(client, "UK · 12"))
    assert comments(store)[0].quoted == "| UK | 12 |"


@pytest.mark.parametrize(
    "fields", [{"text": " "}, {"text": "x" * 4_001}, {"text": "Yes", "by": " "}, {"do": "settle", "about": "99"}]
)
def test_a_comment_that_is_refused_keeps_what_was_typed(client, store, say, fields):
    refused = say(**{"about": "0", "quoted": "We rent what we need.", **fields})
    assert refused.status_code == 422
    assert soup(refused).find(role="alert")
    assert comments(store) == []
    if fields.get("text") == "Yes":
        assert "Yes" in [area.get_text() for area in soup(refused).find_all("textarea")]


def test_a_comment_finds_its_paragraph_after_edits_and_says_when_it_is_gone(client, store, say):
    say(text="How little?", **form_of(client, "It costs little"))
    edited = BODY.replace("It costs little.", "It costs very little.")
    found = discussion(f"New.\n\n{edited}", comments(store))
    assert [each.block.text.strip() for each in found.paragraphs if each.threads] == ["It costs very little."]
    gone = discussion("## Costs {#costs}\n\nSomething else entirely, at length.\n", comments(store))
    assert len(gone.elsewhere) == 1


def test_comments_are_only_words(client, store, say):
    say(text="<script>alert(1)</script> [x](javascript:alert(1))", about="-1", quoted="<img src=x onerror=y>")
    page = soup(client.get("/pages/discuss/cloud?body=en")).main
    assert not page.find_all(["script", "img"])
    assert "<script>alert(1)</script>" in page.get_text()
