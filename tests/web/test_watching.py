"""Watching pages and themes of the playbook."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.playbook.moving import move
from kb.playbook.saving import Edit, save

OURS = {"origin": "http://kakehashi.test"}


@pytest.fixture
def index(client):
    def shown() -> BeautifulSoup:
        return BeautifulSoup(client.get("/playbook?lang=en").text, "html.parser")

    return shown


@pytest.fixture
def watch(client):
    def sent(action, target, place="/playbook"):
        fields = {"do": action, "target": target, "next": place}
        return client.post("/pages/watch?lang=en", data=fields, headers=OURS, follow_redirects=False)

    return sent


def change(library, slug, words, theme="Technology"):
    page = library.store.wiki.get(slug)
    latest = page.bodies["en"].latest if page else 0
    text = f"---\ntitle: Cloud first\ntheme: {theme}\n---\n{words}\n"
    save(library.store, Edit(slug, "en", text, latest, "Aya", f"Now {words}"))


def test_a_change_of_a_watched_page_is_told_until_it_was_seen(client, library, index, watch):
    assert index().select_one(".kb-watched") is None
    assert watch("page", "cloud-first", "/playbook/cloud-first").headers["location"] == "/playbook/cloud-first?lang=en"
    assert "Nothing has changed" in index().select_one(".kb-watched").get_text()
    change(library, "cloud-first", "different")
    assert "Now different" in index().select_one(".kb-watched").get_text()
    move(library.store, "cloud-first", "sky", author="Ken")
    assert "Now different" in index().select_one(".kb-watched").get_text()
    watch("seen", "all")
    assert "Nothing has changed" in index().select_one(".kb-watched").get_text()
    page = BeautifulSoup(client.get("/playbook/sky?lang=en").text, "html.parser")
    assert page.find("button", value="not-page")
    watch("not-page", "sky")
    assert index().select_one(".kb-watched") is None


def test_a_theme_tells_of_new_pages_too(library, index, watch):
    watch("theme", "Technology")
    change(library, "brand-new", "beginning")
    change(library, "elsewhere", "unseen", theme="Other")
    words = index().select_one(".kb-watched").get_text()
    assert "Now beginning" in words
    assert "unseen" not in words


def test_others_do_not_see_what_one_watches(client, library, index, watch):
    watch("page", "cloud-first")
    client.cookies.clear()
    assert index().select_one(".kb-watched") is None


@pytest.mark.parametrize(("action", "target"), [("page", "nope"), ("page", ""), ("eat", "cloud-first")])
def test_what_cannot_be_watched_is_not_found(watch, action, target):
    assert watch(action, target).status_code == 404


def test_one_is_never_led_to_another_site(watch):
    assert watch("page", "cloud-first", "https://evil.example/").headers["location"].startswith("/?")
