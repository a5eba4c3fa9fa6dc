"""Corrections hold over what is read again, settle which edition is current, and can be taken back."""

from __future__ import annotations

import io

import pytest
from made_library import CLOUD_EN, SMALL
from sqlalchemy import select

from kb.errors import NotFoundError
from kb.ingest.collections import UPLOADS, Collection, Entry
from kb.ingest.pipeline import Pipeline
from kb.ingest.retitle import retitle
from kb.library.corrections import answer, correct, known, settled
from kb.library.doctor import examine
from kb.store import schema
from kb.store.database import now, revision

NEWER = CLOUD_EN.replace("2013-05-05", "2017-01-01").replace("fully evaluate", "always evaluate")


@pytest.fixture
def library(make_library):
    return make_library()


def fix(library, path, *, by="Aiko", seen=None, **wanted):
    version = library.version(path)
    seen = known(library.store, version.id).seen if seen is None else seen
    return correct(library.store, version.id, wanted, by=by, seen=seen)


def upload(library, name, content):
    sha256, _ = library.store.files.add(io.BytesIO(content.encode()))
    entry = Entry(library.store.files.path(sha256), name, {})
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        receipt = pipeline.ingest(Collection(UPLOADS, (entry,), complete=False))[0]
    return library.store.versions.get(receipt.version_id)


def by_words(library, query):
    return {hit.version.path for hit in library.hits(query) if "words" in hit.why.legs}


def number(library):
    with library.store.database.read() as connection:
        return revision(connection)


def test_what_was_corrected_holds_at_once_and_every_process_sees_that_something_changed(library):
    before = number(library)
    assert fix(library, "identity.en.md", publisher="Cabinet Office", country="uk", published="2014-06") == {}
    after = library.version("identity.en.md")
    assert (after.metadata.publisher, after.metadata.country, after.metadata.year) == ("Cabinet Office", "uk", 2014)
    assert number(library) > before
    assert library.paths("identity verification", countries=("uk",))[0] == "identity.en.md"


def test_what_was_corrected_is_not_overwritten_when_the_file_is_read_again(library, monkeypatch):
    fix(library, "cloud.en.md", publisher="Central Digital and Data Office", licence="OGL v3.0", edition="2nd")
    monkeypatch.setattr("kb.ingest.pipeline.PIPELINE", 99)
    assert library.ingest()["cloud.en.md"].outcome == "updated"
    metadata = library.version("cloud.en.md").metadata
    assert (metadata.publisher, metadata.licence, metadata.edition) == (
        "Central Digital and Data Office",
        "OGL v3.0",
        "2nd",
    )
    assert metadata.published == "2013-05-05"


def test_a_corrected_work_is_kept_when_the_file_is_read_again_though_it_names_another(make_library, monkeypatch):
    library = make_library({"a.md": "---\nid: plan\n---\n# Plan\n\nThe plan.\n"})
    fix(library, "a.md", work_id="other-plan")
    monkeypatch.setattr("kb.ingest.pipeline.PIPELINE", 99)
    library.ingest()
    assert library.version("a.md").work_id == "other-plan"


def test_an_emptied_work_makes_a_document_a_work_of_its_own_again(library):
    version = library.version("cloud.en.md")
    fix(library, "cloud.en.md", work_id="cloud-first")
    fix(library, "cloud.en.md", work_id="")
    assert library.version("cloud.en.md").work_id == version.id


def test_a_corrected_title_waits_and_then_changes_with_its_vectors_and_words(library):
    old = library.version("identity.en.md")
    passages = library.store.passages.list(old.id)
    fix(library, "identity.en.md", title="Zoological taxonomy")
    waiting = known(library.store, old.id)
    assert (waiting.values["title"], waiting.title_waits) == ("Zoological taxonomy", True)
    assert library.store.versions.get(old.id).title == old.title
    assert by_words(library, "zoological taxonomy") == set()

    assert retitle(library.store, library.embedder, old.id, "Zoological taxonomy")
    assert library.store.corrections.retitled() == {}
    assert not known(library.store, old.id).title_waits
    assert by_words(library, "zoological taxonomy") == {"identity.en.md"}
    assert library.store.passages.list(old.id) == passages  # their links go on working
    library.build()
    assert by_words(library, "zoological taxonomy") == {"identity.en.md"}
    assert [finding for finding in examine(library.settings) if not finding.ok] == []


