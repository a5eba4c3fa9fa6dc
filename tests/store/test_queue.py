from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from kb.store import schema


@pytest.fixture
def jobs(store):
    return store.jobs


@pytest.fixture
def queue(store):
    return store.queue


def ended(store, job_id, *, took_s):
    """Let a job have taken so long."""
    now = datetime.now(UTC)
    times = {"started_at": (now - timedelta(seconds=took_s)).isoformat(), "finished_at": now.isoformat()}
    with store.database.write() as connection:
        connection.execute(update(schema.jobs).where(schema.jobs.c.id == job_id).values(**times))


def test_what_is_read_comes_first_then_what_waits_then_what_ended_last(jobs, queue):
    ids = [jobs.add(str(number), str(number), 0, {}).id for number in range(6)]
    for _ in range(2):
        jobs.finish(jobs.claim("a"), "v", "added")
    running = jobs.claim("a")
    assert running.id == ids[2]
    assert [job.id for job in queue.page("all", limit=10)] == [*ids[2:], ids[1], ids[0]]
    assert [job.id for job in queue.page("all", limit=2, offset=4)] == [ids[1], ids[0]]
    assert list(queue.active_ids()) == ids[2:]


def test_lists_are_counted_and_hold_what_they_say(jobs, queue):
    jobs.add("1", "1", 0, {})
    jobs.fail(jobs.claim("a"), "damaged", {})
    jobs.add("2", "2", 0, {})
    assert queue.counts() == {"all": 2, "active": 1, "failed": 1}
    assert [job.filename for job in queue.page("failed", limit=9)] == ["1"]
    assert [job.filename for job in queue.page("active", limit=9)] == ["2"]


def test_a_batch_is_counted_by_what_became_of_its_files(jobs, queue):
    for number in range(7):
        jobs.add(str(number), str(number), 0, {}, batch="batch-one")
    for outcome in ("added", "held", "edition"):
        jobs.finish(jobs.claim("a"), "v", outcome)
    jobs.fail(jobs.claim("a"), "damaged", {})
    jobs.stop(5)
    jobs.claim("a")
    (batch,) = queue.batches()
    counts = (batch.added, batch.held, batch.edition, batch.failed, batch.cancelled, batch.running, batch.waiting)
    assert counts == (1,) * 7
    assert (batch.total, batch.finished) == (7, 5)


def test_only_batches_of_several_files_are_shown_and_when_all_are_done_the_last(jobs, queue):
    jobs.add("alone", "0", 0, {}, batch="alone")
    for name in ("batch-one", "batch-two"):
        for number in range(2):
            jobs.add(str(number), name + str(number), 0, {}, batch=name)
    assert [batch.id for batch in queue.batches()] == ["batch-two", "batch-one"]
    while job := jobs.claim("a"):
        jobs.finish(job, "v", "added")
    assert [batch.id for batch in queue.batches()] == ["batch-two"]


def test_a_batch_that_is_done_is_not_shown_over_a_file_that_was_added_after_it(jobs, queue):
    for number in range(2):
        jobs.add(str(number), str(number), 0, {}, batch="first")
    jobs.add("alone", "a", 0, {}, batch="second")
    assert [batch.id for batch in queue.batches()] == ["first"]
    while job := jobs.claim("a"):
        jobs.finish(job, "v", "added")
    assert queue.batches() == []


def test_how_long_a_file_takes_is_told_by_those_read_last(store, jobs, queue):
    assert queue.typical_s() is None
    for number, took_s in enumerate((10, 30)):
        jobs.add(str(number), str(number), 0, {})
        job = jobs.claim("a")
        jobs.finish(job, "v", "added")
        ended(store, job.id, took_s=took_s)
    jobs.refuse("big", 9, "limit", {})
    assert queue.typical_s() == pytest.approx(20)


def test_a_worker_is_there_from_its_first_sign_of_life_until_it_leaves_or_falls_silent(store, queue):
    assert queue.readers() == 0
    queue.beat("a")
    queue.beat("a")
    queue.beat("b")
    assert queue.readers() == 2
    queue.leave("b")
    assert queue.readers() == 1
    with store.database.write() as connection:
        connection.execute(update(schema.workers).values(seen_at="2000-01-01T00:00:00.000+00:00"))
    assert queue.readers() == 0


def test_a_sign_of_life_keeps_the_job_of_a_worker_however_long_it_takes(store, jobs, queue):
    jobs.add("1", "", 0, {})
    jobs.claim("a")
    with store.database.write() as connection:
        connection.execute(update(schema.jobs).values(heartbeat_at="2000-01-01T00:00:00.000+00:00"))
    queue.beat("a")
    assert jobs.claim("b") is None
