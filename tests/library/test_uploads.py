"""What people are told of uploads: how long they take, and what their documents lack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.errors import NotFoundError
from kb.library.corrections import correct, known
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
