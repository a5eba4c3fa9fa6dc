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
from kb.settings import load_settings
from kb.store import Store
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
        library.store.jobs.stop(job.id)


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


def test_bytes_that_are_held_already_are_said_to_be(library):
    held = upload(library, "copy.md", SMALL["cloud.en.md"])
    new, twice = upload(library, "new.md", "# New\n\nText.\n"), upload(library, "again.md", "# New\n\nText.\n")
    work(library.settings, once=True)
    outcomes = [library.store.jobs.get(job.id).outcome for job in (held, new, twice)]
    assert outcomes == ["held", "added", "held"]


def test_a_document_of_a_work_that_is_held_is_said_to_be_an_edition(library):
    older = library.version("cloud.en.md")
    job = upload(library, "newer.md", "# Cloud First\n\nNew words.\n", supersedes=older.work_id, language="en")
    work(library.settings, once=True)
    assert library.store.jobs.get(job.id).outcome == "edition"
    assert library.store.versions.get(older.id).status == "superseded"


def test_a_file_that_was_saved_before_the_worker_died_was_added_and_not_held_before(library, monkeypatch):
    job = upload(library, "a.md", "# A\n\nText.\n")
    monkeypatch.setattr("kb.store.jobs.Jobs.finish", lambda *_, **__: (_ for _ in ()).throw(worker.Stopped))
    work(library.settings, once=True)
    monkeypatch.undo()
    monkeypatch.setattr(worker, "load_embedder", lambda _: library.embedder)
    work(library.settings, once=True)
    done = library.store.jobs.get(job.id)
    assert (done.state, done.outcome) == ("done", "added")