def embedded_texts(library):
    with library.store.database.read() as connection:
        return set(connection.scalars(select(schema.embeddings.c.text_hash)))


def test_a_title_that_is_corrected_while_it_is_taken_over_waits_again(library):
    version = library.version("identity.en.md")
    fix(library, "identity.en.md", title="First")
    fix(library, "identity.en.md", title="Second")
    held = embedded_texts(library)
    assert not retitle(library.store, library.embedder, version.id, "First")
    assert embedded_texts(library) == held  # nothing stays of what nobody calls it
    assert library.store.corrections.retitled() == {version.id: "Second"}


def test_a_title_corrected_back_waits_for_nothing(library):
    version = library.version("identity.en.md")
    fix(library, "identity.en.md", title="First")
    fix(library, "identity.en.md", title=version.title)
    assert library.store.corrections.retitled() == {}


def test_a_corrected_title_is_embedded_when_the_file_is_read_again(library, monkeypatch):
    fix(library, "identity.en.md", title="Good practice guide 45")
    monkeypatch.setattr("kb.ingest.pipeline.PIPELINE", 99)
    library.ingest()
    assert library.version("identity.en.md").title == "Good practice guide 45"
    assert library.store.corrections.retitled() == {}
    assert [finding for finding in examine(library.settings) if not finding.ok] == []


def test_values_that_were_only_proposed_are_confirmed_by_whoever_saves_them(library):
    version = library.version("identity.en.md")
    before = known(library.store, version.id)
    assert before.proposed["title"] == "page:1"
    assert before.missing == ["publisher", "country", "published", "licence"]
    fix(library, "identity.en.md", title=version.title, country="other")
    after = known(library.store, version.id)
    assert {"title", "country"}.isdisjoint(after.proposed)
    assert [(c.field, c.was, c.value, c.by) for c in after.history] == [
        ("country", "", "other", "Aiko"),
        ("title", version.title, version.title, "Aiko"),
    ]


def test_a_field_that_two_people_changed_is_refused_and_nothing_is_kept_of_the_second(library):
    fix(library, "cloud.en.md", by="Aiko", publisher="GDS", seen=0)
    conflicts = fix(library, "cloud.en.md", by="Ben", publisher="CDDO", licence="MIT", seen=0)
    assert (conflicts["publisher"].value, conflicts["publisher"].by) == ("GDS", "Aiko")
    assert library.version("cloud.en.md").metadata.licence == ""


def test_a_field_that_only_the_other_changed_stays_as_the_other_left_it(library):
    before = library.version("cloud.en.md").metadata
    fix(library, "cloud.en.md", by="Aiko", publisher="GDS", seen=0)
    assert fix(library, "cloud.en.md", by="Ben", publisher=before.publisher, licence="MIT", seen=0) == {}
    after = library.version("cloud.en.md").metadata
    assert (after.publisher, after.licence) == ("GDS", "MIT")


def test_a_new_edition_makes_the_older_one_superseded_and_can_be_taken_back(library):
    old = library.version("cloud.en.md")
    new = upload(library, "cloud-2017.md", NEWER)
    answer(library.store, new.id, old.id, "edition", by="Aiko")
    assert [library.store.versions.get(v.id).status for v in (old, new)] == ["superseded", "current"]
    assert [v.id for v in library.store.versions.by_work(old.work_id)] == [new.id, old.id]
    assert old.id not in {hit.version.id for hit in library.hits("cloud solutions")}
    assert [(kind, other.id) for kind, other in settled(library.store, new.id)] == [("edition", old.id)]

    answer(library.store, new.id, old.id, "open", by="Ben")
    assert [library.store.versions.get(v.id).status for v in (old, new)] == ["current", "current"]
    assert library.store.versions.get(new.id).work_id == new.work_id
    assert library.store.versions.get(new.id).metadata.supersedes == ""
    assert settled(library.store, new.id) == []


