from __future__ import annotations

import io

import pytest
from made_library import CLOUD_EN, SMALL, small_pdf

from kb.ingest.collections import Collection, Entry, open_collection
from kb.ingest.pipeline import Pipeline, Progress
from kb.library.doctor import examine
from kb.store.files import sha256_of
from kb.text.words import terms

NEW_EDITION = CLOUD_EN.replace("2013-05-05", "2017-01-01").replace("fully evaluate", "always evaluate")


def outcomes(receipts):
    return {path: receipt.outcome for path, receipt in receipts.items()}


def assert_sound(library):
    assert [finding for finding in examine(library.settings) if not finding.ok] == []


def test_every_kind_of_file_is_taken_in_with_a_receipt(make_library):
    library = make_library({}, build=False)
    library.write({**SMALL, "standard.pdf": small_pdf()})
    receipts = library.ingest()
    assert set(outcomes(receipts).values()) == {"added"}
    receipt, version = receipts["standard.pdf"], library.version("standard.pdf")
    assert (receipt.pages, receipt.languages, receipt.passages) == (3, {"en": 2, "ja": 1}, version.passage_count)
    assert (version.page_count, version.media_type, version.title) == (
        3,
        "application/pdf",
        "Service Standard of the made library",
    )
    assert version.sha256 == sha256_of(library.folder / "standard.pdf")
    assert library.store.files.is_whole(version.sha256)
    assert [p.page for p in library.store.passages.list(version.id)] == [1, 2, 3]
    library.build()
    assert_sound(library)


def test_what_has_not_changed_is_neither_read_nor_embedded_again(make_library):
    library = make_library()
    embedded, published = list(library.embedder.embedded), library.version("cloud.en.md").added_at
    steps: list[Progress] = []
    receipts = library.ingest(on_progress=steps.append)
    assert set(outcomes(receipts).values()) == {"unchanged"}
    assert {r.version_id for r in receipts.values()} == {v.id for v in library.store.versions.list_all()}
    assert steps == []
    assert library.embedder.embedded == embedded
    assert library.version("cloud.en.md").added_at == published


def test_a_file_that_changed_is_a_new_edition_and_the_old_one_still_opens(make_library):
    library = make_library()
    old = library.version("cloud.en.md")
    old_passages = library.store.passages.list(old.id)
    library.write({"cloud.en.md": NEW_EDITION})
    assert outcomes(library.ingest())["cloud.en.md"] == "updated"
    new = library.version("cloud.en.md")
    assert (new.status, library.store.versions.get(old.id).status) == ("current", "superseded")
    assert new.work_id == old.work_id
    assert [v.id for v in library.store.versions.by_work(old.work_id)] == [new.id, old.id]
    for passage in old_passages:
        assert library.store.passages.get(passage.id) == passage
    assert library.store.files.is_whole(old.sha256)
    assert {h.version.id for h in library.hits("consider cloud solutions")} & {old.id, new.id} == {new.id}
    assert {h.version.id for h in library.hits("consider cloud solutions", current_only=False)} >= {old.id, new.id}
    library.build()
    assert_sound(library)


def test_a_file_that_changes_back_is_the_old_edition_again(make_library):
    library = make_library()
    old = library.version("cloud.en.md")
    for content in (NEW_EDITION, CLOUD_EN):
        library.write({"cloud.en.md": content})
        library.ingest()
    assert library.version("cloud.en.md").id == old.id
    assert sorted(v.status for v in library.store.versions.by_work(old.work_id)) == ["current", "superseded"]
    assert_index_sound(library)


def assert_index_sound(library):
    library.build()
    assert_sound(library)


def test_a_file_that_went_away_is_retired_and_its_links_still_open(make_library):
    library = make_library()
    version = library.version("identity.en.md")
    passage = library.hits("identity verification")[0].passage
    library.remove("identity.en.md")
    receipts = library.ingest()
    assert outcomes(receipts)["identity.en.md"] == "retired"
    assert library.store.versions.get(version.id).status == "retired"
    assert library.store.passages.get(passage.id) == passage
    for filters in ({}, {"current_only": False}):
        assert "identity.en.md" not in library.paths("identity verification", **filters)
    assert "identity.en.md" not in outcomes(library.ingest())
    assert_index_sound(library)


def test_a_file_that_comes_back_is_restored_without_embedding_it_again(make_library):
    library = make_library()
    version, content = library.version("identity.en.md"), (library.folder / "identity.en.md").read_bytes()
    library.remove("identity.en.md")
    library.ingest()
    embedded = list(library.embedder.embedded)
    library.write({"identity.en.md": content})
    library.ingest()
    assert library.store.versions.get(version.id).status == "current"
    assert library.paths("identity verification")[0] == "identity.en.md"
    assert library.embedder.embedded == embedded


