from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from conftest import REPOSITORY
from made_library import SMALL

from kb.errors import ModelError
from kb.ingest import worker
from kb.ingest.worker import work
from kb.library.corrections import correct
from kb.library.doctor import examine
from kb.store.jobs import MOST_ATTEMPTS


@pytest.fixture(autouse=True)
def _own_signals():
    """What happens to this process on SIGTERM is as before when a test is done."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def library(make_library, monkeypatch):
    library = make_library({"cloud.en.md": SMALL["cloud.en.md"]})
    monkeypatch.setattr(worker, "load_embedder", lambda _: library.embedder)
    return library


def upload(library, filename, content, **metadata):
    data = content if isinstance(content, bytes) else content.encode()
    return library.store.jobs.add(filename, *library.store.files.add(io.BytesIO(data)), metadata)


def test_an_upload_is_read_found_and_compacted(library):
    published = library.builds.current()
    job = upload(library, "identity.md", SMALL["identity.en.md"], title="GPG 45", publisher="Cabinet Office", note="")
    work(library.settings, once=True)
    done = library.store.jobs.get(job.id)
    assert (done.state, done.stage) == ("done", "done")
    version = library.store.versions.get(done.version_id)
    assert (version.title, version.metadata.country, version.metadata.extra) == ("GPG 45", "uk", {})
    assert library.hits("identity verification")[0].version.id == version.id
    assert library.builds.current() != published
    assert all(finding.ok for finding in examine(library.settings))


def test_an_upload_that_cannot_be_read_fails_with_the_facts_of_its_sentence(library):
    jobs = [
        upload(library, "broken.pdf", b"%PDF-1.7 broken"),
        upload(library, "table.xlsx", b"PK\x03\x04"),
        upload(library, "計画.pdf", "no PDF at all"),
        upload(library, "good.md", SMALL["identity.en.md"]),
    ]
    work(library.settings, once=True)
    states = [library.store.jobs.get(job.id) for job in jobs]
    assert [job.state for job in states] == ["failed", "failed", "failed", "done"]
    assert [job.problem for job in states[:3]] == ["damaged", "wrong-type", "wrong-type"]
    assert states[1].facts["suffix"] == ".xlsx"
    assert states[2].facts["reason"] == "wrong-type-unknown" or "looks_like" in states[2].facts


def test_an_upload_whose_bytes_are_gone_fails_and_the_others_go_on(library):
    gone, good = upload(library, "a.md", "# A\n\nText.\n"), upload(library, "b.md", "# B\n\nMore.\n")
    library.store.files.path(gone.sha256).unlink()
    work(library.settings, once=True)
    assert [library.store.jobs.get(job.id).state for job in (gone, good)] == ["failed", "done"]


def test_bytes_that_the_library_holds_are_recognised_and_stay_described_as_they_were(library):
    version = library.version("cloud.en.md")
    job = upload(library, "download (1).md", SMALL["cloud.en.md"], title="Another title")
    work(library.settings, once=True)
    assert library.store.jobs.get(job.id).version_id == version.id
    assert library.store.versions.get(version.id) == version


def test_the_same_upload_twice_is_one_document(library):
    jobs = [upload(library, "new.md", "# New\n\nText.\n") for _ in range(2)]
    work(library.settings, once=True)
    assert len({library.store.jobs.get(job.id).version_id for job in jobs}) == 1
    assert len(library.store.versions.list_all()) == 2


def test_uploads_of_the_same_name_are_documents_of_their_own(library):
    for text in ("one", "two"):
        upload(library, "report.md", f"# Report\n\nThe text of report {text}.\n")
    work(library.settings, once=True)
    assert [v.status for v in library.store.versions.list_all()] == ["current"] * 3


def test_what_a_dead_worker_of_this_machine_had_begun_is_taken_up_at_once(library):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for owner in (f"{socket.gethostname()}:{ended.pid}", f"{socket.gethostname()}:{os.getpid()}"):
        job = upload(library, "a.md", f"# A\n\nText for {owner}.\n")
        assert library.store.jobs.claim(owner).id == job.id
        work(library.settings, once=True)
        assert library.store.jobs.get(job.id).state == "done"


def test_what_a_living_worker_or_another_machine_does_is_left_to_it(library):
    for owner in (f"{socket.gethostname()}:{os.getppid()}", "elsewhere:1"):
        job = upload(library, "a.md", f"# A\n\nText for {owner}.\n")
        library.store.jobs.claim(owner)
        work(library.settings, once=True)
        assert library.store.jobs.get(job.id).state == "running"
        library.store.jobs.finish(job.id, "")


def test_a_worker_ends_with_the_process_it_was_started_for(library):
    upload(library, "a.md", "# A\n\nText.\n")
    started = time.monotonic()
    work(library.settings, parent=1 if os.getppid() != 1 else 2)
    assert time.monotonic() - started < 5
    assert library.store.jobs.unfinished()


def test_a_corrected_title_is_taken_over_also_where_no_upload_waits(library):
    version = library.version("cloud.en.md")
    correct(library.store, version.id, {"title": "Zoological taxonomy"}, by="Aiko", seen=0)
    work(library.settings, once=True)
    assert library.version("cloud.en.md").title == "Zoological taxonomy"
    assert library.hits("zoological taxonomy")[0].version.id == version.id
    assert all(finding.ok for finding in examine(library.settings))


def test_a_library_of_another_model_does_not_stop_the_worker(library, make_library, monkeypatch):
    other = make_library({}, build=False).embedder
    other.model_id = "another-model"
    monkeypatch.setattr(worker, "load_embedder", lambda _: other)
    job = upload(library, "a.md", "# A\n\nText.\n")
    work(library.settings, once=True)
    assert library.store.jobs.get(job.id).state == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_does_so_in_good_order(tmp_path, number):
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "worker", "--data", str(tmp_path)], env=environment, stderr=subprocess.PIPE
    )
    while not (tmp_path / "library.sqlite3").exists():
        time.sleep(0.1)
    time.sleep(1)
    process.send_signal(number)
    assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == 0


def test_a_model_that_cannot_be_loaded_is_no_fault_of_the_file(library, monkeypatch):
    def fail(_):
        raise ModelError("There is no model.")

    monkeypatch.setattr(worker, "load_embedder", fail)
    job = upload(library, "a.md", "# A\n\nText.\n")
    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(ModelError):
            work(library.settings, once=True)
    assert library.store.jobs.get(job.id).state == "waiting"


def test_nothing_on_the_way_takes_a_stop_for_an_error():
    assert not issubclass(worker.Stopped, Exception)


def test_a_worker_that_is_stopped_in_the_midst_of_embedding_gives_its_upload_back(library, monkeypatch):
    def stop(*_, **__):
        raise worker.Stopped

    monkeypatch.setattr(library.embedder, "embed_passages", stop)
    job = upload(library, "a.md", "# A\n\nText.\n")
    work(library.settings, once=True)
    assert library.store.jobs.get(job.id).state == "waiting"


def test_a_small_build_is_written_anew_soon_after_an_upload(library):
    assert worker._patience_s(library.store, library.builds) == worker._COMPACT_AFTER_IDLE_S


def test_a_library_without_a_build_gets_one_soon(make_library):
    library = make_library({}, build=False)
    assert worker._patience_s(library.store, library.builds) == worker._COMPACT_AFTER_IDLE_S


@pytest.mark.parametrize(
    ("tail_passages", "share", "waits_long"), [(1, 0.0, False), (2, 0.0, True), (1, 0.9, False), (1, 3.0, True)]
)
def test_a_large_build_is_written_anew_soon_only_where_the_tail_is_long(
    library, monkeypatch, tail_passages, share, waits_long
):
    monkeypatch.setattr(worker, "_LARGE_BUILD_PASSAGES", 1)
    monkeypatch.setattr(worker, "_LONG_TAIL_PASSAGES", tail_passages)
    monkeypatch.setattr(worker, "_LONG_TAIL_SHARE", share)
    library.write({f"{n}.md": f"# File {n}\n\nText number {n}.\n" for n in range(2)})
    library.ingest()
    expected = worker._COMPACT_LARGE_AFTER_IDLE_S if waits_long else worker._COMPACT_AFTER_IDLE_S
    assert worker._patience_s(library.store, library.builds) == expected
