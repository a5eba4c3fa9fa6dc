"""What replaced an edition, and ids that works had before."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from kb.store import schema
from kb.store.former_works import names_of
from kb.store.versions import set_work


def withdraw(store, version_id, *, restored_at=""):
    with store.database.write() as connection:
        row = {"version_id": version_id, "reason": "Wrong file", "withdrawn_by": "A", "withdrawn_at": "2026-01-02"}
        connection.execute(insert(schema.withdrawals).values(**row, restored_at=restored_at))


def move(store, version_id, work_id):
    with store.database.write() as connection:
        set_work(connection, version_id, work_id)


def successor_id(store, version):
    found = store.succession.successor(version)
    return found.version.id if found else None


def test_the_current_edition_of_the_same_work_and_language_is_the_successor(store, put):
    old = put(id="old", work_id="plan", status="superseded", published="2022")
    put(id="ja", work_id="plan", language="ja", published="2025")
    assert store.succession.successor(old) is None
    new = put(id="new", work_id="plan", published="2025")
    found = store.succession.successor(old)
    assert (found.version, found.first) == (new, new)
    assert store.succession.successor(new) is None


def test_a_successor_may_be_another_work_that_names_this_one_or_its_version(store, put):
    by_work = put(id="a22", work_id="plan-2022", status="superseded", published="2022")
    put(id="a25", work_id="plan-2025", supersedes="plan-2022", published="2025")
    by_version = put(id="b22", work_id="standard", status="superseded", published="2022")
    put(id="b25", work_id="standard-2025", supersedes="b22", published="2025")
    assert [successor_id(store, each) for each in (by_work, by_version)] == ["a25", "b25"]


def test_a_chain_is_followed_to_its_end_and_says_when_it_began(store, put):
    oldest = put(id="p20", work_id="plan-2020", status="superseded", published="2020")
    put(id="p22", work_id="plan-2022", status="superseded", supersedes="plan-2020", published="2022")
    put(id="p25", work_id="plan-2025", supersedes="plan-2022", published="2025")
    found = store.succession.successor(oldest)
    assert (found.version.id, found.first.id) == ("p25", "p22")


def test_editions_that_name_each_other_end_nowhere_new(store, put):
    first = put(id="aaa", work_id="one", status="superseded", supersedes="two")
    second = put(id="bbb", work_id="two", status="superseded", supersedes="one")
    assert successor_id(store, first) == "bbb"
    assert successor_id(store, second) == "aaa"
    itself = put(id="ccc", work_id="three", status="superseded", supersedes="three")
    assert successor_id(store, itself) is None


def test_of_older_editions_the_next_one_comes_first(store, put):
    oldest = put(id="p20", work_id="plan", status="superseded", published="2020")
    put(id="p22", work_id="plan", status="superseded", published="2022-05")
    put(id="new", work_id="plan-2025", supersedes="plan", published="2025")
    assert successor_id(store, oldest) == "new"
    assert successor_id(store, store.versions.get("p22")) == "new"


def test_dates_of_one_edition_decide_where_no_status_does(store, put):
    older = put(id="old", work_id="plan", status="retired", published="2020")
    newer = put(id="new", work_id="plan", status="superseded", published="2020-06", added_at="2026-02-01")
    assert successor_id(store, older) == "new"
    assert successor_id(store, newer) is None


def test_what_was_withdrawn_is_stepped_over(store, put):
    oldest = put(id="p20", work_id="plan-2020", status="superseded", published="2020")
    put(id="p22", work_id="plan-2022", status="retired", supersedes="plan-2020", published="2022")
    withdraw(store, "p22")
    assert store.succession.successor(oldest) is None
    put(id="p25", work_id="plan-2025", supersedes="plan-2022", published="2025")
    assert successor_id(store, oldest) == "p25"


def test_a_restored_version_is_not_withdrawn(store, put):
    version = put(id="aaa")
    withdraw(store, version.id)
    assert store.withdrawals.standing(version.id).reason == "Wrong file"
    withdraw(store, version.id, restored_at="2026-01-03")
    assert store.withdrawals.standing(version.id) is None


def test_what_was_deleted_is_known_by_its_kind(store):
    with store.database.write() as connection:
        row = {"kind": "passage", "id": "x", "version_id": "v", "deleted_at": "2026-01-02"}
        connection.execute(insert(schema.deletions).values(**row))
    assert store.deletions.deleted_at("passage", "x") == "2026-01-02"
    assert store.deletions.deleted_at("work", "x") is None


def test_a_corrected_id_leads_to_the_work_as_often_as_it_is_corrected(store, put):
    put(id="aaa", work_id="first")
    move(store, "aaa", "second")
    move(store, "aaa", "third")
    assert [store.former_works.now(name) for name in ("first", "second", "third", "nowhere")] == [
        *("third", "third", "third", "nowhere")
    ]
    with store.database.read() as connection:
        assert names_of(connection, "third") == {"first", "second", "third"}


def test_an_id_that_is_given_back_leads_nowhere_else(store, put):
    put(id="aaa", work_id="first")
    move(store, "aaa", "second")
    move(store, "aaa", "first")
    assert store.former_works.now("first") == "first"
    assert store.former_works.now("second") == "first"
    move(store, "aaa", "second")
    put(id="bbb", work_id="first")
    assert store.former_works.now("first") == "first"


def test_an_id_under_which_editions_are_left_goes_on_naming_them(store, put):
    put(id="aaa", work_id="first")
    put(id="bbb", work_id="first")
    move(store, "aaa", "second")
    assert store.former_works.now("first") == "first"
    move(store, "bbb", "second")
    assert store.former_works.now("first") == "second"


@pytest.mark.parametrize("corrected", ["plan-2022", "the-plan-of-2022"])
def test_a_successor_is_found_by_an_id_that_was_corrected_since(store, put, corrected):
    put(id="a22", work_id="plan-22", status="superseded", published="2022")
    put(id="a25", work_id="plan-2025", supersedes="plan-22", published="2025")
    move(store, "a22", corrected)
    assert successor_id(store, store.versions.get("a22")) == "a25"
