"""Pages as search knows them: after every change, and only as readers see them."""

from __future__ import annotations

import pytest

from kb.ingest.pipeline import Pipeline
from kb.playbook.folder import bring_in_starters
from kb.playbook.moving import archive, delete, move
from kb.playbook.plain import searchable
from kb.playbook.saving import Edit, publish, save
from kb.playbook.searchable import PublishedPages
from kb.settings import PROJECT_DIR
from tests.playbook.conftest import page_text

KIND = "publisher: Kakehashi editors\ncountry: both\ndocument_type: playbook\n"


def plain(body: str) -> str:
    text = searchable(page_text(body), "en", title_of={"data": "Data"}.get)
    return text.split(KIND + "---\n")[1]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("See [[data]] and [[data|this]].\n", "See Data and this.\n"),
        ("It costs less.[[cite:abc~1]] And so on.\n", "It costs less. And so on.\n"),
        ("| UK | [[none:2026-11-25\\|exit plan]] |\n", "| UK |  |\n"),
        (":::warning Take care\nOf this.\n:::\n", "Take care\nOf this.\n\n"),
        ("Before.\n\n```mermaid\ngraph TD\nA --> B\n```\n\nAfter.\n", "Before.\n\n\nAfter.\n"),
        ("`[[data]]` and [Data](/playbook/data)\n", "`[[data]]` and [Data](/playbook/data)\n"),
    ],
)
def test_marks_of_the_playbook_are_read_as_what_they_show(body, read):
    assert plain(body) == read


def test_the_pages_that_come_with_the_product_are_searched_as_they_are():
    for file in (PROJECT_DIR / "docs_corpus" / "playbook" / "en").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        if "[[" not in text:
            assert searchable(text, "en", title_of=lambda _: "") == text


@pytest.fixture
def library(make_library):
    return make_library({})


@pytest.fixture
def follow(library, parsing):
    """Reads the pages if they have changed; gives the outcome of each by path."""

    def followed() -> dict[str, str]:
        pages = PublishedPages(library.store)
        change = pages.change()
        if not change:
            return {}
        with (
            pages.collection() as collection,
            Pipeline(library.settings, library.store, library.embedder, parser=parsing) as pipeline,
        ):
            receipts = pipeline.ingest(collection)
        pages.note_read(change)
        library.build()
        return {receipt.path: receipt.outcome for receipt in receipts}

    return followed


def test_an_edited_page_is_found_by_its_new_words_and_not_by_its_old_ones(library, follow):
    save(library.store, Edit("cloud", "en", page_text("We lease zeppelins.\n"), 0, "Aya"))
    assert follow() == {"playbook/en/cloud.md": "added"}
    assert library.paths("zeppelins") == ["playbook/en/cloud.md"]
    assert follow() == {}
    save(library.store, Edit("cloud", "en", page_text("We lease dirigibles.\n"), 1, "Aya"))
    assert follow() == {"playbook/en/cloud.md": "updated"}
    assert library.paths("dirigibles") == ["playbook/en/cloud.md"]
    for current_only in (True, False):
        assert not [
            hit for hit in library.hits("zeppelins", current_only=current_only) if "zeppelins" in hit.passage.text
        ]
    [version] = library.store.versions.list()
    assert (version.slug, version.metadata.document_type, version.metadata.country) == ("cloud", "playbook", "both")


def test_a_draft_is_not_searched_before_it_is_published(library, follow):
    save(library.store, Edit("cloud", "en", page_text("We lease zeppelins.\n"), 0, "Aya", stage="draft"))
    assert follow() == {}
    publish(library.store, "cloud", "en", stage="published")
    assert follow() == {"playbook/en/cloud.md": "added"}


def test_a_page_that_moved_is_found_at_its_new_address_under_the_same_links(library, follow):
    save(library.store, Edit("cloud", "en", page_text("We lease zeppelins.\n"), 0, "Aya"))
    follow()
    before = library.hits("zeppelins")[0]
    move(library.store, "cloud", "policies/sky", author="Aya")
    follow()
    after = library.hits("zeppelins")[0]
    assert (after.version.slug, after.passage.id) == ("policies/sky", before.passage.id)


@pytest.mark.parametrize("gone", [archive, delete])
def test_a_page_that_is_archived_or_deleted_is_not_found(library, follow, gone):
    save(library.store, Edit("cloud", "en", page_text("We lease zeppelins.\n"), 0, "Aya"))
    save(library.store, Edit("data", "en", page_text("We share data.\n", title="Data"), 0, "Aya"))
    follow()
    gone(library.store, "cloud", author="Aya")
    assert follow()["playbook/en/cloud.md"] == "retired"
    assert "playbook/en/cloud.md" not in library.paths("zeppelins", current_only=False)


def test_pages_that_a_folder_was_read_from_before_stay_the_same_documents(library, follow, tmp_path, parsing):
    text = page_text("We lease zeppelins.\n", publisher="Us", country="both", document_type="playbook")
    library.write({"playbook/en/cloud.md": text})
    library.ingest()
    before = library.version("playbook/en/cloud.md")
    bring_in_starters(library.store, library.folder / "playbook")
    assert follow() == {"playbook/en/cloud.md": "unchanged"}
    library.remove("playbook/en/cloud.md")
    library.ingest()
    assert library.store.versions.get(before.id).status == "current"
