"""English and Japanese bodies that know when one is behind."""

from __future__ import annotations

from kb.playbook.moving import move
from kb.playbook.pairs import changed_since, pair_of, work_list


def pair(store, language):
    return pair_of(store, store.wiki.get("cloud"), language)


def test_a_page_in_one_language_is_alone_and_waits_for_the_other(store, write):
    write("cloud", "Text.\n")
    assert pair(store, "en").kind == "alone"
    stale, missing = work_list(store)
    assert (stale, [(item.page.slug, item.language) for item in missing]) == ([], [("cloud", "ja")])


def test_a_translation_is_behind_once_the_other_body_changes(store, write):
    write("cloud", "We rent what we need.\n\n## Costs {#costs}\n")
    write("cloud", "借ります。\n\n## 費用 {#costs}\n", language="ja", title="雲", agrees=True)
    assert (pair(store, "en").kind, pair(store, "ja").kind) == ("agrees", "agrees")
    assert work_list(store) == ([], [])
    write("cloud", "We buy what we need.\n\n## Costs {#costs}\n\n## Risks {#risks}\n", based_on=1)
    behind = pair(store, "ja")
    assert (behind.kind, pair(store, "en").kind, behind.days) == ("behind", "ahead", 0)
    assert [heading.id for heading in behind.missing] == ["risks"]
    changed = changed_since(store, store.wiki.get("cloud"), "ja")
    assert [each.kind for each in changed.blocks] == ["changed", "same", "added"]
    assert [(item.language, item.kind) for item in work_list(store)[0]] == [("ja", "behind")]
    write("cloud", "買います。\n\n## 費用 {#costs}\n", language="ja", title="雲", based_on=1, agrees=True)
    assert (pair(store, "en").kind, pair(store, "ja").kind) == ("agrees", "agrees")


def test_bodies_that_both_changed_are_apart(store, write):
    write("cloud", "A.\n")
    write("cloud", "あ。\n", language="ja", title="雲", agrees=True)
    write("cloud", "B.\n", based_on=1)
    write("cloud", "い。\n", language="ja", title="雲", based_on=1)
    assert (pair(store, "en").kind, pair(store, "ja").kind) == ("apart", "apart")


def test_an_edit_that_needs_no_translation_leaves_the_pair_in_agreement(store, write):
    write("cloud", "A.\n")
    write("cloud", "あ。\n", language="ja", title="雲", agrees=True)
    write("cloud", "A, of course.\n", based_on=1, agrees=True)
    assert pair(store, "ja").kind == "agrees"


def test_rewritten_links_leave_a_pair_in_agreement(store, write):
    write("data", "Text.\n")
    write("cloud", "[[data]]\n")
    write("cloud", "[[data]]\n", language="ja", title="雲", agrees=True)
    move(store, "data", "open-data", author="Aya")
    assert (pair(store, "en").kind, pair(store, "ja").kind) == ("agrees", "agrees")


def test_a_draft_does_not_count_before_it_is_published(store, write):
    write("cloud", "A.\n")
    write("cloud", "あ。\n", language="ja", title="雲", agrees=True)
    write("cloud", "B.\n", based_on=1, stage="draft")
    assert pair(store, "ja").kind == "agrees"
