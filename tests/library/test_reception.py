"""Files that come in pieces: what is kept, what is refused, and that nothing is lost or kept twice."""

from __future__ import annotations

import errno

import pytest

from kb.library.reception import Reception
from kb.store import Store
from kb.store.files import Incoming


@pytest.fixture
def store(settings):
    store = Store(settings)
    yield store
    store.close()


@pytest.fixture
def reception(settings, store):
    with Reception(settings.model_copy(update={"max_upload_mb": 1}), store) as reception:
        yield reception


def send(reception, filename, *blocks):
    reception.begin(filename)
    for block in blocks:
        reception.write(block)
    reception.end()


def left_over(store, settings):
    return list(settings.files_dir.glob(".incoming-*"))


def test_a_file_is_on_the_disk_before_it_is_queued(reception, store):
    send(reception, "計画.md", b"# ", "計画".encode())
    assert len(store.files.all()) == 1
    (job,) = reception.queue({"title": "計画", "publisher": ""}, batch="batch-one")
    assert (job.filename, job.state, job.metadata, job.batch) == ("計画.md", "waiting", {"title": "計画"}, "batch-one")
    assert store.files.is_whole(job.sha256)


def test_every_good_file_is_queued_and_every_refused_one_is_named_with_its_reason(reception, store, settings):
    send(reception, "big.txt", b"a" * 600_000, b"a" * 600_000, b"more that is dropped")
    send(reception, "table.xlsx", b"PK")
    send(reception, "good.md", b"# Good")
    send(reception, "", b"")  # a field in which nothing was chosen
    jobs = reception.queue({"title": "Only of one", "publisher": "GDS"})
    assert [(job.filename, job.state, job.problem) for job in jobs] == [
        ("big.txt", "failed", "limit"),
        ("table.xlsx", "failed", "wrong-type"),
        ("good.md", "waiting", ""),
    ]
    assert jobs[0].facts == {"reason": "limit-size", "limit": 1}
    assert jobs[2].metadata == {"publisher": "GDS"}
    assert store.files.all() == {jobs[2].sha256}
    assert left_over(store, settings) == []


def test_a_file_of_just_the_limit_is_taken_in(reception):
    send(reception, "just.txt", b"a" * 1_000_000)
    assert reception.queue({})[0].state == "waiting"


def test_what_is_sent_again_in_its_batch_is_not_queued_twice(settings, store):
    for _ in range(2):
        with Reception(settings, store) as reception:
            send(reception, "a.md", b"# A")
            send(reception, "b.xlsx", b"B")
            reception.queue({}, batch="batch-one")
    assert [job.filename for job in store.jobs.list()] == ["b.xlsx", "a.md"]


def test_a_file_that_breaks_off_is_not_queued_and_leaves_nothing(settings, store):
    with Reception(settings, store) as reception:
        send(reception, "whole.md", b"# A")
        reception.begin("half.md")
        reception.write(b"# Ha")
        assert [job.filename for job in reception.queue({})] == ["whole.md"]
    assert left_over(store, settings) == []
    assert len(store.files.all()) == 1


def test_a_full_disk_is_said_and_the_files_after_it_are_tried(reception, store, settings, monkeypatch):
    write = Incoming.write

    def full(incoming, block):
        if block == b"first":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(incoming, block)

    monkeypatch.setattr(Incoming, "write", full)
    send(reception, "a.md", b"first", b"second")
    send(reception, "b.md", b"# B")
    jobs = reception.queue({})
    assert [(job.state, job.facts.get("reason")) for job in jobs] == [("failed", "upload-storage"), ("waiting", None)]
    assert left_over(store, settings) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\x\\plan.md", "plan.md"),
        ("../../etc/plan.md", "plan.md"),
        ("a\x00b\r\n.md", "a b .md"),
        ("長" * 300 + ".md", "長" * 197 + ".md"),
    ],
)
def test_only_the_name_of_a_file_is_kept_of_its_path(reception, sent, kept):
    send(reception, sent, b"# A")
    assert reception.queue({})[0].filename == kept


@pytest.mark.parametrize("batch", ["", "x", "../..", "a" * 100])
def test_an_unusable_name_of_a_batch_is_replaced(reception, batch):
    send(reception, "a.md", b"# A")
    (job,) = reception.queue({}, batch=batch)
    assert len(job.batch) == 16