def test_a_file_that_moved_is_the_same_version_at_its_new_place(make_library):
    library = make_library()
    version = library.version("identity.en.md")
    (library.folder / "moved").mkdir()
    (library.folder / "identity.en.md").rename(library.folder / "moved" / "identity.md")
    receipts = library.ingest()
    assert "retired" not in outcomes(receipts).values()
    moved = library.store.versions.get(version.id)
    assert (moved.path, moved.status) == ("moved/identity.md", "current")
    assert library.paths("identity verification")[0] == "moved/identity.md"


def test_identical_bytes_are_one_version_and_a_copy_does_not_describe_it_anew(make_library):
    library = make_library()
    version = library.version("identity.en.md")
    embedded = list(library.embedder.embedded)
    copy = library.folder.parent / "upload.md"
    copy.write_bytes((library.folder / "identity.en.md").read_bytes())
    uploads = Collection("uploads", (Entry(copy, "upload.md", {"title": "A worse title"}),), complete=False)
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        receipt = pipeline.ingest(uploads)[0]
        again = pipeline.ingest(uploads)[0]
    assert (receipt.outcome, receipt.version_id) == (again.outcome, again.version_id) == ("unchanged", version.id)
    assert library.store.versions.get(version.id) == version
    assert library.embedder.embedded == embedded


def test_copies_in_one_folder_are_one_version_until_the_last_is_gone(make_library):
    text = SMALL["identity.en.md"]
    library = make_library({"a.md": text, "b.md": text})
    assert len(library.store.versions.list_all()) == 1
    assert library.version("a.md").status == "current"
    library.remove("a.md")
    assert "retired" not in outcomes(library.ingest()).values()
    assert library.version("b.md").status == "current"
    library.remove("b.md")
    assert outcomes(library.ingest()) == {"b.md": "retired"}
    assert [v.status for v in library.store.versions.list_all()] == ["retired"]


def test_a_file_replaced_by_a_copy_of_another_supersedes_what_it_was(make_library):
    library = make_library()
    old = library.version("identity.en.md")
    library.write({"identity.en.md": SMALL["cloud.en.md"]})
    library.ingest()
    assert library.store.versions.get(old.id).status == "superseded"
    assert library.version("cloud.en.md").status == "current"


def test_a_file_that_cannot_be_read_is_a_row_in_the_report_and_the_others_go_on(make_library):
    library = make_library({}, build=False)
    library.write({"empty.md": "", "broken.pdf": b"%PDF-1.7 and no more", "good.md": "# Good\n\nA good document."})
    receipts = library.ingest()
    assert outcomes(receipts) == {"empty.md": "failed", "broken.pdf": "failed", "good.md": "added"}
    assert (receipts["empty.md"].problem, receipts["broken.pdf"].problem) == ("empty-file", "damaged")
    assert all(receipts[path].message for path in ("empty.md", "broken.pdf"))
    assert {r.path for r in library.store.receipts.problems()} == {"empty.md", "broken.pdf"}


def test_a_file_that_cannot_be_read_any_more_leaves_what_was_there(make_library):
    library = make_library()
    version = library.version("cloud.en.md")
    library.write({"cloud.en.md": b""})
    assert outcomes(library.ingest())["cloud.en.md"] == "failed"
    assert library.store.versions.get(version.id) == version
    assert library.paths("consider cloud solutions")[0] == "cloud.en.md"
    library.write({"cloud.en.md": CLOUD_EN})
    assert outcomes(library.ingest())["cloud.en.md"] == "unchanged"


def test_a_file_that_vanishes_while_it_is_read_is_a_row_in_the_report(make_library):
    library = make_library()
    collection = open_collection(library.folder, name="made")
    library.remove("cloud.en.md")
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        receipts = {r.path: r for r in pipeline.ingest(collection)}
    assert receipts["cloud.en.md"].outcome == "failed"
    assert library.version("cloud.en.md").status == "current"


def test_nothing_is_ever_embedded_twice(make_library):
    library = make_library()
    repeated = "# Repeated\n\nThe same paragraph in every file.\n"
    library.write({f"same-{i}.md": f"---\ntitle: Same\nnote: {i}\n---\n{repeated}" for i in range(5)})
    library.ingest()
    library.write({"cloud.en.md": NEW_EDITION})
    library.ingest()
    library.build()
    passages = library.embedder.embedded
    assert len(passages) == len(set(passages))
    assert sum("The same paragraph" in text for text in passages) == 1


