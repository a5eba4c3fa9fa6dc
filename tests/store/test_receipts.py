from __future__ import annotations

from kb.model.receipts import Notice, Receipt
from kb.store import receipts


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
