"""The runs of a body in which a link can stand: its text without code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.playbook.structure import structure


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `[start, end)` of a body that are read together, in characters, and what they are.

    `text` may have the marks of the list or quotation it stands in. In a `row` of a table nothing but a link reaches
    beyond a cell; a `definition` gives the address of links elsewhere.
    """

    start: int
    text: str
    is_row: bool = False
    is_definition: bool = False


def runs(body: str) -> Iterator[Run]:
    """Runs of `body`, in order; code fenced or indented is in none."""
    whole = structure(body)
    rows = {(each.map[0], each.map[1]) for each in whole.tokens if each.type == "tr_open" and each.map}
    text = {(each.map[0], each.map[1]) for each in whole.tokens if each.type in ("inline", "container") and each.map}
    definitions = set(whole.definitions)
    for lines in sorted(text | definitions):
        start, end = (whole.offsets[min(line, len(whole.offsets) - 1)] for line in lines)
        yield Run(start, body[start:end], lines in rows, lines in definitions)
