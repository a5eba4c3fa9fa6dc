from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from kb.errors import NotFoundError
from kb.store import jobs as jobs_module
from kb.store import schema


@pytest.fixture
def jobs(store):
    return store.jobs


def fall_silent(store):
    """Let the last sign of life of every worker be long ago."""
    with store.database.write() as connection:
        connection.execute(update(schema.jobs).values(heartbeat_at="2000-01-01T00:00:00.000+00:00"))


def test_a_job_is_kept_as_it_was_added(jobs):
    job = jobs.add("計画.pdf", "ab" * 32, 12, {"title": "計画"})
    assert (job.filename, job.size_bytes, job.state, job.metadata) == ("計画.pdf", 12, "waiting", {"title": "計画"})
    assert jobs.get(job.id) == job
    with pytest.raises(NotFoundError):
        jobs.get(99)


def test_the_oldest_job_is_claimed_first_and_by_one_worker_only(jobs):
    first, second = jobs.add("1", "", 0, {}), jobs.add("2", "", 0, {})
    assert jobs.claim("a").id == first.id
    assert jobs.claim("b").id == second.id
    assert jobs.claim("c") is None
    assert [job.id for job in jobs.unfinished()] == [first.id, second.id]


def test_many_workers_at_once_never_share_a_job(jobs):
    for number in range(20):
        jobs.add(str(number), "", 0, {})
    with ThreadPoolExecutor(6) as threads:
        claimed = [job.id for job in threads.map(lambda n: jobs.claim(f"w{n}"), range(30)) if job]
    assert sorted(claimed) == list(range(1, 21))


def test_progress_and_end_of_a_job_can_be_seen(jobs):
    jobs.add("1", "", 0, {})
    job = jobs.claim("a")
    assert jobs.progress(job, "embedding", 3, 10) == "held"
    assert (jobs.get(job.id).stage, jobs.get(job.id).done, jobs.get(job.id).total) == ("embedding", 3, 10)
    assert jobs.finish(job, "version", "added", {"edition_of": "older"})
    done = jobs.get(job.id)
    assert (done.state, done.version_id, done.outcome, done.proposed) == (
        "done",
        "version",
        "added",
        {"edition_of": "older"},
    )
    assert jobs.get(job.id).finished_at
    assert jobs.unfinished() == []


def test_a_failed_job_says_why_with_its_facts(jobs):
    jobs.add("1", "", 0, {})
    job = jobs.claim("a")
    jobs.fail(job, "limit", {"reason": "limit-pages", "pages": 6000, "limit": 5000, "share": 0.5})
    failed = jobs.get(job.id)
    assert (failed.state, failed.problem) == ("failed", "limit")
    assert failed.facts == {"reason": "limit-pages", "pages": 6000, "limit": 5000, "share": 0.5}


def test_a_job_whose_worker_fell_silent_is_given_to_another(store, jobs):
    job = jobs.add("1", "", 0, {})
    jobs.claim("a")
    assert jobs.claim("b") is None
    fall_silent(store)
    assert jobs.claim("b").id == job.id


def test_a_job_that_takes_its_workers_down_is_failed_in_the_end(store, jobs):
    job = jobs.add("1", "", 0, {})
    for attempt in range(jobs_module.MOST_ATTEMPTS):
        assert jobs.claim(f"w{attempt}").id == job.id
        fall_silent(store)
    after = jobs.add("2", "", 0, {})
    assert jobs.claim("last").id == after.id
    assert (jobs.get(job.id).state, jobs.get(job.id).problem) == ("failed", "worker-stopped")


def test_a_worker_that_stops_in_good_order_returns_its_job_without_a_mark(store, jobs):
    job = jobs.add("1", "", 0, {})
    for _ in range(10):
        jobs.claim("a")
        jobs.give_back("a")
    assert jobs.get(job.id).state == "waiting"
    assert jobs.claim("b").id == job.id


def test_the_job_of_a_dead_worker_can_be_claimed_at_once_but_counts_as_an_attempt(jobs):
    job = jobs.add("1", "", 0, {})
    for _ in range(jobs_module.MOST_ATTEMPTS):
        assert jobs.claim("host:1").id == job.id
        jobs.forsake(lambda owner: owner == "host:1")
    assert jobs.claim("host:2") is None
    assert jobs.get(job.id).state == "failed"


def test_the_job_of_a_living_worker_is_left_to_it(jobs):
    jobs.add("1", "", 0, {})
    jobs.claim("host:1")
    jobs.forsake(lambda owner: False)
    assert jobs.claim("host:2") is None


