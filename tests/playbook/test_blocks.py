"""Blocks of a body: to the byte, and so cut that people who work on different things do not meet."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.playbook.blocks import blocks, word_key
from kb.playbook.render import render

MARKUP = (
    *("# a {#b}", "a", "word", "見出し", "- x", "  y", "1. z", "| a | b |", "|---|---|", "```", "~~~mermaid", "    c"),
    *(":::note T", ":::", "::::", "> q", "[^1]: n", "[a]: /x", '"t"', "---", "===", "\\", "`", "[[x|y]]", "***", "<b>"),
    *("\t", "\n", "\n\n", "\r\n", "\r", " ", "\0", "\x0b", "\u2028", "\u3000"),
)
BODIES = st.lists(st.sampled_from(MARKUP), max_size=30).map("".join) | st.text()

PAGE = """\
Lead
of two lines

## One {#one}
Text [a]
- first
  more

  - nested
- second

```mermaid
graph TD

A --> B
```
:::note Title
- inside

## Not a section
:::
| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |

> quoted
> twice

[a]: /x
  "title"
[b]: /y
[^1]: A note

    in two parts

***
## 二
End"""


@settings(max_examples=500, deadline=None)
@given(BODIES)
def test_blocks_joined_are_the_body_whatever_it_is(body):
    found = blocks(body)
    assert "".join(block.text for block in found) == body
    assert all(body[block.start : block.end] == block.text != "" for block in found)
    assert all(before.end == after.start for before, after in pairwise(found))


def test_a_page_is_cut_into_its_blocks():
    assert [(block.kind, block.text.split("\n")[0], block.heading_id) for block in blocks(PAGE)] == [
        ("paragraph", "Lead", ""),
        ("heading", "## One {#one}", "one"),
        ("paragraph", "Text [a]", "one"),
        ("item", "- first", "one"),
        ("item", "- second", "one"),
        ("code", "```mermaid", "one"),
        ("container", ":::note Title", "one"),
        ("item", "- inside", "one"),
        ("heading", "## Not a section", "one"),
        ("container", ":::", "one"),
        ("head", "| a | b |", "one"),
        ("row", "| 1 | 2 |", "one"),
        ("row", "| 3 | 4 |", "one"),
        ("quote", "> quoted", "one"),
        ("definition", "[a]: /x", "one"),
        ("definition", "[b]: /y", "one"),
        ("footnote", "[^1]: A note", "one"),
        ("rule", "***", "one"),
        ("heading", "## 二", "section-2"),
        ("paragraph", "End", "section-2"),
    ]


def test_a_block_has_the_blank_lines_after_it():
    assert [(block.kind, block.text) for block in blocks("\n\na\n\n\nb")] == [
        ("blank", "\n\n"),
        ("paragraph", "a\n\n\n"),
        ("paragraph", "b"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_sort_of_line_end_ends_a_line(newline):
    assert [block.text for block in blocks(f"# a{newline}b{newline}- c")] == [f"# a{newline}", f"b{newline}", "- c"]


def test_a_fence_that_is_left_open_is_one_block_to_the_end():
    assert [block.kind for block in blocks("a\n\n```\n# b\n\n- c\n")] == ["paragraph", "code"]


def test_opening_an_admonition_leaves_the_blocks_around_it_as_they_were():
    around = [block.text for block in blocks("a\n\n:::note\nb\n\n- c\n") if block.kind != "container"]
    assert around == [block.text for block in blocks("a\n\nb\n\n- c\n")]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["# A", "## A {#one}", "A\n---", "## 二", "### *b* `c`", "### [a](/x) \\* d", "text", "- # x"]),
        max_size=8,
    ).map("\n\n".join)
)
def test_sections_have_the_ids_that_readers_see(body):
    ids = [block.heading_id for block in blocks(body) if block.kind == "heading"]
    assert ids == [heading.id for heading in render(body).headings]


def test_white_space_does_not_make_another_block():
    one, other = blocks("some  words\nhere\n\n") + blocks("some words here")
    assert word_key(one) == word_key(other) == "some words here"
