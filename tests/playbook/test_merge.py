"""Two edits made one: nothing anybody wrote is lost, and only the same words changed differently are a conflict."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kb.playbook.blocks import blocks
from kb.playbook.merge import FieldConflict, merge, merge_values
from kb.playbook.merge_words import merge_words
from kb.text.difference import pieces

LINES = (
    *("# A {#a}\n", "## B\n", "one two three\n", "four five six seven\n", "- item one\n", "- item two\n", "1. first\n"),
    *("| a | b |\n|---|---|\n", "| x | y |\n", "| x | z |\n", "```\ncode here\n```\n", "```\n", ":::note T\n", ":::\n"),
    *(
        "> quoted words\n",
        "[^1]: note\n",
        "[a]: /x\n",
        "クラウドを検討する。\n",
        "行政のデータを公開する。\n",
        "\n",
        "\n",
    ),
    *("last", "\r\n", "    deep\n", "  - nested\n", "\t"),
)
BODIES = st.lists(st.sampled_from(LINES), max_size=14).map("".join)
NEW = st.sampled_from(
    ["new", "other", "利用", "more words\n", "- added\n", "\n\npara\n\n", "| n | m |\n", "## N\n", "."]
)


@st.composite
def edited(draw, body: str, mark: str) -> str:
    """`body` with a few places of it replaced; new words carry `mark` so that they are known again."""
    text = body
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        new = draw(NEW | st.just("")).replace("new", f"new{mark}").replace("added", f"added{mark}")
        text = text[:start] + new + text[end:]
    return text


@st.composite
def edits(draw) -> tuple[str, str, str]:
    base = draw(BODIES)
    return base, draw(edited(base, "m")), draw(edited(base, "t"))


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower())) | set(re.findall(r"[ぁ-ヿ一-鿿]", text))


@settings(max_examples=300, deadline=None)
@given(BODIES | st.text(), BODIES | st.text())
def test_one_edit_alone_is_taken_to_the_byte(base, text):
    assert merge(base, base, text).text == text
    assert merge(base, text, base).text == text
    assert merge(base, text, text).text == text


@settings(max_examples=300, deadline=None)
@given(edits())
def test_one_small_edit_alone_is_taken_to_the_byte(texts):
    base, mine, _ = texts
    assert merge(base, base, mine).text == merge(base, mine, base).text == merge(base, mine, mine).text == mine


@settings(max_examples=600, deadline=None)
@given(edits())
def test_every_word_that_either_added_is_in_the_merged_page(texts):
    base, mine, theirs = texts
    added = (words(mine) | words(theirs)) - words(base)
    merged = merge(base, mine, theirs)
    assert added <= words(merged.with_both())
    if merged.is_clean:
        assert merged.text == merged.with_both()


@settings(max_examples=300, deadline=None)
@given(edits())
def test_the_same_places_conflict_whoever_saves_first(texts):
    base, mine, theirs = texts
    here, there = merge(base, mine, theirs), merge(base, theirs, mine)
    assert [(piece.before, piece.mine, piece.theirs) for piece in here.conflicts] == [
        (piece.before, piece.theirs, piece.mine) for piece in there.conflicts
    ]


BLOCK_KINDS = (
    "Paragraph {0} with words of its own {0}.\n\n",
    "## Heading {0} {{#h-{0}}}\n\n",
    "```mermaid\ngraph TD\nA{0} --> B{0}\n```\n\n",
    "> Quotation {0}\n\n",
    "段落{0}は固有の文を持つ。\n\n",
)
PAGES = st.lists(st.sampled_from(BLOCK_KINDS), min_size=2, max_size=8).map(
    lambda kinds: [kind.format(number) for number, kind in enumerate(kinds)]
)
ITEMS = st.integers(2, 8).map(lambda many: [f"- item number {number}\n" for number in range(many)])
ROWS = st.integers(2, 8).map(lambda many: [f"| row {number} | value |\n" for number in range(many)])


@settings(max_examples=300, deadline=None)
@given(PAGES | ITEMS | ROWS, st.data())
def test_edits_of_different_blocks_never_conflict(parts, data):
    places = st.integers(0, len(parts) - 1)
    here, there = data.draw(places), data.draw(places)
    assume(here != there)
    head = "| a | b |\n|---|---|\n" if parts[0].startswith("|") else ""

    def changed(*changes: tuple[int, str]) -> str:
        return head + "".join(dict(changes).get(number, part) for number, part in enumerate(parts))

    mine, theirs = (here, data.draw(CHANGES)(parts[here], "mine")), (there, data.draw(CHANGES)(parts[there], "theirs"))
    assert merge(changed(), changed(mine), changed(theirs)).text == changed(mine, theirs)


def _reworded(part: str, by: str) -> str:
    return re.sub(r"(number|words|row|Heading|TD|Quotation|固有)", rf"\1{by}", part)


def _replaced(part: str, by: str) -> str:
    return re.sub(r"^([-|>#]* ?)([^`]*?)(\s*\|?\n+)\Z", rf"\1Wholly different {by}\3", part)


CHANGES = st.sampled_from([_reworded, _replaced, lambda part, by: ""])


def test_different_words_of_one_paragraph_are_merged():
    merged = merge("The old plan is here.\n", "The new plan is here.\n", "The old plan is there.\n")
    assert merged.text == "The new plan is there.\n"
    assert [piece.kind for piece in merged.pieces] == ["both"]


def test_japanese_is_merged_by_its_words():
    merged = merge(
        "国はクラウドを検討し、計画を作る。", "国はクラウドを利用し、計画を作る。", "国はクラウドを検討し、方針を作る。"
    )
    assert merged.text == "国はクラウドを利用し、方針を作る。"


def test_different_cells_of_one_row_are_merged():
    head = "| a | b |\n|---|---|\n"
    merged = merge(f"{head}| one | two |\n", f"{head}| uno | two |\n", f"{head}| one | due |\n")
    assert merged.text == f"{head}| uno | due |\n"


def test_the_same_words_changed_differently_are_a_conflict():
    merged = merge("a\n\nold words\n\nz\n", "a\n\nmy words\n\nz\n", "a\n\ntheir words\n\nz\n")
    assert [piece.kind for piece in merged.pieces] == ["same", "conflict", "same"]
    [conflict] = merged.conflicts
    assert (conflict.before, conflict.mine, conflict.theirs) == ("old words\n\n", "my words\n\n", "their words\n\n")
    with pytest.raises(ValueError, match="1 conflict"):
        _ = merged.text
    assert merged.with_both() == "a\n\nmy words\n\ntheir words\n\nz\n"
    assert merged.resolved(["settled"]) == "a\n\nsettled\n\nz\n"
    assert merged.resolved([""]) == "a\n\nz\n"


def test_a_block_that_one_removed_and_the_other_changed_is_a_conflict():
    [conflict] = merge("a\n\nb c\n\nd\n", "a\n\nd\n", "a\n\nb e\n\nd\n").conflicts
    assert (conflict.mine, conflict.theirs) == ("", "b e\n\n")


def test_a_block_that_one_removed_and_the_other_left_is_removed():
    assert merge("a\n\nb\n", "a\n", "a\n\nb\n\nc\n").text == "a\n\nc\n"


def test_what_both_add_at_the_end_of_a_page_is_kept_apart():
    for end in ("", "\n"):
        merged = merge(f"a{end}", f"a\n\nmine{end}", f"a\n\ntheirs{end}")
        assert [block.text.strip() for block in blocks(merged.text)] == ["a", "mine", "theirs"]


def test_what_both_add_to_a_list_or_a_table_stays_one_list_or_table():
    assert merge("- a\n", "- a\n- mine\n", "- a\n- theirs\n").text == "- a\n- mine\n- theirs\n"
    table = "| a |\n|---|\n| 1 |\n"
    assert merge(table, f"{table}| 2 |\n", f"{table}| 3 |").text == f"{table}| 2 |\n| 3 |"


def test_an_item_added_to_a_list_stands_before_a_section_added_after_it():
    merged = merge("- a\n\nz\n", "- a\n\n## New\n\ntext\n\nz\n", "- a\n- b\n\nz\n")
    assert [block.text.strip() for block in blocks(merged.text)] == ["- a", "- b", "## New", "text", "z"]


def test_what_both_added_alike_stands_once():
    merged = merge("a\n", "a\n\nnew\n\nmine\n", "a\n\nnew\n\ntheirs\n")
    assert [block.text.strip() for block in blocks(merged.text)] == ["a", "new", "mine", "theirs"]


def test_a_paragraph_both_wrote_anew_shows_both():
    merged = merge("a b c\n", "wholly new\n", "something else\n")
    assert merged.with_both() == "wholly new\n\nsomething else\n"


def test_lines_that_end_as_on_windows_stay_so():
    assert merge("a\r\n\r\nb", "a\r\n\r\nb\r\n\r\nc", "a\r\n\r\nb\r\n\r\nd").text == "a\r\n\r\nb\r\n\r\nc\n\nd"


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("a b", "a x b", "a y b"),
        ("one - two", "one two", "one-two"),
        ("a b c", "a c", "a b d c"),
        ("a b c", "", "a b d"),
    ],
)
def test_words_nobody_can_put_in_order_are_not_merged(base, mine, theirs):
    assert merge_words(base, mine, theirs) is merge_words(base, theirs, mine) is None


SENTENCES = st.lists(
    st.sampled_from(["one", "two", " ", "  ", "\n", "検討", "する", "。", "-", ", ", "(", "利用"]), max_size=12
).map("".join)


@settings(max_examples=500, deadline=None)
@given(SENTENCES, SENTENCES, SENTENCES)
@example("one ( two", "one( two", "one (two")
def test_words_merged_hold_all_that_was_added(base, mine, theirs):
    merged = merge_words(base, mine, theirs)
    assert merge_words(base, mine, base) == merge_words(base, base, mine) == mine
    assert "".join(pieces(base)) == base
    if merged is not None:
        assert merged == merge_words(base, theirs, mine)
        assert (words(mine) | words(theirs)) - words(base) <= words(merged)


def test_a_long_page_is_merged_well_under_a_second():
    parts = [f"| {n} | row of the table with words {n * 7} | 行政の{n}番目の項目を確認する。 |\n" for n in range(1_000)]
    head = "| a | b | c |\n|---|---|---|\n"
    mine = [part.replace("row", "line") if n % 3 else part for n, part in enumerate(parts)]
    theirs = [part.replace("確認", "検討") if n % 2 else part for n, part in enumerate(parts)]
    began = time.perf_counter()
    merged = merge(head + "".join(parts), head + "".join(mine), head + "".join(theirs))
    assert time.perf_counter() - began < 5  # a second at most on a machine with nothing else to do
    assert merged.is_clean
    assert (merged.text.count("line"), merged.text.count("検討")) == (666, 500)


def test_fields_are_merged_one_by_one():
    base = {"title": "A", "owner": "x", "order": "1", "review": "2026-01-01"}
    mine = {"title": "B", "owner": "x", "order": "2", "kind": "page"}
    theirs = {"title": "A", "owner": "y", "order": "3", "review": "2026-01-01", "country": "both"}
    merged, conflicts = merge_values(base, mine, theirs)
    assert merged == {"title": "B", "owner": "y", "order": "2", "kind": "page", "country": "both"}
    assert conflicts == (FieldConflict("order", "1", "2", "3"),)


def test_a_field_one_removed_and_the_other_changed_is_a_conflict_and_kept():
    merged, [conflict] = merge_values({"owner": "x"}, {}, {"owner": "y"})
    assert (merged, conflict) == ({"owner": "y"}, FieldConflict("owner", "x", None, "y"))
