"""Backups: made while others write, copied only where something is new, restored only where nothing is."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from conftest import REPOSITORY
from made_library import SMALL

from kb.errors import ArchiveError
from kb.library.backup import back_up, read_backup, restore_backup, verify
from kb.library.deletion import delete
from kb.library.doctor import examine
from kb.library.rebuild import rebuild
from kb.library.withdrawal import withdraw
from kb.store import Store
from kb.store.files import FileStore


@pytest.fixture
def library(make_library):
    return make_library(build=False)


def restored(settings, folder, target):
    own = settings.model_copy(update={"data_dir": target})
    restore_backup(own, folder, by="tests")
    return own


def state(settings):
    store = Store(settings)
    found = {v.id: (v, [p.text for p in store.passages.list(v.id)]) for v in store.versions.list_all()}
    store.close()
    return found


def test_a_restored_library_is_the_one_that_was_backed_up(library, tmp_path):
    report = back_up(library.settings, library.store, tmp_path / "backup")
    assert (report.files, report.copied, report.missing) == (5, 5, ())
    own = restored(library.settings, tmp_path / "backup", tmp_path / "again")
    assert state(own) == state(library.settings)
    rebuild(own)
    assert [finding for finding in examine(own) if not finding.ok] == []
    store = Store(own)
    assert store.audit.list()[0].action == "restored-library"
    store.close()


def test_images_of_the_playbook_are_backed_up(library, tmp_path):
    library.settings.images_dir.mkdir(parents=True)
    (library.settings.images_dir / "0123456789abcdef.png").write_bytes(b"image")
    back_up(library.settings, library.store, tmp_path / "backup")
    own = restored(library.settings, tmp_path / "backup", tmp_path / "again")
    assert (own.images_dir / "0123456789abcdef.png").read_bytes() == b"image"


def test_a_second_backup_copies_only_what_is_new_and_forgets_what_was_deleted(library, tmp_path):
    folder = tmp_path / "backup"
    back_up(library.settings, library.store, folder)
    gone = library.version("data.html")
    withdraw(library.store, gone.id, by="me", reason="why")
    library.build()
    delete(library.settings, library.store, gone.id, title=gone.title, by="me", reason="why")
    library.write({"new.md": "# New\n\nSomething that was not there before."})
    library.ingest()
    report = back_up(library.settings, library.store, folder)
    assert (report.files, report.copied) == (5, 1)
    assert not FileStore(folder / "files").has(gone.sha256)
    assert len(list(folder.glob("library-*.sqlite3"))) == 1
    assert b"standardised" not in next(folder.glob("library-*.sqlite3")).read_bytes()
    verify(folder)


WRITER = """
import io, sys, pathlib
sys.path[:0] = {path!r}
from hash_embedder import HashEmbedder
from kb.ingest.collections import Collection, Entry
from kb.ingest.pipeline import Pipeline
from kb.settings import load_settings
from kb.store import Store
settings = load_settings(data_dir={data!r}, worker=False, threads=1)
store = Store(settings)
with Pipeline(settings, store, HashEmbedder()) as pipeline:
    for number in range(10_000):
        file = pathlib.Path({files!r}) / f"{{number}}.md"
        file.write_text(f"# Number {{number}}\\n\\nText of document number {{number}}, written while a backup is made.")
        pipeline.ingest(Collection("made", (Entry(file, file.name, {{}}),), complete=False))
        print(number, flush=True)
