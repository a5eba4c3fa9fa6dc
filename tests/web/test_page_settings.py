"""The settings of a playbook page: another address, the archive, deleting and bringing back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.playbook.saving import Edit, save

OURS = {"origin": "http://kakehashi.test"}


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def send(client):
    def send(slug="cloud-first", lang="en", **fields):
        fields = {"by": "Aiko Sato", **fields}
        return client.post(f"/pages/settings/{slug}?lang={lang}", data=fields, headers=OURS, follow_redirects=False)

    return send


@pytest.fixture
def linked(library):
    save(library.store, Edit("only-english", "en", "---\ntitle: Plain\n---\nSee [[cloud-first#uk]].\n", 1, "Aya"))
    return library


def test_what_links_here_is_shown_with_how_many_pages_a_move_rewrites(client, linked):
    page = soup(client.get("/pages/settings/cloud-first?lang=en"))
    assert page.find("a", string="Plain")["href"] == "/playbook/only-english?lang=en"
    assert "Links on 1 other page will be rewritten." in page.get_text()
    for field in page.select("input[type=text]"):
        assert page.find("label", attrs={"for": field["id"]})


def test_a_moved_page_answers_at_both_addresses_and_links_name_the_new_one(client, linked, send):
    answer = send(do="move", to="technology/cloud")
    assert answer.headers["location"] == "/pages/settings/technology/cloud?done=move&n=1&lang=en"
    page = soup(client.get(answer.headers["location"]))
    assert "Links on 1 other page were rewritten." in page.find(role="status").get_text()
    assert "cloud-first" in page.get_text()
    assert (
        client.get("/playbook/cloud-first", follow_redirects=False).headers["location"] == "/playbook/technology/cloud"
    )
    assert client.get("/pages/settings/cloud-first", follow_redirects=False).status_code == 303
    edit = client.get("/pages/edit/cloud-first?body=en&lang=ja", follow_redirects=False)
    assert edit.headers["location"] == "/pages/edit/technology/cloud?body=en&lang=ja"


@pytest.mark.parametrize("to", ["only-english", "Not an address", "images/x", "cloud-first"])
def test_an_address_that_cannot_be_had_is_refused_with_what_was_typed(send, to):
    answer = send(do="move", to=to)
    page = soup(answer)
    assert answer.status_code == 422
    assert page.find(role="alert").a["href"] == "#kb-move-to"
    assert page.find(id="kb-move-to")["value"] == to
    assert page.find(id="kb-move-to")["aria-invalid"] == "true"


def test_a_page_is_archived_and_brought_back(client, send):
    assert send(do="archive").status_code == 303
    assert "Cloud first" not in client.get("/playbook?lang=en").text
    assert client.get("/playbook/cloud-first").status_code == 200
    page = soup(client.get("/pages/settings/cloud-first?lang=en"))
    assert "Archived on" in page.select_one(".kb-facts").get_text()
    send(do="restore")
    assert "Cloud first" in client.get("/playbook?lang=en").text


def test_a_page_is_deleted_with_a_reason_only_and_brought_back_with_its_history(client, send, library):
    refused = soup(send(do="delete", by=""))
    links = [each["href"] for each in refused.find(role="alert").select("a")]
    assert links == ["#kb-delete-reason", "#kb-delete-by"]
    assert send(do="delete", reason="Out of date").status_code == 303
    gone = client.get("/playbook/cloud-first?lang=en")
    assert gone.status_code == 410
    restore = soup(client.get(soup(gone).find("a", string="Restore the page")["href"]))
    assert restore.find(id="kb-restore")
    assert not restore.find(id="kb-move")
    assert client.get("/pages/edit/cloud-first").status_code == 410
    assert send(do="restore").status_code == 303
    assert client.get("/playbook/cloud-first").status_code == 200
    assert [entry.action for entry in library.store.audit.list(limit=2)] == ["page-restored", "page-deleted"]


def test_there_are_no_settings_of_what_is_not_there(client, send):
    assert client.get("/pages/settings/nope").status_code == 404
    assert send("nope", do="archive").status_code == 404
    assert send(do="nonsense").status_code == 404


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_is_in_the_language_of_the_reader(client, lang):
    page = soup(client.get(f"/pages/settings/cloud-first?lang={lang}"))
    assert page.html["lang"] == lang
    assert page.h1.get_text() == ("Settings: Cloud first" if lang == "en" else "設定：クラウドファースト")
