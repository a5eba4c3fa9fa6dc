from __future__ import annotations

import os
import time

import pytest

from kb.ingest.heartbeat import Heartbeat
from kb.ingest.wear import resident_mb
from kb.store import Store


@pytest.fixture
def store(settings):
    store = Store(settings)
    yield store
    store.close()


def test_a_sign_of_life_is_given_at_once_and_again_whatever_the_worker_does(store):
    with Heartbeat(store.queue, "a", every_s=0.02):
        assert store.queue.readers() == 1
        store.queue.leave("a")
        time.sleep(0.3)  # no call of ours
        assert store.queue.readers() == 1
    assert store.queue.readers() == 0


def test_a_worker_whose_file_gets_no_further_is_ended(store, monkeypatch):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    with Heartbeat(store.queue, "a", every_s=0.02, stuck_after_s=0.1) as heartbeat:
        time.sleep(0.2)
        assert ended == []  # it reads nothing
        heartbeat.moved()
        heartbeat.rests()
        time.sleep(0.2)
        assert ended == []
        heartbeat.moved()
        time.sleep(0.3)
    assert ended
    assert set(ended) == {1}


def test_the_memory_of_this_process_is_known():
    assert 20 < resident_mb() < 20_000
