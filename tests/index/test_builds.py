from __future__ import annotations

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.errors import IndexUnavailableError
from kb.index.builder import bring_up_to_date, write_build
from kb.index.builds import LAYOUT, Builds, Manifest, checksums, read_manifest
from kb.store.database import revision


def manifest(revision, *, model_id="m"):
    return Manifest(LAYOUT, model_id, "terms", 8, revision, {"en": 0, "ja": 0}, (), "", {})


@pytest.fixture
def builds(tmp_path):
    return Builds(tmp_path / "index")


def publish(builds, name, **made):
    folder = builds.new_folder(name)
    builds.finish(folder, manifest(**made))
    return builds.publish(folder)


def names(builds):
    return {entry.name for entry in builds.new_folder("x").parent.iterdir()} - {"x"}


def test_a_build_is_seen_once_it_is_published_and_not_before(builds):
    assert builds.current() is None
    folder = builds.new_folder("a")
    assert builds.current() is None
    builds.finish(folder, manifest(1))
    assert builds.current() is None
    assert builds.publish(folder) == folder == builds.current()


def test_an_older_build_never_replaces_a_newer_one(builds):
    newer = publish(builds, "newer", revision=5)
    assert publish(builds, "older", revision=4) == newer
    assert builds.current() == newer


def test_a_build_of_the_same_state_replaces_one_that_may_be_damaged(builds):
    publish(builds, "a", revision=5)
    assert publish(builds, "b", revision=5).name == "b"


def test_a_build_of_another_model_replaces_whatever_is_there(builds):
    publish(builds, "a", revision=5)
    assert publish(builds, "b", revision=4, model_id="other").name == "b"


def test_a_build_replaces_one_that_cannot_be_read(builds):
    folder = publish(builds, "a", revision=5)
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert publish(builds, "b", revision=1).name == "b"


def test_the_build_before_the_current_one_stays_for_those_who_are_opening_it(builds):
    for number in range(1, 5):
        publish(builds, f"b{number}", revision=number)
        os.utime(builds.current(), (1000 + number,) * 2)
    builds.clear_older()
    assert names(builds) == {"b3", "b4"}


def test_a_build_that_is_being_written_is_left_alone_until_it_is_abandoned(builds):
    unfinished, abandoned = builds.new_folder("unfinished"), builds.new_folder("abandoned")
    os.utime(abandoned, (time.time() - 86400,) * 2)
    publish(builds, "a", revision=1)
    builds.clear_older()
    assert unfinished.exists()
    assert not abandoned.exists()


def test_a_pointer_to_a_build_that_is_gone_points_nowhere(builds):
    shutil.rmtree(publish(builds, "a", revision=1))
    assert builds.current() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"layout": 1}', '{"layout": 4}', '"text"'])
def test_a_manifest_that_cannot_be_read_says_what_to_do(builds, content):
    folder = builds.new_folder("a")
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexUnavailableError) as unreadable:
        read_manifest(folder)
    assert "rebuild" in unreadable.value.remedy


def test_a_build_knows_the_digest_of_each_of_its_files(small_library):
    folder = small_library.builds.current()
    assert checksums(folder) == read_manifest(folder).checksums
    assert {"means.npz", "en/dense/index.faiss", "ja/passages/rows.npy"} <= read_manifest(folder).checksums.keys()


def test_two_builds_of_the_same_library_hold_the_same(make_library):
    library = make_library()
    first = read_manifest(library.builds.current())
    second = read_manifest(library.build())
    assert (first.counts, first.versions, first.revision) == (second.counts, second.versions, second.revision)
    for file in ("means.npz", "en/dense/index.faiss", "en/passages/rows.npy", "ja/dense/index.faiss"):
        assert first.checksums[file] == second.checksums[file], file


def test_a_build_needs_no_model_once_every_vector_is_held(make_library):
    library = make_library()
    before = list(library.embedder.embedded)
    write_build(library.store, library.builds, library.embedder.model_id)
    assert library.embedder.embedded == before


def test_a_build_for_a_model_that_never_embedded_the_library_is_refused(make_library):
    library = make_library()
    published = library.builds.current()
    with pytest.raises(IndexUnavailableError) as refused:
        write_build(library.store, library.builds, "another-model")
    assert "--embed" in refused.value.remedy
    assert library.builds.current() == published


def test_a_build_is_brought_up_to_date_only_where_something_changed(make_library):
    library = make_library()
    published = library.builds.current()
    bring_up_to_date(library.store, library.builds, library.embedder)
    assert library.builds.current() == published
    library.write({"new.md": "# New\n\nA new document."})
    library.ingest()
    bring_up_to_date(library.store, library.builds, library.embedder)
    assert library.builds.current() != published


def test_builders_at_the_same_time_leave_a_build_of_the_latest_state(make_library):
    library = make_library()
    with ThreadPoolExecutor(4) as threads:
        running = []
        for number in range(6):
            library.write({f"new-{number}.md": f"# New\n\nNew document {number}.\n"})
            library.ingest()
            running.append(threads.submit(library.build))
    assert all(builder.result() for builder in running)
    with library.store.database.read() as connection:
        latest = revision(connection)
    assert read_manifest(library.builds.current()).revision == latest
    assert len(library.reader.snapshot().leaves["en"].tail.rows) == 0


@pytest.mark.parametrize("harm", ["delete a file", "another layout"])
def test_a_build_that_is_damaged_is_made_again(make_library, harm):
    library = make_library()
    published = library.builds.current()
    if harm == "delete a file":
        (published / "en" / "dense" / "index.faiss").unlink()
    else:
        fields = json.loads((published / "manifest.json").read_text())
        (published / "manifest.json").write_text(json.dumps({**fields, "layout": 1}))
    bring_up_to_date(library.store, library.builds, library.embedder)
    assert library.builds.current() != published


def test_an_empty_library_can_be_built_and_searched(make_library):
    library = make_library({})
    result = library.search("cloud")
    assert result.merged.hits == ()
    assert {language: ranking.hits for language, ranking in result.by_language.items()} == {"en": (), "ja": ()}