@pytest.mark.parametrize("take_over", ["another", "the same one"])
def test_a_worker_that_lost_its_job_can_neither_move_nor_end_it(store, jobs, take_over):
    jobs.add("1", "", 0, {})
    lost = jobs.claim("a")
    fall_silent(store)
    held = jobs.claim("b" if take_over == "another" else "a")
    assert jobs.progress(lost, "saving", 1, 1) == "lost"
    assert not jobs.finish(lost, "version", "added")
    assert not jobs.fail(lost, "damaged", {})
    assert not jobs.give_up(lost)
    assert jobs.get(held.id) == held
    assert jobs.progress(held, "embedding", 1, 2) == "held"


def test_a_job_that_has_ended_is_not_moved_any_more(jobs):
    jobs.add("1", "", 0, {})
    job = jobs.claim("a")
    assert jobs.finish(job, "version", "added")
    assert jobs.progress(job, "saving", 0, 0) == "lost"
    assert not jobs.fail(job, "damaged", {})
    assert jobs.get(job.id).state == "done"


def test_a_file_that_waits_is_stopped_at_once_and_can_be_tried_again(jobs):
    job = jobs.add("1", "ab", 0, {})
    jobs.stop(job.id)
    assert (jobs.get(job.id).state, jobs.claim("a")) == ("cancelled", None)
    assert jobs.retry(job.id)
    assert jobs.get(job.id).state == "waiting"
    assert jobs.claim("a").id == job.id


def test_the_worker_that_reads_a_file_is_asked_to_stop(jobs):
    job = jobs.add("1", "ab", 0, {})
    held = jobs.claim("a")
    jobs.stop(job.id)
    assert jobs.get(job.id).is_stopping
    assert jobs.progress(held, "reading", 1, 2) == "stopping"
    assert jobs.give_up(held)
    assert (jobs.get(job.id).state, jobs.get(job.id).is_stopping) == ("cancelled", False)


def test_a_stop_that_comes_too_late_changes_nothing(jobs):
    job = jobs.add("1", "ab", 0, {})
    held = jobs.claim("a")
    jobs.stop(job.id)
    assert jobs.finish(held, "version", "added")
    jobs.stop(job.id)
    assert (jobs.get(job.id).state, jobs.get(job.id).is_stopping) == ("done", False)


@pytest.mark.parametrize("when", ["before it fell silent", "after it fell silent", "before it was given back"])
def test_a_file_whose_worker_is_gone_is_stopped_and_not_read_again(store, jobs, when):
    job = jobs.add("1", "ab", 0, {})
    jobs.claim("a")
    if when == "after it fell silent":
        fall_silent(store)
    jobs.stop(job.id)
    if when == "before it was given back":
        jobs.give_back("a")
    fall_silent(store)
    assert jobs.claim("b") is None
    assert jobs.get(job.id).state == "cancelled"


def test_a_batch_is_stopped_as_a_whole_but_for_what_is_done(jobs):
    done, other = jobs.add("0", "00", 0, {}, batch="batch-one"), jobs.add("x", "ff", 0, {}, batch="batch-two")
    jobs.finish(jobs.claim("a"), "version", "added")
    waiting = jobs.add("1", "11", 0, {}, batch="batch-one")
    jobs.stop_batch("batch-one")
    assert [jobs.get(j.id).state for j in (done, other, waiting)] == ["done", "waiting", "cancelled"]


def test_what_is_done_or_has_no_bytes_cannot_be_tried_again(jobs):
    jobs.add("1", "ab", 0, {})
    done = jobs.claim("a")
    jobs.finish(done, "version", "added")
    refused = jobs.refuse("big.pdf", 99, "limit", {"reason": "limit-size", "limit": 50})
    assert not jobs.retry(done.id)
    assert not jobs.retry(refused.id)
    assert (refused.state, refused.problem, refused.can_be_retried) == ("failed", "limit", False)


def test_what_the_same_bytes_will_always_be_is_not_tried_again(jobs):
    jobs.add("1", "ab", 0, {})
    job = jobs.claim("a")
    jobs.fail(job, "encrypted", {})
    assert not jobs.retry(job.id)
    assert jobs.get(job.id).state == "failed"


def test_a_file_that_is_sent_twice_in_one_batch_is_one_job(jobs):
    first = jobs.add("a.pdf", "ab", 3, {}, batch="batch-one")
    assert jobs.add("a.pdf", "ab", 3, {}, batch="batch-one").id == first.id
    assert jobs.add("b.pdf", "ab", 3, {}, batch="batch-one").id != first.id
    assert jobs.add("a.pdf", "ab", 3, {}, batch="batch-two").id != first.id
    assert jobs.add("a.pdf", "ab", 3, {}).id != jobs.add("a.pdf", "ab", 3, {}).id


def test_the_first_beginning_of_a_job_is_kept_when_another_takes_it_over(store, jobs):
    jobs.add("1", "ab", 0, {})
    begun = jobs.claim("a").started_at
    fall_silent(store)
    assert jobs.claim("b").started_at == begun