"""


def test_backups_made_while_another_process_writes_are_whole(library, tmp_path):
    (tmp_path / "files").mkdir()
    code = WRITER.format(
        path=[str(REPOSITORY), str(REPOSITORY / "tests")],
        data=str(library.settings.data_dir),
        files=str(tmp_path / "files"),
    )
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    counts = []
    try:
        assert writer.stdout.readline().strip() == "0"
        for number in range(4):
            back_up(library.settings, library.store, tmp_path / "backup")
            own = restored(library.settings, tmp_path / "backup", tmp_path / f"again-{number}")
            found = state(own)
            counts.append(len(found))
            rebuild(own)
            assert [finding for finding in examine(own) if not finding.ok] == []
            time.sleep(0.3)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] > len(SMALL)


def test_nothing_is_restored_over_a_library(library, tmp_path):
    back_up(library.settings, library.store, tmp_path / "backup")
    before = state(library.settings)
    with pytest.raises(ArchiveError, match="is not empty") as refused:
        restore_backup(library.settings, tmp_path / "backup", by="tests")
    assert "--data" in refused.value.remedy
    assert state(library.settings) == before


@pytest.mark.parametrize("harm", ["file", "database", "missing", "manifest", "newer"])
def test_a_damaged_backup_is_refused_and_nothing_is_left_behind(library, tmp_path, harm):
    folder = tmp_path / "backup"
    back_up(library.settings, library.store, folder)
    manifest = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    file = next(path for path in (folder / "files").rglob("*") if path.is_file())
    if harm == "file":
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    elif harm == "database":
        database = folder / manifest["database"]
        database.write_bytes(database.read_bytes()[:-1] + b"!")
    elif harm == "missing":
        file.unlink()
    elif harm == "manifest":
        (folder / "backup.json").write_text("{", encoding="utf-8")
    else:
        (folder / "backup.json").write_text(json.dumps({**manifest, "version": 2}), encoding="utf-8")
    with pytest.raises(ArchiveError):
        restored(library.settings, folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_manifest_that_leads_out_of_the_library_is_refused(library, tmp_path):
    folder = tmp_path / "backup"
    back_up(library.settings, library.store, folder)
    manifest = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    manifest["others"] = {"corpus/../../escaped": next(iter(manifest["files"]))}
    (folder / "backup.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ArchiveError, match="outside"):
        restored(library.settings, folder, tmp_path / "again")
    assert not (tmp_path / "escaped").exists()


def test_a_folder_with_something_else_or_another_library_is_left_alone(library, make_library, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").write_text("mine")
    with pytest.raises(ArchiveError, match="something else"):
        back_up(library.settings, library.store, tmp_path / "other")
    another = make_library({"a.md": "# A\n\nAnother library."}, build=False)
    back_up(another.settings, another.store, tmp_path / "theirs")
    with pytest.raises(ArchiveError, match="another library"):
        back_up(library.settings, library.store, tmp_path / "theirs")
    assert len(read_backup(tmp_path / "theirs").files) == 1
    for inside in (library.settings.data_dir / "backup", library.settings.data_dir.parent):
        with pytest.raises(ArchiveError, match="inside the library"):
            back_up(library.settings, library.store, inside)


def test_a_file_that_the_library_has_lost_is_named_and_the_rest_is_kept(library, tmp_path):
    lost = library.version("data.html").sha256
    library.store.files.remove(lost)
    report = back_up(library.settings, library.store, tmp_path / "backup")
    assert (report.files, report.missing) == (4, (lost,))
    assert len(state(restored(library.settings, tmp_path / "backup", tmp_path / "again"))) == 5


def test_a_harmed_file_of_the_library_does_not_replace_the_good_copy_of_it(library, tmp_path):
    back_up(library.settings, library.store, tmp_path / "backup")
    harmed = library.version("data.html").sha256
    library.store.files.path(harmed).write_bytes(b"harmed, and of another length")
    back_up(library.settings, library.store, tmp_path / "backup")
    assert harmed in verify(tmp_path / "backup").files


def test_an_upload_that_waits_is_backed_up_with_its_bytes(library, tmp_path):
    file = tmp_path / "upload.md"
    file.write_text("# Waiting\n\nNot read yet.")
    with file.open("rb") as stream:
        sha256, size = library.store.files.add(stream)
    library.store.jobs.add("upload.md", sha256, size, {})
    back_up(library.settings, library.store, tmp_path / "backup")
    own = restored(library.settings, tmp_path / "backup", tmp_path / "again")
    assert FileStore(own.files_dir).is_whole(sha256)
