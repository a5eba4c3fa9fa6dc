"""Which edition of a work is the current one, whatever order and place the files come in."""

from __future__ import annotations

import shutil

import pytest
from made_library import CLOUD_EN, SMALL

from kb.ingest.collections import UPLOADS, Collection, Entry, open_collection
from kb.ingest.pipeline import Pipeline
from kb.library.stats import library_stats

NEW_EDITION = CLOUD_EN.replace("2013-05-05", "2017-01-01").replace("fully evaluate", "always evaluate")


def edition(name, year, *, supersedes="", language="en"):
    text = "The plan of" if language == "en" else "計画の本文です。"
    return f"---\nid: {name}\nlanguage: {language}\nsupersedes: {supersedes}\n---\n{text} {year} {language}.\n"


def ingest(library, collection):
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        return {receipt.path: receipt for receipt in pipeline.ingest(collection)}


def upload(library, content, **told):
    file = library.folder.parent / "uploaded.md"
    file.write_text(content, encoding="utf-8")
    return ingest(library, Collection(UPLOADS, (Entry(file, "0123/uploaded.md", told),), complete=False))


def statuses(library, *paths):
    return [library.version(path).status for path in paths]


def test_an_upload_of_a_superseded_edition_leaves_it_superseded_and_described_as_it_was(make_library):
    library = make_library()
    library.write({"cloud.en.md": NEW_EDITION})
    library.ingest()
    new = library.version("cloud.en.md")
    old = next(v for v in library.store.versions.by_work(new.work_id) if v.id != new.id)
    receipt = upload(library, CLOUD_EN, title="A worse title")["0123/uploaded.md"]
    assert (receipt.outcome, receipt.version_id) == ("unchanged", old.id)
    assert library.store.versions.get(old.id) == old
    assert library.store.versions.get(new.id) == new


def test_an_upload_of_a_retired_edition_brings_it_back_described_as_it_was(make_library):
    library = make_library()
    before = library.version("identity.en.md")
    library.remove("identity.en.md")
    library.ingest()
    upload(library, SMALL["identity.en.md"], title="A worse title")
    assert library.store.versions.get(before.id) == before
    assert library.hits("identity verification")[0].version.id == before.id


def test_an_upload_does_not_keep_an_edition_current_whose_file_changes(make_library):
    library = make_library()
    old = library.version("cloud.en.md")
    upload(library, CLOUD_EN)
    library.write({"cloud.en.md": NEW_EDITION})
    library.ingest()
    assert library.store.versions.get(old.id).status == "superseded"
    upload(library, CLOUD_EN, title="Told again")
    assert library.store.versions.get(old.id).status == "superseded"
    assert library.version("cloud.en.md").status == "current"


def test_a_folder_that_was_renamed_does_not_keep_its_old_editions_current(make_library, tmp_path):
    library = make_library({}, build=False)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / "cloud.md").write_text(CLOUD_EN, encoding="utf-8")
    old = ingest(library, open_collection(first))["cloud.md"].version_id
    shutil.move(first, second)
    ingest(library, open_collection(second))
    (second / "cloud.md").write_text(NEW_EDITION, encoding="utf-8")
    new = ingest(library, open_collection(second))["cloud.md"].version_id
    assert [library.store.versions.get(v).status for v in (old, new)] == ["superseded", "current"]
    (second / "cloud.md").write_text(CLOUD_EN, encoding="utf-8")
    ingest(library, open_collection(second))
    assert [library.store.versions.get(v).status for v in (old, new)] == ["current", "superseded"]


def test_a_copy_in_another_folder_keeps_an_edition_current(make_library, tmp_path):
    library = make_library()
    old = library.version("cloud.en.md")
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.md").write_text(CLOUD_EN, encoding="utf-8")
    ingest(library, open_collection(other))
    library.write({"cloud.en.md": NEW_EDITION})
    library.ingest()
    assert library.store.versions.get(old.id).status == "current"


@pytest.mark.parametrize("order", [("old.md", "new.md"), ("new.md", "old.md")])
def test_what_is_superseded_may_be_named_as_its_id_was_written_or_by_its_version(make_library, order):
    old = edition("Plan 2020", 2020)
    probe = make_library({"old.md": old}, build=False)
    for name in ("Plan 2020", probe.version("old.md").id):
        files = {"old.md": old, "new.md": edition("Plan 2025", 2025, supersedes=name)}
        library = make_library({}, build=False)
        for path in order:
            library.write({path: files[path]})
            library.ingest()
        assert statuses(library, "old.md", "new.md") == ["superseded", "current"]


@pytest.mark.parametrize("order", [("old.en.md", "old.ja.md", "new.en.md"), ("new.en.md", "old.ja.md", "old.en.md")])
def test_an_edition_supersedes_none_of_another_language(make_library, order):
    files = {
        "old.en.md": edition("plan-2020", 2020),
        "old.ja.md": edition("plan-2020", 2020, language="ja"),
        "new.en.md": edition("plan-2025", 2025, supersedes="plan-2020"),
    }
    library = make_library({}, build=False)
    for path in order:
        library.write({path: files[path]})
        library.ingest()
    assert statuses(library, "old.en.md", "old.ja.md", "new.en.md") == ["superseded", "current", "current"]


def test_editions_of_one_work_that_each_supersede_it_leave_the_last_current(make_library):
    library = make_library({"plan.md": edition("plan", 2020, supersedes="plan")}, build=False)
    old = library.version("plan.md")
    library.write({"plan.md": edition("plan", 2025, supersedes="plan")})
    library.ingest()
    assert library.store.versions.get(old.id).status == "superseded"
    assert library.version("plan.md").status == "current"


def test_a_corrected_id_makes_a_version_an_edition_of_that_work(make_library):
    library = make_library({"a.md": "# Plan\n\nThe plan.\n"}, build=False)
    before = library.version("a.md")
    manifest = library.folder / "MANIFEST.tsv"
    manifest.write_text("path\tid\na.md\tPlan 2025\n", encoding="utf-8")
    library.ingest()
    after = library.version("a.md")
    assert (after.id, after.work_id) == (before.id, "plan-2025")
    assert [v.id for v in library.store.versions.by_work("plan-2025")] == [before.id]


def test_passages_and_documents_of_the_figures_both_leave_out_what_is_retired(make_library):
    library = make_library()
    kept = sum(v.passage_count for v in library.store.versions.list_all() if v.path != "cloud.en.md")
    library.remove("cloud.en.md")
    library.ingest()
    figures = library_stats(library.settings)
    assert (figures["documents"], figures["passages"]) == (len(SMALL) - 1, kept)


def test_an_edition_whose_id_is_corrected_stays_superseded_and_can_still_be_superseded_by_its_old_name(make_library):
    files = {"old.md": edition("plan-2022", 2022), "new.md": edition("plan-2025", 2025, supersedes="plan-2022")}
    library = make_library(files, build=False)
    library.write({"MANIFEST.tsv": "path\tid\nold.md\tThe plan of 2022\nnew.md\tplan-2025\n"})
    library.ingest()
    assert library.version("old.md").work_id == "the-plan-of-2022"
    assert statuses(library, "old.md", "new.md") == ["superseded", "current"]
    library.write({"later.md": edition("plan-2026", 2026, supersedes="plan-2022")})
    library.write(
        {"MANIFEST.tsv": "path\tid\nold.md\tThe plan of 2022\nnew.md\tThe plan of 2022\nlater.md\tplan-2026\n"}
    )
    library.ingest()
    assert statuses(library, "old.md", "new.md", "later.md") == ["superseded", "superseded", "current"]