def test_another_description_changes_what_is_known_but_not_the_work(make_library):
    library = make_library()
    before = library.version("identity.en.md")
    manifest = library.folder.parent / "list.tsv"
    manifest.write_text(
        "path\ttitle\tpublisher\tpublished\tcategory\nidentity.en.md\tGPG 45\tCabinet Office\t2014-01\tguide\n",
        encoding="utf-8",
    )
    receipts = library.ingest(manifest=manifest)
    after = library.version("identity.en.md")
    assert outcomes(receipts)["identity.en.md"] == "updated"
    assert (after.id, after.work_id, after.added_at) == (before.id, before.work_id, before.added_at)
    assert (after.title, after.metadata.country, after.metadata.published) == ("GPG 45", "uk", "2014-01")
    assert after.metadata.extra == {"category": "guide"}
    assert library.paths("GPG 45")[0] == "identity.en.md"
    assert_index_sound(library)


def test_files_that_name_one_work_belong_to_it(make_library):
    library = make_library(
        {
            "plan.en.md": "---\nid: plan-2025\ntitle: Plan\n---\nThe plan.\n",
            "plan.ja.md": "---\nid: plan-2025\ntitle: 計画\n---\n計画の本文です。\n",
        },
        build=False,
    )
    assert {v.metadata.language for v in library.store.versions.by_work("plan-2025")} == {"en", "ja"}


@pytest.mark.parametrize("order", [("old.md", "new.md"), ("new.md", "old.md"), ("a/old.md", "0/new.md")])
def test_an_edition_that_says_what_it_supersedes_does_so_in_whatever_order_they_come(make_library, order):
    old, new = sorted(order, key=lambda path: "new" in path)
    files = {
        old: "---\nid: plan-2020\ntitle: Plan 2020\n---\nThe plan of 2020.\n",
        new: "---\nid: plan-2025\ntitle: Plan 2025\nsupersedes: plan-2020\n---\nThe plan of 2025.\n",
    }
    library = make_library({}, build=False)
    for path in order:
        library.write({path: files[path]})
        library.ingest()
    assert library.version(old).status == "superseded"
    assert library.version(new).status == "current"


def test_an_edition_that_says_it_supersedes_its_own_work_stays_current(make_library):
    library = make_library({"a.md": "---\nid: plan\nsupersedes: plan\n---\nThe plan.\n"}, build=False)
    assert library.version("a.md").status == "current"


def test_playbook_pages_are_known_by_their_place(make_library):
    library = make_library(
        {"playbook/en/cloud.md": "# Cloud\n\nText.\n", "cloud.md": "# Other\n\nText.\n"}, build=False
    )
    assert library.version("playbook/en/cloud.md").slug == "cloud"
    assert library.version("cloud.md").slug == ""


def test_bytes_that_were_lost_or_harmed_come_back_with_the_file(make_library):
    library = make_library()
    lost, harmed = (library.version(path).sha256 for path in ("cloud.en.md", "data.html"))
    library.store.files.path(lost).unlink()
    library.store.files.path(harmed).write_bytes(b"harmed")
    assert not all(finding.ok for finding in examine(library.settings))
    assert set(outcomes(library.ingest()).values()) == {"unchanged"}
    assert_sound(library)


def test_a_library_read_for_another_model_is_read_again(make_library):
    library = make_library()
    library.embedder.model_id = "hash-64-other"
    assert set(outcomes(library.ingest()).values()) == {"updated"}
    before = {p.id for v in library.store.versions.list_all() for p in library.store.passages.list(v.id)}
    library.build()
    assert_sound(library)
    assert library.store.passages.count() == len(before)


def test_progress_counts_files_and_what_is_done_of_each(make_library):
    library = make_library({}, build=False)
    library.write({"standard.pdf": small_pdf(), "a.md": "# A\n\nText.\n"})
    steps: list[Progress] = []
    library.ingest(on_progress=steps.append)
    assert {step.stage for step in steps} == {"reading", "embedding", "saving"}
    assert all(step.done <= step.total and step.files_done <= step.files_total == 2 for step in steps)
    assert [step for step in steps if step.file == "standard.pdf" and step.stage == "reading"][-1].done == 3


def test_many_small_files_are_saved_in_batches_and_none_is_forgotten(make_library, monkeypatch):
    monkeypatch.setattr("kb.ingest.pipeline.BATCH_PASSAGES", 3)
    library = make_library({f"{i}.md": f"# File {i}\n\nText number {i}.\n" for i in range(10)}, build=False)
    assert len(library.store.versions.list_all()) == 10
    assert library.store.passages.count() == 10
    assert list(library.ingest()) == sorted(f"{i}.md" for i in range(10))


