"""New editions are recognised by title and text; other documents are not, nor what was answered already."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.likeness import alike, propose_edition, resemblance_of, runs_of, sketch_missing, sketch_of
from kb.library.corrections import answer
from kb.model.receipts import Receipt
from kb.store import sketches

WORDS = {
    "en": [first + last for first in ("ser", "dat", "clo", "pub", "dep", "rev") for last in "abdeghiklmnoprst"],
    "ja": [chr(0x4E00 + 7 * number) for number in range(300)],
}


def sentences(language, number, seed):
    chance, words = random.Random(seed), WORDS[language]
    join = " " if language == "en" else ""
    return [join.join(chance.choices(words, k=9)) + (". " if language == "en" else "。") for _ in range(number)]


def changed(text, share, language):
    other = sentences(language, len(text), 99)
    chance = random.Random(5)
    return [new if chance.random() < share else old for old, new in zip(text, other, strict=True)]


def document(title, text, *, published="", publisher="", slug=""):
    front = f"---\ntitle: {title}\npublished: {published}\npublisher: {publisher}\nid: {slug}\n---\n"
    return front + "".join(text)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_an_edition_of_the_same_title_is_recognised_however_much_of_it_changed(make_library, language, share):
    text = sentences(language, 80, 1)
    title = "Data plan" if language == "en" else "情報基盤整備計画"
    files = {
        "old.md": document(f"{title} 2023", text),
        "new.md": document(f"{title} (2nd edition, 2024)", changed(text, share, language)),
        "other.md": document("Another", sentences(language, 80, 2)),
    }
    library = make_library(files, build=False)
    found = alike(library.store, library.version("new.md"))
    assert [(each.version.path, each.same_title) for each in found] == [("old.md", True)]
    assert 0.8 - 2 * share < found[0].shared < 1
    assert alike(library.store, library.version("other.md")) == []


def test_nearly_the_same_text_is_recognised_whatever_it_is_called(make_library):
    text = sentences("en", 80, 1)
    files = {"a.md": document("Cloud plan", text), "b.md": document("Scan 0017", changed(text, 0.1, "en"))}
    library = make_library(files, build=False)
    assert [each.version.path for each in alike(library.store, library.version("b.md"))] == ["a.md"]


def test_a_like_title_alone_is_not_enough_and_the_same_of_one_publisher_is(make_library):
    files = {
        "a.md": document("Annual report 2022", sentences("en", 40, 1), publisher="GDS"),
        "b.md": document("Annual report 2023", sentences("en", 40, 2), publisher="GDS"),
        "c.md": document("Annual report 2023", sentences("en", 40, 3), publisher="Land Registry"),
        "d.md": document("Annual report on spending", sentences("en", 40, 4), publisher="GDS"),
    }
    library = make_library(files, build=False)
    assert {each.version.path for each in alike(library.store, library.version("b.md"))} == {"a.md"}
    assert alike(library.store, library.version("d.md")) == []


def test_a_document_in_the_other_language_is_no_edition(make_library):
    text = sentences("en", 40, 1)
    files = {
        "a.md": document("Plan for data", text),
        "b.md": document("Plan for data", [*text, *["計画の本文です。"] * 900]),
    }
    library = make_library(files, build=False)
    assert library.version("b.md").metadata.language == "ja"
    assert alike(library.store, library.version("b.md")) == []


def test_of_a_work_only_its_current_edition_is_proposed(make_library):
    text = sentences("en", 80, 1)
    library = make_library({"plan.md": document("Plan for data", text)}, build=False)
    library.write({"plan.md": document("Plan for data", changed(text, 0.05, "en"))})
    library.ingest()
    library.write({"copy.md": document("Plan for data", changed(text, 0.1, "en"))})
    library.ingest()
    found = alike(library.store, library.version("copy.md"))
    assert [each.version.id for each in found] == [library.version("plan.md").id]


@pytest.mark.parametrize("said", ["edition", "replacement", "earlier", "different"])
def test_what_was_answered_is_not_asked_again_until_the_answer_is_taken_back(make_library, said):
    text = sentences("en", 80, 1)
    files = {"a.md": document("Plan for data", text), "b.md": document("Plan for data", changed(text, 0.1, "en"))}
    library = make_library(files, build=False)
    a, b = (library.version(path).id for path in files)
    answer(library.store, b, a, said, by="Aiko")
    assert [alike(library.store, library.store.versions.get(each)) for each in (a, b)] == [[], []]
    answer(library.store, b, a, "open", by="Aiko")
    assert [each.version.id for each in alike(library.store, library.store.versions.get(b))] == [a]


def test_documents_that_an_older_release_read_are_sketched_later(make_library):
    text = sentences("en", 80, 1)
    files = {"a.md": document("Cloud plan", text), "b.md": document("Scan 0017", changed(text, 0.1, "en"))}
    library = make_library(files, build=False)
    with library.store.database.write() as connection:
        connection.exec_driver_sql("delete from sketches")
    assert alike(library.store, library.version("b.md")) == []
    assert [sketch_missing(library.store, limit=1) for _ in range(3)] == [1, 1, 0]
    assert [each.version.path for each in alike(library.store, library.version("b.md"))] == ["a.md"]


def test_the_worker_asks_whether_a_document_is_a_new_edition(make_library):
    text = sentences("en", 60, 1)
    library = make_library({"a.md": document("A", text), "b.md": document("B", changed(text, 0.1, "en"))}, build=False)
    first, second = library.version("a.md"), library.version("b.md")
    receipt = Receipt("b.md", "added", version_id=second.id)
    assert propose_edition(library.store, library.embedder, receipt) == {"edition": first.id}
    assert propose_edition(library.store, library.embedder, Receipt("c.md", "failed")) == {}


def test_a_sketch_estimates_how_alike_two_texts_are():
    text = sentences("en", 300, 1)
    for share in (0.0, 0.1, 0.3, 0.6):
        other = changed(text, share, "en")
        exact = resemblance_of(runs_of(text), runs_of(other))
        assert float((sketch_of(text) == sketch_of(other)).mean()) == pytest.approx(exact, abs=0.1)


@given(st.text(), st.text())
def test_how_alike_two_texts_are_depends_on_no_order_and_is_1_for_the_same(one, other):
    a, b = runs_of([one]), runs_of([other])
    assert resemblance_of(a, b) == resemblance_of(b, a) <= 1
    assert resemblance_of(a, a) == (1 if len(a) else 0)


def test_a_sketch_is_kept_as_it_is(store_of):
    made = sketch_of(["one two three four five"])
    with store_of.database.write() as connection:
        sketches.save_sketch(connection, store_of.versions.list_all()[0].id, made)
    (held,) = store_of.sketches.every("en").values()
    assert np.array_equal(held, made)


@pytest.fixture
def store_of(make_library):
    return make_library({"a.md": "# A\n\nOne document of few words.\n"}, build=False).store
