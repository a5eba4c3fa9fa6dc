"""Saving pages: revisions, merging, publishing, bringing back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.errors import EditConflictError, NotFoundError, PlaybookError
from kb.playbook.pages import Playbook
from kb.playbook.saving import Edit, publish, restore_revision, save
from kb.store import Store
from tests.playbook.conftest import page_text

TEN = "".join(f"Paragraph {number} of the page.\n\n" for number in range(10))


def test_a_saved_page_is_read_back_to_the_byte(store, write):
    saved = write("cloud", "Lead.\n\n## Costs {#costs}\n\nText.\n", theme="Technology")
    page = Playbook(store).page("cloud", "en")
    assert (saved.number, page.title, page.theme) == (1, "Cloud", "Technology")
    assert page.body == "Lead.\n\n## Costs {#costs}\n\nText.\n"
    assert [heading.id for heading in store.wiki_links.headings(saved.page_id, "en")] == ["costs"]


def test_headings_get_lasting_ids_when_a_page_is_saved(store, write):
    write("cloud", "## Costs\n\n## Buying {#buying}\n\n## Costs\n")
    assert Playbook(store).page("cloud", "en").body == (
        "## Costs {#costs}\n\n## Buying {#buying}\n\n## Costs {#costs-2}\n"
    )


def test_headings_of_a_translation_take_the_ids_of_their_counterparts(store, write):
    write("cloud", "## Costs\n\n## Buying\n")
    write("cloud", "## 費用\n\n## 調達\n", language="ja", title="クラウド")
    assert Playbook(store).page("cloud", "ja").body == "## 費用 {#costs}\n\n## 調達 {#buying}\n"


def test_saving_the_same_text_again_makes_no_revision(store, write):
    write("cloud", "Text.\n")
    assert write("cloud", "Text.\n", based_on=1).number == 1
    assert store.revisions.count() == 1


def test_two_edits_of_different_paragraphs_are_joined(store, write):
    write("cloud", TEN)
    write("cloud", TEN.replace("2 of", "two of"), based_on=1, author="A")
    saved = write("cloud", TEN.replace("7 of", "seven of"), based_on=1, author="B")
    assert (saved.number, saved.merged) == (3, True)
    assert Playbook(store).page("cloud", "en").body == TEN.replace("2 of", "two of").replace("7 of", "seven of")
    assert store.revisions.get(saved.page_id, "en", 3).origin == "merge"


def test_a_conflict_shows_both_and_changes_nothing(store, write):
    write("cloud", "We rent.\n")
    write("cloud", "We buy.\n", based_on=1)
    with pytest.raises(EditConflictError) as conflict:
        write("cloud", "We lend.\n", based_on=1)
    assert "buy" in conflict.value.text
    assert "lend" in conflict.value.text
    assert conflict.value.latest == 2
    assert Playbook(store).page("cloud", "en").body == "We buy.\n"
    saved = write("cloud", "We buy and lend.\n", based_on=conflict.value.latest)
    assert (saved.number, saved.merged) == (3, False)


def test_titles_changed_by_two_are_a_conflict_and_other_values_are_joined(store, write):
    write("cloud", TEN, theme="A")
    write("cloud", TEN, based_on=1, title="Clouds", theme="A")
    assert write("cloud", TEN, based_on=1, theme="B").merged
    with pytest.raises(EditConflictError) as conflict:
        write("cloud", TEN, based_on=1, title="Sky", theme="A")
    assert conflict.value.values == {"title": "Clouds"}


def test_a_draft_is_not_what_readers_see(store, write):
    write("cloud", "One.\n")
    write("cloud", "Two.\n", based_on=1, stage="draft")
    assert Playbook(store).page("cloud", "en").body == "One.\n"
    publish(store, "cloud", "en", stage="published")
    assert Playbook(store).page("cloud", "en").body == "Two.\n"


def test_a_page_that_was_never_published_is_not_found_by_readers(store, write):
    write("cloud", "One.\n", stage="review")
    with pytest.raises(NotFoundError):
        Playbook(store).page("cloud", "en")
    assert Playbook(store).pages("en") == []


def test_an_earlier_text_comes_back_as_a_new_revision(store, write):
    write("cloud", "One.\n")
    write("cloud", "Two.\n", based_on=1)
    assert restore_revision(store, "cloud", "en", 1, author="Ken").number == 3
    assert Playbook(store).page("cloud", "en").body == "One.\n"
    assert [each.origin for each in store.revisions.history(1, "en")] == ["restore", "edit", "edit"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"author": "  "}, "playbook-name"),
        ({"author": "x" * 101}, "playbook-name"),
        ({"slug": "A b"}, "playbook-slug"),
        ({"text": "no title\n"}, "playbook-title"),
        ({"text": page_text("x" * 500_001)}, "playbook-long"),
    ],
)
def test_what_cannot_be_saved_says_why(store, change, reason):
    edit = {"slug": "cloud", "language": "en", "text": page_text("Text.\n"), "based_on": 0, "author": "Aya", **change}
    with pytest.raises(PlaybookError) as refused:
        save(store, Edit(**edit))
    assert refused.value.facts["reason"] == reason
    assert store.wiki.list() == []


def test_two_hundred_edits_by_twenty_sessions_lose_no_word(store, settings):
    pages = [f"page-{number}" for number in range(20)]
    for slug in pages:
        save(store, Edit(slug, "en", page_text(TEN), 0, "Aya"))
    ready = threading.Barrier(20)

    def session(number: int) -> list[tuple[str, str]]:
        own = Store(settings.model_copy(update={"data_dir": store.database.path.parent}))
        ready.wait()
        said = []
        for turn in range(10):
            slug = pages[(number * 7 + turn) % 20]
            word = f"word{number}x{turn}"
            state = own.wiki.get(slug)
            latest = state.bodies["en"].latest
            text = own.revisions.get(state.id, "en", latest).text
            changed = text.replace(f"Paragraph {turn} ", f"Paragraph {turn} {word} ")
            while True:
                try:
                    save(own, Edit(slug, "en", changed, latest, f"Session {number}"))
                except EditConflictError as conflict:
                    changed, latest = conflict.text, conflict.latest
                else:
                    break
            said.append((slug, word))
        own.close()
        return said

    with ThreadPoolExecutor(20) as threads:
        words = [pair for said in threads.map(session, range(20)) for pair in said]
    assert len(words) == 200
    for slug, word in words:
        assert word in Playbook(store).page(slug, "en").body, (slug, word)
