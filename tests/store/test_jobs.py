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
    jobs.progress(job.id, "embedding", 3, 10)
    assert (jobs.get(job.id).stage, jobs.get(job.id).done, jobs.get(job.id).total) == ("embedding", 3, 10)
    jobs.finish(job.id, "version")
    assert (jobs.get(job.id).state, jobs.get(job.id).version_id) == ("done", "version")
    assert jobs.get(job.id).finished_at
    assert jobs.unfinished() == []


def test_a_failed_job_says_why_with_its_facts(jobs):
    job = jobs.add("1", "", 0, {})
    jobs.fail(job.id, "limit", {"reason": "limit-pages", "pages": 6000, "limit": 5000, "share": 0.5})
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
