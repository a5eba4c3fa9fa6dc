"""What people are told of uploads: how long they take, and what their documents lack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.errors import NotFoundError
from kb.ingest.likeness import alike, is_asked
from kb.library.corrections import answer, correct, known
from kb.library.uploads import left_s, missing_fields, upload_page
from kb.library.withdrawal import withdraw
from kb.model.jobs import Job
from tests.ui.conftest import library  # noqa: F401  the same small library

JOB = Job(id=1, filename="a.pdf", sha256="ab", size_bytes=1000, state="running", stage="embedding", done=25, total=100)


@pytest.mark.parametrize(
    ("changed", "seconds"),
    [
        ({}, 30.0),
        ({"done": 5}, None),
        ({"total": 0, "done": 0}, None),
        ({"stage": "reading"}, None),
        ({"stage": "saving"}, 0.0),
    ],
)
def test_the_time_left_is_told_once_it_can_be(changed, seconds):
    assert left_s(replace(JOB, **changed), elapsed_s=10) == seconds


def test_the_fields_nobody_told_are_named(make_library):
    made = make_library({"the_plan.txt": "Nothing is said here of who wrote this.\n"}, build=False)
    version = made.version("the_plan.txt")
    assert missing_fields(made.store, version) == ("title", "publisher", "country", "published", "licence")
    before = known(made.store, version.id)
    values = {**before.values, "title": "The plan", "country": "other", "licence": "not stated"}
    correct(made.store, version.id, values, by="Aiko Sato", seen=before.seen)
    assert missing_fields(made.store, version) == ("publisher", "published")


def test_the_words_of_a_withdrawn_document_stand_in_no_list(make_library):
    made = make_library({"plan.md": "---\ntitle: Plan\n---\nThe words of the plan.\n"}, build=False)
    version = made.version("plan.md")
    job = made.store.jobs.add("plan.md", version.sha256, 1, {})
    made.store.jobs.finish(made.store.jobs.claim("a"), version.id, "added")
    assert upload_page(made.store).uploads[0].receipt is not None
    withdraw(made.store, version.id, by="me", reason="why")
    (upload,) = upload_page(made.store).uploads
    assert (upload.job.id, upload.receipt, upload.missing) == (job.id, None, ())


FRONT = "---\ntitle: Plan {year}\npublisher: GDS\ncountry: uk\npublished: {year}\nlicence: OGL\nlanguage: en\n---\n"
PLAN = FRONT + "Plan of {year}.\n"


@pytest.mark.parametrize("said", ["edition", "replacement", "earlier", "different"])
def test_a_document_needs_no_attention_once_it_was_said_what_it_is_to_the_one_like_it(make_library, said):
    made = make_library({f"{year}.md": PLAN.format(year=year) for year in (2022, 2024)}, build=False)
    old, new = made.version("2022.md"), made.version("2024.md")
    store = made.store
    store.jobs.add("2024.md", new.sha256, 1, {})
    store.jobs.finish(store.jobs.claim("a"), new.id, "added", {"edition": old.id})

    def attention():
        (upload,) = upload_page(store).uploads
        return upload.is_asked, upload.needs_attention

    assert attention() == (True, True)
    answer(store, new.id, old.id, said, by="Aiko")
    assert attention() == (False, False)
    answer(store, new.id, old.id, "open", by="Aiko")
    assert attention() == (True, True)
    answer(store, old.id, new.id, "different", by="Aiko")
    assert attention() == (False, False)


def test_where_the_document_like_it_was_replaced_meanwhile_its_successor_is_asked_about(make_library):
    made = make_library({f"{year}.md": PLAN.format(year=year) for year in (2022, 2023, 2024)}, build=False)
    first, second, third = (made.version(f"{year}.md") for year in (2022, 2023, 2024))
    answer(made.store, second.id, first.id, "edition", by="Aiko")
    assert is_asked(made.store, third, first.id)
    assert [each.version.id for each in alike(made.store, third)] == [second.id]
    answer(made.store, third.id, second.id, "edition", by="Aiko")
    assert not is_asked(made.store, made.store.versions.get(third.id), first.id)
    assert not is_asked(made.store, third, "gone")


def test_nobody_corrects_what_was_withdrawn(make_library):
    made = make_library({"plan.md": "---\ntitle: Plan\n---\nThe words of the plan.\n"}, build=False)
    version = made.version("plan.md")
    before = known(made.store, version.id)
    withdraw(made.store, version.id, by="me", reason="why")
    with pytest.raises(NotFoundError, match="withdrawn"):
        correct(made.store, version.id, {**before.values, "licence": "OGL v3.0"}, by="me", seen=before.seen)
    assert made.store.versions.get(version.id).metadata.licence == ""


def test_a_page_beyond_the_last_is_the_last(library):  # noqa: F811
    for number in range(25):
        library.store.jobs.add(str(number), str(number), 0, {})
    page = upload_page(library.store, number=99)
    assert (page.number, page.last, len(page.uploads)) == (2, 2, 5)
    assert [upload.ahead for upload in page.uploads] == [20, 21, 22, 23, 24]
    assert page.is_active
    assert not page.is_read


def test_what_was_added_is_shown_with_its_document_and_what_it_lacks(library):  # noqa: F811
    jobs = library.store.jobs
    jobs.add("a.pdf", "ab", 1, {})
    jobs.finish(jobs.claim("a"), "uk1", "added")
    (upload,) = upload_page(library.store).uploads
    assert upload.version.id == "uk1"
    assert upload.missing == ("licence",)
    assert upload.needs_attention
