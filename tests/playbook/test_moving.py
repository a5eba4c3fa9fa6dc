"""Addresses that outlive their pages' names."""

from __future__ import annotations

import pytest

from kb.errors import NotFoundError, PlaybookError
from kb.playbook.moving import archive, bring_back, delete, move
from kb.playbook.pages import Playbook


def test_a_former_address_leads_to_the_page(store, write):
    write("cloud", "Text.\n")
    move(store, "cloud", "cloud-policy", author="Aya")
    move(store, "cloud-policy", "policies/cloud", author="Aya")
    for slug in ("cloud", "cloud-policy", "policies/cloud"):
        assert Playbook(store).page(slug, "en").slug == "policies/cloud"
    move(store, "cloud", "cloud", author="Aya")
    assert Playbook(store).page("policies/cloud", "en").slug == "cloud"


def test_links_of_other_pages_and_its_own_are_rewritten(store, write):
    write("cloud", "## Costs {#costs}\n\nSee [[cloud#costs]].\n")
    write("data", "[[cloud]] and [costs](/playbook/cloud#costs)\n")
    write("data", "[[cloud|雲]]\n", language="ja", title="データ")
    moved = move(store, "cloud", "sky", author="Aya")
    assert set(moved.rewritten) == {("sky", "en"), ("data", "en"), ("data", "ja")}
    assert Playbook(store).page("data", "en").body == "[[sky]] and [costs](/playbook/sky#costs)\n"
    assert Playbook(store).page("data", "ja").body == "[[sky|雲]]\n"
    assert store.revisions.history(2, "en")[0].origin == "move"


def test_a_draft_on_top_is_rewritten_without_being_published(store, write):
    write("cloud", "Text.\n")
    write("data", "[[cloud]]\n")
    write("data", "[[cloud]] later\n", based_on=1, stage="draft")
    move(store, "cloud", "sky", author="Aya")
    assert Playbook(store).page("data", "en").body == "[[cloud]]\n"
    assert store.revisions.history(2, "en")[0].text.endswith("[[sky]] later\n")


@pytest.mark.parametrize("to", ["data", "old-data", "cloud", "No", ""])
def test_a_page_does_not_move_onto_another(store, write, to):
    write("cloud", "Text.\n")
    write("old-data", "Text.\n")
    move(store, "old-data", "data", author="Aya")
    with pytest.raises(PlaybookError):
        move(store, "cloud", to, author="Aya")
    assert Playbook(store).page("cloud", "en").slug == "cloud"


def test_a_new_page_does_not_take_a_former_address(store, write):
    write("cloud", "Text.\n")
    move(store, "cloud", "sky", author="Aya")
    with pytest.raises(PlaybookError) as refused:
        write("cloud", "Another.\n")
    assert refused.value.facts["slug"] == "sky"


def test_an_archived_page_is_read_but_not_listed(store, write):
    write("cloud", "Text.\n")
    archive(store, "cloud", author="Aya")
    assert Playbook(store).pages("en") == []
    assert Playbook(store).page("cloud", "en").body == "Text.\n"


def test_a_deleted_page_is_gone_cannot_be_written_and_comes_back_whole(store, write):
    write("cloud", "Text.\n")
    delete(store, "cloud", author="Aya", reason="twice")
    with pytest.raises(NotFoundError) as gone:
        Playbook(store).page("cloud", "en")
    assert gone.value.facts["reason"] == "deleted"
    with pytest.raises(PlaybookError):
        write("cloud", "New.\n", based_on=1)
    bring_back(store, "cloud", author="Aya")
    assert Playbook(store).page("cloud", "en").body == "Text.\n"
    assert [entry.action for entry in store.audit.list()] == ["page-restored", "page-deleted"]
