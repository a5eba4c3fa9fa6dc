from __future__ import annotations

import pytest
from sqlalchemy import insert

from kb.model.receipts import Notice, Receipt, Sample
from kb.store import receipts, schema


def keep(store, collection, receipt):
    with store.database.write() as connection:
        receipts.save(connection, collection, receipt)


def test_a_receipt_is_read_as_it_was_written(store):
    receipt = Receipt(
        path="計画.pdf",
        outcome="added",
        version_id="v",
        title="計画",
        pages=3,
        languages={"ja": 2, "en": 1},
        pages_without_text=(2,),
        notices=(Notice("garbled-pages", {"n": 1, "pages": "3"}),),
        took_s=0.5,
    )
    keep(store, "c", receipt)
    assert store.receipts.of_version("v") == receipt
    assert store.receipts.of_version("nowhere") is None


def test_the_newest_receipt_of_a_version_is_shown(store):
    for passages in (1, 2):
        keep(store, "c", Receipt("a", "updated", version_id="v", passages=passages))
    assert store.receipts.of_version("v").passages == 2


def test_a_problem_is_open_until_the_file_is_read(store):
    keep(store, "c", Receipt("a.pdf", "failed", problem="encrypted"))
    keep(store, "c", Receipt("b.pdf", "failed", problem="damaged"))
    keep(store, "other", Receipt("a.pdf", "added", version_id="x"))
    assert [r.path for r in store.receipts.problems()] == ["b.pdf", "a.pdf"]
    keep(store, "c", Receipt("a.pdf", "added", version_id="v"))
    assert [r.path for r in store.receipts.problems()] == ["b.pdf"]


def test_a_receipt_of_an_earlier_release_is_read_with_what_it_has(store):
    body = """{"path": "a.pdf", "outcome": "added", "version_id": "old", "title": "A", "pages": 2, "passages": 3,
        "characters": 90, "languages": {"en": 2}, "pages_without_text": [2], "notices": [], "problem": "",
        "message": "", "facts": {}, "took_s": 0.1}"""
    with store.database.write() as connection:
        connection.execute(
            insert(schema.receipts).values(
                collection="c", path="a.pdf", version_id="old", created_at="2026-11-01T10:00:00+00:00", body=body
            )
        )
    receipt = store.receipts.of_version("old")
    assert (receipt.pages_without_text, receipt.words, receipt.samples) == ((2,), 0, ())
    assert receipt.created_at == "2026-11-01T10:00:00+00:00"
    assert receipt.health == "partial"


def test_everything_that_is_counted_is_kept(store):
    receipt = Receipt(
        path="a.pdf",
        outcome="added",
        version_id="v",
        words=120,
        language_pages={"en": (1, 2), "ja": (3,)},
        pages_without_text=(4, 5),
        blank_pages=(5,),
        ocr_pages=(3,),
        ocr="done",
        garbled_pages=(6,),
        garbled_example="\ufffd1%",
        pictures={1: 2, 10: 1},
        tables={2: 1},
        samples=(Sample("cloud first", "en", 1),),
    )
    keep(store, "c", receipt)
    assert store.receipts.of_version("v") == receipt


def test_searches_that_find_it_are_added_to_the_newest_receipt(store):
    for passages in (1, 2):
        keep(store, "c", Receipt("a", "updated", version_id="v", passages=passages))
    store.receipts.add_samples("v", [Sample("費用", "ja", 2)])
    store.receipts.add_samples("nowhere", [Sample("費用", "ja", 2)])
    found = store.receipts.of_version("v")
    assert (found.passages, found.samples) == (2, (Sample("費用", "ja", 2),))


@pytest.mark.parametrize(
    ("fields", "health"),
    [
        ({}, "whole"),
        ({"pages_without_text": (2,), "blank_pages": (2,)}, "whole"),
        ({"pages_without_text": (2,)}, "partial"),
        ({"ocr_pages": (2,), "ocr": "done"}, "ocr"),
        ({"garbled_pages": (2,), "ocr_pages": (2,), "ocr": "done"}, "ocr"),
        ({"garbled_pages": (2,)}, "garbled"),
        ({"ocr_pages": (2,), "pages_without_text": (3,), "ocr": "stopped"}, "partial"),
        ({"notices": (Notice("xfa-form"),)}, "partial"),
    ],
)
def test_the_health_of_a_reading_is_what_a_reader_should_know_first(store, fields, health):
    keep(store, "c", Receipt("a.pdf", "added", version_id="v", **fields))
    assert store.receipts.health() == {"v": health}
