"""Citations of pages through the life of the documents they cite: told truthfully, and never cried wolf."""

from __future__ import annotations

import pytest
from made_library import CLOUD_EN

from kb.errors import PlaybookError
from kb.library.citations import citing
from kb.library.deletion import delete
from kb.library.withdrawal import restore, withdraw
from kb.playbook.drift import confirm, drifts, report
from kb.playbook.saving import Edit, save
from tests.playbook.conftest import page_text


@pytest.fixture
def library(make_library):
    return make_library(build=False)


def cited(library, *words):
    version = library.version("cloud.en.md")
    passage = next(each for each in library.store.passages.list(version.id) if words[0] in each.text)
    text = page_text(f"It says so.[[cite:{passage.id}]]\n\n## Then {{#then}}\n\nAgain.[[cite:{passage.id}]]\n")
    save(library.store, Edit("cloud", "en", text, 0, "Aya"))
    return passage


def kinds(library):
    return [each.kind for each in drifts(library.store)]


def edition(library, text):
    library.write({"cloud.en.md": text.replace("2013-05-05", "2017-01-01")})
    library.ingest()


def test_reading_a_document_again_is_no_drift(library):
    cited(library, "fully evaluate")
    library.ingest()
    library.write({"another.md": "# Another\n\nText.\n"})
    library.ingest()
    assert kinds(library) == []


def test_a_new_edition_that_says_the_same_is_told_until_it_is_confirmed(library):
    passage = cited(library, "fully evaluate")
    edition(library, CLOUD_EN)
    [drift] = drifts(library.store)
    assert (drift.kind, drift.heading, drift.passage_id) == ("superseded", "", passage.id)
    assert drift.better in {each.id for each in library.store.passages.list(library.version("cloud.en.md").id)}
    confirm(library.store, drift.page, "en", passage.id, by="Ken", state=drift.state)
    assert kinds(library) == []
    library.ingest()
    assert kinds(library) == []


def test_changed_words_are_told_again_after_a_check_when_they_change_again(library):
    passage = cited(library, "fully evaluate")
    edition(library, CLOUD_EN.replace("fully evaluate", "briefly look at"))
    [drift] = drifts(library.store)
    assert drift.kind == "changed"
    confirm(library.store, drift.page, "en", passage.id, by="Ken", state=drift.state)
    assert kinds(library) == []
    library.write({"cloud.en.md": CLOUD_EN.replace("fully evaluate", "never use").replace("2013-05-05", "2019-01-01")})
    library.ingest()
    [again] = drifts(library.store)
    assert again.check.checked_by == "Ken"
    with pytest.raises(PlaybookError):
        confirm(library.store, again.page, "en", passage.id, by="Ken", state=drift.state)


def test_a_withdrawn_document_is_told_and_no_more_once_it_is_restored(library):
    cited(library, "fully evaluate")
    version = library.version("cloud.en.md")
    withdraw(library.store, version.id, by="me", reason="why")
    assert kinds(library) == ["withdrawn"]
    restore(library.store, version.id, by="me")
    assert kinds(library) == []


def test_a_deleted_document_leaves_a_citation_that_says_so(library):
    cited(library, "fully evaluate")
    version = library.version("cloud.en.md")
    withdraw(library.store, version.id, by="me", reason="why")
    delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
    assert kinds(library) == ["lost"]


def test_who_cites_a_passage_has_seen_how_it_stands(library):
    old = library.version("cloud.en.md")
    passage = library.store.passages.list(old.id)[0]
    edition(library, CLOUD_EN)
    text = page_text(f"As it was in 2013.[[cite:{passage.id}]]\n")
    save(library.store, Edit("history", "en", text, 0, "Aya"))
    assert kinds(library) == []


def test_a_draft_does_not_count_and_a_removed_citation_is_forgotten(library):
    passage = cited(library, "fully evaluate")
    edition(library, CLOUD_EN)
    save(library.store, Edit("cloud", "en", page_text("Nothing.\n"), 1, "Aya", stage="draft"))
    assert report(library.store).counts.total == 1
    save(library.store, Edit("cloud", "en", page_text("Nothing.\n"), 2, "Aya"))
    assert report(library.store).counts.total == 0
    save(library.store, Edit("cloud", "en", page_text(f"Again.[[cite:{passage.id}]]\n"), 2, "Aya"))
    assert kinds(library) == []


def test_a_document_names_the_pages_that_cite_it(library):
    cited(library, "fully evaluate")
    [page] = citing(library.store, library.version("cloud.en.md")).pages
    assert (page.slug, page.language, page.title) == ("cloud", "en", "Cloud")