def test_a_file_that_changes_while_it_is_read_is_stored_and_read_as_the_same_bytes(make_library, monkeypatch):
    library = make_library({}, build=False)
    library.write({"a.md": "# First\n\nThe first text.\n"})
    monkeypatch.setattr("kb.ingest.pipeline.sha256_of", change_after(sha256_of, library, "# Second\n\nThe second."))
    parse = library.parser.parse
    monkeypatch.setattr(library.parser, "parse", change_after(parse, library, "# Third\n\nThe third.", first=True))
    library.ingest()
    version = library.version("a.md")
    assert library.store.files.path(version.sha256).read_text().startswith("# Second")
    assert version.title == "Second"
    assert_sound_but_for_the_index(library)


def change_after(step, library, content, *, first=False):
    """`step`, with `a.md` changed after it, or before it where `first`."""

    def changing(*arguments, **options):
        if first:
            library.write({"a.md": content})
        result = step(*arguments, **options)
        library.write({"a.md": content})
        return result

    return changing


def assert_sound_but_for_the_index(library):
    assert [finding for finding in examine(library.settings) if not finding.ok and finding.check != "index"] == []


def test_bytes_that_are_in_the_file_store_are_not_copied_again(make_library, monkeypatch):
    library = make_library({}, build=False)
    with io.BytesIO(b"# Uploaded\n\nText.\n") as data:
        sha256, size_bytes = library.store.files.add(data)
    monkeypatch.setattr(library.store.files, "add", None)
    entry = Entry(library.store.files.path(sha256), "uploaded.md")
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        pipeline.ingest(Collection("uploads", (entry,), complete=False))
    version = library.version("uploaded.md")
    assert (version.sha256, version.size_bytes, version.title) == (sha256, size_bytes, "Uploaded")


def test_a_file_larger_than_allowed_is_not_even_copied(make_library):
    library = make_library({}, build=False)
    library.write({"large.txt": b"word " * 250_000})
    small = library.settings.model_copy(update={"max_upload_mb": 1})
    with Pipeline(small, library.store, library.embedder, parser=library.parser) as pipeline:
        (receipt,) = pipeline.ingest(open_collection(library.folder))
    assert receipt.facts["reason"] == "limit-size"
    assert library.store.files.all() == set()


def test_a_line_of_a_manifest_whose_file_is_missing_is_a_row_in_the_report_and_retires_nothing(make_library):
    library = make_library({name: SMALL[name] for name in ("cloud.en.md", "identity.en.md")}, build=False)
    library.remove("cloud.en.md")
    library.write({"MANIFEST.tsv": "path\ncloud.en.md\nidentity.en.md\nnever.md\n"})
    receipts = library.ingest()
    assert outcomes(receipts) == {"cloud.en.md": "failed", "identity.en.md": "updated", "never.md": "failed"}
    assert receipts["never.md"].message
    assert library.version("cloud.en.md").status == "current"


def test_vectors_made_before_an_ingest_was_stopped_are_not_made_again(make_library, monkeypatch):
    monkeypatch.setattr("kb.index.vectors.BATCH_PASSAGES", 4)
    library = make_library({}, build=False)
    library.write({"long.md": "\n\n".join(f"# Part {n}\n\n{f'Word{n} ' * 100}" for n in range(12))})
    embed = library.embedder.embed_passages
    made = []

    def stop_later(texts, **options):
        if len(made) >= 8:
            raise KeyboardInterrupt
        made.extend(text for text in texts if "Word" in text)
        return embed(texts, **options)

    with monkeypatch.context() as patch:
        patch.setattr(library.embedder, "embed_passages", stop_later)
        with pytest.raises(KeyboardInterrupt):
            library.ingest()
    assert library.store.versions.list_all() == []
    library.ingest()
    made = [text for text in library.embedder.embedded if "Word" in text]
    assert len(made) == len(set(made))
    assert library.version("long.md").passage_count == len(made) > 8


def test_words_are_counted_before_the_write_lock_is_taken(make_library, monkeypatch):
    library = make_library({}, build=False)
    library.write({"a.md": "# A title\n\nSeven words stand in this file.\n"})
    begun = []
    write = library.store.database.write
    monkeypatch.setattr(library.store.database, "write", lambda: begun.append(1) or write())
    counted = []
    monkeypatch.setattr("kb.ingest.pipeline.terms", lambda text: counted.append(len(begun)) or terms(text))
    library.ingest()
    assert max(counted) < len(begun)
    assert library.version("a.md").word_count == len(list(terms("A title Seven words stand in this file.")))