def test_a_file_that_was_saved_is_not_called_failed_because_its_workers_died(library, monkeypatch):
    jobs = [upload(library, "a.md", "# A\n\nText.\n"), upload(library, "copy.md", SMALL["cloud.en.md"])]
    monkeypatch.setattr("kb.store.jobs.Jobs.finish", lambda *_, **__: (_ for _ in ()).throw(RuntimeError))
    for _ in range(2 * MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            work(library.settings, once=True)
    monkeypatch.undo()
    monkeypatch.setattr(worker, "load_embedder", lambda _: library.embedder)
    work(library.settings, once=True)
    ended = [library.store.jobs.get(job.id) for job in jobs]
    assert [(job.state, job.outcome) for job in ended] == [("done", "added"), ("done", "held")]


def outcome_of_a_second_try(library, job):
    assert library.store.jobs.retry(job.id)
    work(library.settings, once=True)
    return library.store.jobs.get(job.id).outcome


def test_a_file_that_is_tried_again_after_it_was_saved_was_added(library, monkeypatch):
    job = upload(library, "a.md", "# A\n\nText.\n")
    monkeypatch.setattr("kb.store.jobs.Jobs.finish", lambda jobs, job, *_, **__: jobs.fail(job, "worker-stopped", {}))
    work(library.settings, once=True)
    monkeypatch.undo()
    monkeypatch.setattr(worker, "load_embedder", lambda _: library.embedder)
    assert outcome_of_a_second_try(library, job) == "added"


def test_a_file_that_is_stopped_while_it_is_read_leaves_nothing(library, monkeypatch):
    embed = library.embedder.embed_passages
    job = upload(library, "a.md", "# A\n\nText.\n")

    def stop_meanwhile(*given, **named):
        library.store.jobs.stop(job.id)
        return embed(*given, **named)

    monkeypatch.setattr(library.embedder, "embed_passages", stop_meanwhile)
    after = upload(library, "b.md", "# B\n\nMore.\n")
    work(library.settings, once=True)
    assert [library.store.jobs.get(each.id).state for each in (job, after)] == ["cancelled", "done"]
    assert {version.path.split("/")[-1] for version in library.store.versions.list_all()} == {"cloud.en.md", "b.md"}
    monkeypatch.undo()
    monkeypatch.setattr(worker, "load_embedder", lambda _: library.embedder)
    assert outcome_of_a_second_try(library, job) == "added"


def test_a_worker_whose_job_was_given_to_another_leaves_it_alone(library, monkeypatch):
    embed = library.embedder.embed_passages
    job = upload(library, "a.md", "# A\n\nText.\n")

    def taken_meanwhile(*given, **named):
        library.store.jobs.forsake(lambda owner: True)
        assert library.store.jobs.claim("another").id == job.id
        return embed(*given, **named)

    monkeypatch.setattr(library.embedder, "embed_passages", taken_meanwhile)
    work(library.settings, once=True)
    held = library.store.jobs.get(job.id)
    assert (held.state, held.owner) == ("running", "another")
    assert len(library.store.versions.list_all()) == 1


def test_checks_see_what_was_saved_and_what_they_propose_is_kept(library):
    seen = []

    def check(store, embedder, receipt):
        seen.append((store.versions.get(receipt.version_id).title, embedder.model_id, store.jobs.get(job.id).stage))
        return {"edition_of": "cloud-first"}

    def broken(*_):
        raise ModelError("No model.")

    job = upload(library, "a.md", "# A\n\nText.\n")
    work(library.settings, once=True, checks=[broken, check])
    assert seen == [("A", library.embedder.model_id, "checking")]
    done = library.store.jobs.get(job.id)
    assert (done.state, done.proposed) == ("done", {"edition_of": "cloud-first"})


def test_a_worn_worker_ends_between_two_files_and_loses_none(library, monkeypatch):
    monkeypatch.setattr(worker, "MOST_FILES", 2)
    jobs = [upload(library, f"{n}.md", f"# File {n}\n\nText {n}.\n") for n in range(3)]
    assert work(library.settings, once=True) == "worn"
    assert [library.store.jobs.get(job.id).state for job in jobs] == ["done", "done", "waiting"]
    assert work(library.settings, once=True) == "stopped"
    assert library.store.jobs.get(jobs[2].id).state == "done"


def test_a_worker_that_holds_much_memory_is_worn_after_its_first_file(library, monkeypatch):
    monkeypatch.setattr(worker, "resident_mb", lambda: 2_000_000)
    for number in range(2):
        upload(library, f"{number}.md", f"# File {number}\n\nText {number}.\n")
    assert work(library.settings, once=True) == "worn"
    assert len(library.store.jobs.unfinished()) == 1


def test_a_worker_is_seen_while_it_works_and_gone_afterwards(library, monkeypatch):
    readers = []
    embed = library.embedder.embed_passages
    monkeypatch.setattr(
        library.embedder,
        "embed_passages",
        lambda *a, **k: readers.append(library.store.queue.readers()) or embed(*a, **k),
    )
    upload(library, "a.md", "# A\n\nText.\n")
    work(library.settings, once=True)
    assert readers == [1]
    assert library.store.queue.readers() == 0


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="there are no such priorities")
def test_the_worker_gives_way_and_begins_anew_in_the_same_process(tmp_path):
    """A real process that is worn after each file: its number stays, and every file is read."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])}
    settings = {"KB_DATA_DIR": str(tmp_path / "data"), "KB_THREADS": "1"}
    store = Store(load_settings(data_dir=tmp_path / "data"))
    for number in range(3):
        data = io.BytesIO(f"# File {number}\n\nText {number}.\n".encode())
        store.jobs.add(f"{number}.md", *store.files.add(data), {})
    process = subprocess.Popen([sys.executable, "-c", _WORN], env={**environment, **settings})
    assert process.wait(timeout=120) == 0
    jobs = store.jobs.list()
    assert [job.state for job in jobs] == ["done"] * 3
    assert {job.owner.split(":")[1] for job in jobs} == {str(process.pid)}
    assert len({job.owner for job in jobs}) == 3
    store.close()


_WORN = """
import os, sys
import kb.ingest.worker
from hash_embedder import HashEmbedder
from kb.cli.commands import app
kb.ingest.worker.load_embedder = lambda settings: HashEmbedder()
kb.ingest.worker.MOST_FILES = 1
app(["worker", "--once"], standalone_mode=False)
assert os.getpriority(os.PRIO_PROCESS, 0) >= 5
"""
