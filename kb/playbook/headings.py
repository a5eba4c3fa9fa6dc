"""Headings that begin the sections of a page: their ids, which both languages share and which last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.model.playbook import PageHeading
from kb.playbook.blocks import Block, blocks
from kb.playbook.heading_ids import split
from kb.playbook.structure import structure

_LINE = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t][^\r\n]*?)?(?=(?:[ \t]+#+)?[ \t]*(?:\r\n?|\n|$))")
"""A heading in one line, without the number signs that may close it."""
_UNDERLINED = re.compile(r".*\S(?=[ \t]*(?:\r\n?|\n)[ ]{0,3}(?:=+|-+)[ \t]*(?:\r\n?|\n|$))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Placed:
    heading: PageHeading
    block: Block
    is_explicit: bool


def headings(body: str) -> Sequence[PageHeading]:
    """Headings that begin a section, in order; one of the first level counts as one of the second."""
    return [each.heading for each in _placed(body)]


def with_ids(body: str, others: Sequence[PageHeading] = ()) -> str:
    """`body` with an explicit id at each heading, so that its address stays when its words change.

    A heading without one gets that of its counterpart among the `others` of the other language, where both bodies have
    headings of the same levels one after the other and the id is free; else the one that its words or its number give.
    """
    placed = list(_placed(body))
    uses = Counter(each.heading.id for each in placed if each.is_explicit)
    are_alike = [each.heading.level for each in placed] == [each.level for each in others]
    pieces, last = [], 0
    for number, each in enumerate(placed):
        at = _end_of_words(each.block)
        if each.is_explicit or at is None:
            continue
        identity = others[number].id if are_alike and not uses[others[number].id] else each.heading.id
        uses[identity] += 1
        pieces += [body[last:at], f" {{#{identity}}}"]
        last = at
    return "".join([*pieces, body[last:]])


def _placed(body: str) -> Iterator[_Placed]:
    section = ""
    for block in blocks(body):
        if block.kind == "heading" and block.heading_id != section:  # inside an admonition it keeps the one around
            alone = structure(block.text)
            title, explicit = split(alone.words(alone.tokens[1]))
            level = max(2, int(alone.tokens[0].tag[1:]))
            yield _Placed(PageHeading(block.heading_id, level, title), block, bool(explicit))
        section = block.heading_id


def _end_of_words(block: Block) -> int | None:
    found = _LINE.match(block.text) or _UNDERLINED.match(block.text)
    return block.start + found.end() if found else None
