"""Baskets: kept for whoever has the secret, in the order of the reader, and never lost by a slip."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from kb.errors import BasketError
from kb.store import Store, baskets, schema


def ids(store, secret="mine"):
    return [item.passage_id for item in store.baskets.items(secret)]


@pytest.fixture
def three(store):
    for each in ("a", "b", "c"):
        store.baskets.add("mine", each, query=f"words for {each}")
    return store


def test_a_basket_survives_a_restart_and_belongs_to_its_secret(three, settings):
    again = Store(settings)
    assert ids(again) == ["a", "b", "c"]
    assert again.baskets.items("mine")[0].query == "words for a"
    assert again.baskets.items("yours") == again.baskets.items("") == ()
    again.close()


def test_the_database_does_not_hold_the_secret(three):
    with three.database.read() as connection:
        assert connection.scalars(select(schema.baskets.c.id)).all() != ["mine"]


def test_a_passage_is_added_once(three):
    before = three.baskets.items("mine")
    three.baskets.add("mine", "a", query="other words")
    assert three.baskets.items("mine") == before


def test_passages_change_places_and_stop_at_the_ends(three):
    three.baskets.move("mine", "c", "up")
    assert ids(three) == ["a", "c", "b"]
    three.baskets.move("mine", "a", "up")
    three.baskets.move("mine", "b", "down")
    three.baskets.move("mine", "nowhere", "down")
    assert ids(three) == ["a", "c", "b"]


def test_what_was_removed_comes_back_in_its_place_with_its_note(three):
    three.baskets.note("mine", "b", "Why it matters")
    moment = three.baskets.remove("mine", "b")
    assert ids(three) == ["a", "c"]
    assert three.baskets.count("mine") == 2
    three.baskets.put_back("mine", moment)
    assert ids(three) == ["a", "b", "c"]
    assert three.baskets.items("mine")[1].note == "Why it matters"


def test_everything_can_be_removed_and_put_back_by_its_reader_alone(three):
    moment = three.baskets.remove("mine")
    three.baskets.put_back("yours", moment)
    assert ids(three) == []
    three.baskets.put_back("mine", moment)
    assert ids(three) == ["a", "b", "c"]


def test_a_removed_passage_that_is_added_again_stands_last_with_its_note(three):
    three.baskets.note("mine", "a", "kept")
    three.baskets.remove("mine", "a")
    three.baskets.add("mine", "a")
    assert ids(three) == ["b", "c", "a"]
    assert three.baskets.items("mine")[-1].note == "kept"


def test_a_note_loses_what_no_document_can_hold_and_keeps_its_lines(three):
    three.baskets.note("mine", "a", " one\r\ntwo\x00\x0b ")
    assert three.baskets.items("mine")[0].note == "one\ntwo"


def test_a_note_that_is_too_long_leaves_the_one_before(three):
    three.baskets.note("mine", "a", "short")
    with pytest.raises(BasketError) as caught:
        three.baskets.note("mine", "a", "x" * (baskets.MOST_NOTE_CHARACTERS + 1))
    assert caught.value.facts["reason"] == "basket-note-long"
    assert three.baskets.items("mine")[0].note == "short"


def test_a_full_basket_says_so_and_stays_as_it_is(three, monkeypatch):
    monkeypatch.setattr(baskets, "MOST_ITEMS", 3)
    with pytest.raises(BasketError, match="at most 3"):
        three.baskets.add("mine", "d")
    assert ids(three) == ["a", "b", "c"]
    three.baskets.add("mine", "a")  # it is in it already


def test_a_basket_nobody_uses_goes_when_another_is_made_and_one_in_use_stays(three):
    three.baskets.add("used", "a")
    with three.database.write() as connection:
        old = update(schema.baskets).values(seen_at="2020-01-01T00:00:00.000+00:00")
        connection.execute(old)
    three.baskets.seen("used")
    three.baskets.add("new", "a")
    assert ids(three) == []
    assert ids(three, "used") == ids(three, "new") == ["a"]
    with three.database.read() as connection:
        assert len(connection.scalars(select(schema.basket_items.c.basket_id)).all()) == 2
