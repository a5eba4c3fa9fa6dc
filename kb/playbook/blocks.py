"""Blocks of a Markdown body: the parts in which two people can work on one page without meeting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from kb.playbook.heading_ids import ids, split
from kb.playbook.structure import Structure, structure

BlockKind = Literal[
    "heading",
    "paragraph",
    "item",
    "head",
    "row",
    "code",
    "quote",
    "footnote",
    "definition",
    "container",
    "rule",
    "blank",
]
"""`item` of a list with all that is nested in it; `head` and `row` of a table; `code` fenced or indented, diagrams too;
`definition` of the address of a link; `container` the first or last line of an admonition; `blank` lines that begin a
body."""

_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "list_item_open": "item",
    "thead_open": "head",
    "tr_open": "row",
    "fence": "code",
    "code_block": "code",
    "blockquote_open": "quote",
    "footnote_reference_open": "footnote",
    "container": "container",
    "hr": "rule",
}
_LOOKED_INTO = {"bullet_list", "ordered_list", "table", "tbody"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a body with the blank lines after it: `body[start:end] == text`, and all texts joined are the body.

    `heading_id` is that of the section it stands in, its own for a heading; empty before the first one.
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    heading_id: str


def blocks(body: str) -> list[Block]:
    """The blocks of `body`, in order; to the byte, whatever the body is."""
    whole = structure(body)
    begun = list(_starts(whole))
    opening = [(line, words) for line, _, words in begun if words is not None]
    opened = dict(zip((line for line, _ in opening), ids([split(words) for _, words in opening]), strict=True))
    starts = {line: kind for line, kind, _ in begun}
    for first, _ in whole.definitions:
        starts.setdefault(first, "definition")
    if body and 0 not in starts:
        starts[0] = "blank"
    edges = [*sorted(starts), len(whole.offsets) - 1]
    found: list[Block] = []
    section = ""
    for line, following in pairwise(edges):
        section = opened.get(line, section)
        start, end = whole.offsets[line], whole.offsets[following]
        found.append(Block(starts[line], body[start:end], start, end, section))
    return found


def word_key(block: Block) -> str:
    """The text of `block` for telling whether it is the same: white space is no difference."""
    return " ".join(block.text.split())


def _starts(whole: Structure) -> Iterator[tuple[int, BlockKind, str | None]]:
    """Lines where blocks begin, each with its kind and the words of the heading where a section begins with it."""
    admonition = ""
    for number, token in _outermost(whole.tokens):
        kind, words = _KINDS[token.type], None
        if kind == "container":
            admonition = _still_open(admonition, token)
        elif kind == "heading" and not admonition:
            words = whole.words(whole.tokens[number + 1])
        if token.map:
            yield token.map[0], kind, words


def _still_open(admonition: str, line: Token) -> str:
    """Colons of the admonition that is open after `line`: a heading inside one begins no section."""
    if admonition:
        return "" if not line.info and len(line.markup) >= len(admonition) else admonition
    return line.markup if line.info else ""


def _outermost(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Tokens that begin a block, with their numbers; what is inside a block is passed over."""
    inside = 0
    for number, token in enumerate(tokens):
        if token.type.removesuffix("_open").removesuffix("_close") in _LOOKED_INTO and not inside:
            continue
        if not inside and token.nesting >= 0:
            yield number, token
        inside += token.nesting
