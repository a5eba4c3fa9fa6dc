"""Killing a real process at many moments: what was confirmed stays, nothing is half there, and a second run completes.

`KB_CRASH_ROUNDS` raises how many moments of each kind of work are tried.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import crashing
import pytest
from hash_embedder import HashEmbedder
from made_library import SMALL, MadeLibrary

from kb.index.builder import write_build
from kb.library.doctor import examine
from kb.settings import load_settings

ROUNDS = int(os.environ.get("KB_CRASH_ROUNDS", "6"))
FILES = {path: SMALL[path] for path in ("cloud.en.md", "identity.ja.txt", "data.html")}

processes = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def _loaded_once():
    """Have the modules loaded once, in a process that every process to be killed is forked from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        processes.set_forkserver_preload(["crashing"])
        forkserver.ensure_running()
    yield
    forkserver._forkserver._stop()


class Trial:
    """One library, and work on it that is killed."""

    def __init__(self, home: Path) -> None:
        self.settings = load_settings(data_dir=home / "data", worker=False, threads=1)
        self.folder = home / "files"
        self.report = home / "report"

    def run(self, work, *, fatal=0, after_s=None):
        """Run `work` until it ends, reaches moment number `fatal` or is killed from outside; gives its exit code."""
        self.report.unlink(missing_ok=True)
        process = processes.Process(target=work, args=(self.settings, self.folder, fatal, self.report))
        process.start()
        if after_s is not None:
            time.sleep(after_s)
            process.kill()
        process.join(60)
        assert process.exitcode is not None, "it hangs"
        return process.exitcode

    @property
    def reported(self):
        """What the process said it had done."""
        return self.report.read_text().splitlines() if self.report.exists() else []

    @property
    def moments(self):
        return int(self.reported[-1].split()[1])

    def copy_to(self, other):
        """The same library once more, to be harmed in another way."""
        shutil.copytree(self.folder.parent, other.folder.parent)
        return other

    def open(self):
        return MadeLibrary(self.settings, self.folder)

    def assert_nothing_half(self):
        """The library is sound, apart from an index that was never published."""
        never = not (self.settings.index_path / "current").exists()
        wrong = [f for f in examine(self.settings) if not f.ok and not (never and f.check == "index")]
        assert wrong == []


@pytest.fixture
def trial(tmp_path):
    number = iter(range(10_000))
    return lambda: Trial(tmp_path / str(next(number)))


def spread(moments, rounds):
    """Moments to die at: the first, the last, and the rest evenly between them."""
    return sorted({1 + round(i * (moments - 1) / max(rounds - 1, 1)) for i in range(rounds)})


def assert_confirmed(trial):
    library = trial.open()
    for path in trial.reported:
        if path in FILES:
            version = library.version(path)
            assert version.status == "current"
            assert library.store.files.is_whole(version.sha256)
            assert len(library.store.passages.list(version.id)) == version.passage_count > 0
    library.close()


def assert_complete(trial):
    assert trial.run(crashing.ingest) == 0
    assert [finding for finding in examine(trial.settings) if not finding.ok] == []
    library = trial.open()
    assert {v.path for v in library.store.versions.list_all()} == set(FILES)
    assert library.paths("consider cloud solutions")
    library.close()


def write(trial):
    library = MadeLibrary(trial.settings, trial.folder)
    library.write(FILES)
    library.close()
    return trial


def test_taking_in_a_folder_survives_being_killed_at_any_moment(trial):
    whole = write(trial())
    assert whole.run(crashing.ingest) == 0
    for fatal in spread(whole.moments, ROUNDS):
        killed = write(trial())
        assert killed.run(crashing.ingest, fatal=fatal) == -signal.SIGKILL, fatal
        killed.assert_nothing_half()
        assert_confirmed(killed)
        assert_complete(killed)


def test_taking_in_a_folder_survives_being_killed_from_outside_again_and_again(trial):
    killed = write(trial())
    chance = random.Random(ROUNDS)
    for _ in range(max(ROUNDS // 2, 3)):
        killed.run(crashing.ingest, after_s=chance.uniform(0.1, 1.5))
        killed.assert_nothing_half()
        assert_confirmed(killed)
    assert_complete(killed)


def test_an_edition_that_replaces_another_is_switched_in_one_step(trial):
    before = write(trial())
    assert before.run(crashing.ingest) == 0
    library = before.open()
    old = library.version("cloud.en.md")
    library.write({"cloud.en.md": FILES["cloud.en.md"].replace("mandatory", "compulsory")})
    library.remove("data.html")
    library.close()
    whole = before.copy_to(trial())
    assert whole.run(crashing.ingest) == 0
    for fatal in spread(whole.moments, ROUNDS):
        killed = before.copy_to(trial())
        assert killed.run(crashing.ingest, fatal=fatal) == -signal.SIGKILL, fatal
        killed.assert_nothing_half()
        library = killed.open()
        current = [v for v in library.store.versions.by_work(old.work_id) if v.status == "current"]
        assert len(current) == 1
        assert len(library.hits("central government", languages=("en",))) > 0
        library.close()
        assert killed.run(crashing.ingest) == 0
        library = killed.open()
        assert library.store.versions.get(old.id).status == "superseded"
        assert library.version("data.html").status == "retired"
        library.close()
        killed.assert_nothing_half()


def test_writing_a_build_survives_being_killed_and_the_one_before_goes_on_serving(trial):
    whole = write(trial())
    assert whole.run(crashing.ingest) == 0
    assert whole.run(crashing.build) == 0
    for fatal in spread(whole.moments, ROUNDS):
        assert whole.run(crashing.build, fatal=fatal) == -signal.SIGKILL, fatal
        whole.assert_nothing_half()
        library = whole.open()
        assert library.paths("consider cloud solutions")
        library.close()
    assert whole.run(crashing.build) == 0
    whole.assert_nothing_half()


def test_an_upload_whose_worker_is_killed_is_read_by_the_next_one(trial):
    waiting = write(trial())
    library = waiting.open()
    for path in FILES:
        with (waiting.folder / path).open("rb") as stream:
            library.store.jobs.add(path, *library.store.files.add(stream), {})
    library.close()
    whole = waiting.copy_to(trial())
    assert whole.run(crashing.serve) == 0
    for fatal in spread(whole.moments, ROUNDS):
        killed = waiting.copy_to(trial())
        assert killed.run(crashing.serve, fatal=fatal) == -signal.SIGKILL, fatal
        killed.assert_nothing_half()
        library = killed.open()
        for job in library.store.jobs.list():
            assert job.state != "failed"
            assert job.state != "done" or library.store.versions.get(job.version_id).status == "current"
        library.close()
        assert killed.run(crashing.serve) == 0
        library = killed.open()
        jobs = library.store.jobs.list()
        assert [job.state for job in jobs] == ["done"] * len(FILES)
        assert {job.version_id for job in jobs} == {v.id for v in library.store.versions.list_all()}
        library.close()
        killed.assert_nothing_half()


def test_a_build_that_was_never_finished_is_not_published_by_the_next_one(trial):
    whole = write(trial())
    assert whole.run(crashing.ingest) == 0
    library = whole.open()
    left = library.builds.new_folder("00000000-left")
    (left / "means.npz").write_bytes(b"half")
    built = write_build(library.store, library.builds, library.embedder.model_id, embedder=library.embedder)
    assert built == library.builds.current() != left
    assert library.embedder.embedded == HashEmbedder().embedded
    library.close()