def test_a_new_edition_stays_one_when_either_file_is_read_again(library, monkeypatch):
    old = library.version("cloud.en.md")
    new = upload(library, "cloud-2017.md", NEWER)
    answer(library.store, new.id, old.id, "edition", by="Aiko")
    monkeypatch.setattr("kb.ingest.pipeline.PIPELINE", 99)
    library.ingest()
    upload(library, "cloud-2017.md", NEWER)
    assert [library.store.versions.get(v.id).status for v in (old, new)] == ["superseded", "current"]


def test_a_replaced_file_is_found_no_more_but_kept_also_when_it_is_read_again(library, monkeypatch):
    old = library.version("cloud.en.md")
    new = upload(library, "cloud-better.md", NEWER)
    answer(library.store, new.id, old.id, "replacement", by="Aiko")
    assert library.store.versions.get(old.id).status == "retired"
    assert old.id not in {hit.version.id for hit in library.hits("cloud solutions", current_only=False)}
    monkeypatch.setattr("kb.ingest.pipeline.PIPELINE", 99)
    library.ingest()
    assert library.store.versions.get(old.id).status == "retired"
    answer(library.store, new.id, old.id, "open", by="Aiko")
    assert library.store.versions.get(old.id).status == "current"


def test_taking_a_replacement_back_does_not_restore_what_was_withdrawn_meanwhile(library):
    old = library.version("cloud.en.md")
    new = upload(library, "cloud-better.md", NEWER)
    answer(library.store, new.id, old.id, "replacement", by="Aiko")
    with library.store.database.write() as connection:
        connection.exec_driver_sql(
            "insert into withdrawals (version_id, reason, withdrawn_by, withdrawn_at) values (?, 'x', 'y', ?)",
            (old.id, now()),
        )
    answer(library.store, new.id, old.id, "open", by="Aiko")
    assert library.store.versions.get(old.id).status == "retired"


def test_an_older_edition_that_is_added_late_is_superseded_at_once(library):
    new = library.version("cloud.en.md")
    old = upload(library, "cloud-2011.md", NEWER.replace("2017-01-01", "2011-01-01"))
    answer(library.store, old.id, new.id, "earlier", by="Aiko")
    assert [library.store.versions.get(v.id).status for v in (old, new)] == ["superseded", "current"]
    answer(library.store, old.id, new.id, "open", by="Aiko")
    assert [library.store.versions.get(v.id).status for v in (old, new)] == ["current", "current"]


def test_taking_back_the_newest_of_three_editions_leaves_the_second_current(library):
    first = library.version("cloud.en.md")
    second = upload(library, "b.md", NEWER)
    third = upload(library, "c.md", NEWER.replace("2017", "2021"))
    answer(library.store, second.id, first.id, "edition", by="Aiko")
    answer(library.store, third.id, second.id, "edition", by="Aiko")
    answer(library.store, third.id, second.id, "open", by="Aiko")
    states = [library.store.versions.get(v.id).status for v in (first, second, third)]
    assert states == ["superseded", "current", "current"]


def test_a_work_changed_by_hand_after_an_answer_is_not_changed_back_with_it(library):
    old = library.version("cloud.en.md")
    new = upload(library, "b.md", NEWER)
    answer(library.store, new.id, old.id, "edition", by="Aiko")
    correct(library.store, new.id, {"work_id": "my-series"}, by="Ben", seen=known(library.store, new.id).seen)
    answer(library.store, new.id, old.id, "open", by="Aiko")
    assert library.store.versions.get(new.id).work_id == "my-series"


def test_another_document_changes_nothing_but_is_remembered_from_both_sides(library):
    old = library.version("cloud.en.md")
    new = upload(library, "b.md", NEWER)
    answer(library.store, new.id, old.id, "different", by="Aiko")
    assert library.store.versions.get(new.id).work_id == new.work_id
    assert library.store.corrections.answers(old.id) == {new.id: "different"}


def test_correcting_what_is_not_there_says_so(library):
    with pytest.raises(NotFoundError):
        correct(library.store, "nope", {"publisher": "x"}, by="Aiko", seen=0)


def test_a_library_without_corrections_is_described_as_before(library):
    assert {v.path: v.metadata.publisher for v in library.store.versions.list_all()}["cloud.en.md"] == (
        "Government Digital Service"
    )
    assert set(SMALL) == {v.path for v in library.store.versions.list_all()}
