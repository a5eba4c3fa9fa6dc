"""Drafts: kept for one browser until it saves or lets go of them, and not for ever."""

from __future__ import annotations

from sqlalchemy import update

from kb.store import Store, schema
from kb.store.wiki_drafts import MOST_OF_ONE


def test_a_draft_is_replaced_survives_a_restart_and_is_removed(store, settings):
    store.wiki_drafts.put("me", "cloud", "en", 3, {"body": "first"})
    moment = store.wiki_drafts.put("me", "cloud", "en", 4, {"body": "二つ目\n", "by": ""})
    again = Store(settings)
    draft = again.wiki_drafts.get("me", "cloud", "en")
    assert (draft.based_on, draft.fields, draft.saved_at) == (4, {"body": "二つ目\n", "by": ""}, moment)
    again.wiki_drafts.remove("me", "cloud", "en")
    assert again.wiki_drafts.get("me", "cloud", "en") is None
    again.close()


def test_a_draft_belongs_to_its_owner_page_and_language(store):
    store.wiki_drafts.put("me", "cloud", "en", 0, {"body": "x"})
    for other in (("you", "cloud", "en"), ("me", "data", "en"), ("me", "cloud", "ja"), ("", "cloud", "en")):
        assert store.wiki_drafts.get(*other) is None


def test_old_drafts_and_too_many_of_one_browser_make_room(store):
    store.wiki_drafts.put("you", "old", "en", 0, {})
    with store.database.write() as connection:
        connection.execute(update(schema.playbook_drafts).values(saved_at="2020-01-01T00:00:00.000+00:00"))
    for number in range(MOST_OF_ONE + 5):
        store.wiki_drafts.put("me", f"page-{number}", "en", 0, {})
    with store.database.read() as connection:
        kept = connection.execute(schema.playbook_drafts.select()).all()
    assert store.wiki_drafts.get("you", "old", "en") is None
    assert MOST_OF_ONE <= len(kept) <= MOST_OF_ONE + 5
    assert store.wiki_drafts.get("me", f"page-{MOST_OF_ONE + 4}", "en")
