from __future__ import annotations

import pytest

from kb.errors import NotFoundError
from kb.store.database import revision
from kb.store.passages import live, retired_rows


def rows(store, version):
    with store.database.read() as connection:
        return {
            stored.passage.text: stored.row for stored in live(connection) if stored.passage.version_id == version.id
        }


def test_passages_are_read_as_they_were_written_and_in_order(store, put):
    version = put(["one", "two", "three"])
    assert [p.text for p in store.passages.list(version.id)] == ["one", "two", "three"]
    page = store.pages.get(version.id, 1).text
    assert all(page[p.start : p.end] == p.text for p in store.passages.list(version.id))
    assert store.passages.count() == 3


def test_a_passage_that_stays_keeps_its_number_and_moves_with_its_page(store, put):
    version = put(["one", "two"])
    before = rows(store, version)
    put(["new", "one", "two"])
    after = rows(store, version)
    assert {text: after[text] for text in before} == before
    assert [p.text for p in store.passages.list(version.id)] == ["new", "one", "two"]
    assert store.passages.get(f"{version.id}-two").start == 8


def test_a_passage_that_is_gone_is_retired_and_still_opens(store, put):
    version = put(["one", "two"])
    put(["one"])
    assert store.passages.get(f"{version.id}-two").text == "two"
    assert store.passages.count() == 1


def test_a_passage_that_comes_back_is_live_again_under_its_own_link(store, put):
    version = put(["one", "two"])
    put(["one"])
    put(["one", "two"])
    assert store.passages.count() == 2
    assert store.passages.get(f"{version.id}-two").ordinal == 1


def test_under_another_title_a_passage_gets_a_new_number_and_keeps_its_link(store, put):
    version = put(["one"], title="Before")
    before = rows(store, version)["one"]
    with store.database.read() as connection:
        at = revision(connection)
    put(["one"], title="After")
    with store.database.read() as connection:
        assert list(retired_rows(connection, after=at)) == [before]
        assert [s.row for s in live(connection, after=at)] == [rows(store, version)["one"]]
    assert rows(store, version)["one"] != before
    assert store.passages.get(f"{version.id}-one").text == "one"
    assert store.passages.by_row([before])[before].id == f"{version.id}-one"


def test_only_what_changed_after_a_revision_is_in_the_tail(store, put):
    put(["one"], id="aaa")
    with store.database.read() as connection:
        at = revision(connection)
    put(["two"], id="bbb")
    with store.database.read() as connection:
        assert [s.passage.text for s in live(connection, after=at)] == ["two"]
        assert [s.passage.text for s in live(connection)] == ["one", "two"]


def test_more_passages_than_fit_one_statement_are_found_by_their_numbers(store, put):
    version = put([f"p{i}" for i in range(1200)])
    numbers = list(rows(store, version).values())
    assert len(store.passages.by_row(numbers)) == 1200


def test_an_unknown_passage_or_page_is_not_found(store, put):
    version = put(["one"])
    with pytest.raises(NotFoundError):
        store.passages.get("nowhere")
    with pytest.raises(NotFoundError):
        store.pages.get(version.id, 2)
