"""Paragraphs, lists and tables in the text of a page, as reading Markdown leaves them: one line for each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from kb.model.works import Version

Kind = Literal["paragraphs", "list", "table"]
Range = tuple[int, int]

BULLET, BAR = "- ", " | "
"""How an item of a list begins, and what stands between two cells of a table."""
BOXES = ("☐", "☑")
"""What may follow the bullet: the box of a task."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind that follow each other, as ranges of characters; no line is empty."""

    kind: Kind
    lines: Sequence[Range]


def is_structured(version: Version) -> bool:
    """Whether hyphens and bars in the text of a version are lists and tables, and not its own words."""
    return version.media_type == "text/markdown"


def blocks(text: str, *, structured: bool) -> Iterator[Block]:
    """The blocks of `text`, in order; where it is not `structured`, all of it is paragraphs."""
    for kind, run in groupby(_lines(text), key=lambda line: _kind(text[slice(*line)]) if structured else "paragraphs"):
        found = [line for line in run if text[slice(*line)].strip()]
        if found:
            yield Block("paragraphs" if kind == "table" and len(found) == 1 else kind, found)


def cells(text: str, line: Range) -> Iterator[Range]:
    """The cells of a line of a table."""
    begin, after = line
    for cell in text[begin:after].split(BAR):
        yield begin, begin + len(cell)
        begin += len(cell) + len(BAR)


def _kind(line: str) -> Kind:
    if line.startswith(BULLET):
        return "list"
    return "table" if BAR in line else "paragraphs"


def _lines(text: str) -> Iterator[Range]:
    begin = 0
    for line in text.split("\n"):
        yield begin, begin + len(line)
        begin += len(line) + 1
