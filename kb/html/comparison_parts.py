"""What of a comparison stands on one page: long documents come in parts that a phone can load and a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.library.comparison import ComparedSection, Comparison
from kb.library.paragraphs import ComparedParagraph, ParagraphKind

PART_CHARACTERS = 20_000
"""Characters of changed text on one page: some ten pages of a document in which every word changed."""
_BLOCK_CHARACTERS = 4_000
"""Of what came or went together, shown as one."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown as one: a paragraph, or several of a page that came or went together.

    Without paragraphs it stands for `unchanged` ones, which are only counted.
    """

    paragraphs: tuple[ComparedParagraph, ...] = ()
    unchanged: int = 0

    @property
    def size(self) -> int:
        """Characters shown."""
        return sum(
            len(text)
            for each in self.paragraphs
            for text in (
                [s.text for s in each.segments] or [side.text for side in (each.after or each.before,) if side]
            )
        )


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section that is not the same, or the rest of one that began on the page before (`continued`).

    `number` counts the sections with changes from 1.
    """

    number: int
    section: ComparedSection
    rows: tuple[Row, ...]
    continued: bool = False


Part = Sequence[ShownSection]


def parts(comparison: Comparison, *, most: int = PART_CHARACTERS) -> list[Part]:
    """The sections with changes, as the pages that they fill; no page where nothing changed."""
    found: list[list[ShownSection]] = [[]]
    used = 0
    changed = [section for section in comparison.sections if section.kind != "same"]
    for number, section in enumerate(changed, 1):
        rows: list[Row] = []
        continued = False
        for row in _rows(section):
            if used and used + row.size > most:
                if rows:
                    found[-1].append(ShownSection(number, section, tuple(rows), continued))
                    rows, continued = [], True
                found.append([])
                used = 0
            rows.append(row)
            used += row.size
        found[-1].append(ShownSection(number, section, tuple(rows), continued))
    return [part for part in found if part]


def part_of(shown: Sequence[Part]) -> dict[int, int]:
    """On which page, counted from 1, the section of each number begins."""
    return {
        each.number: page for page, part in reversed(list(enumerate(shown, 1))) for each in part if not each.continued
    }


def _rows(section: ComparedSection) -> Iterator[Row]:
    for (kind, _), group in groupby(section.paragraphs, key=_together):
        found = tuple(group)
        if kind == "same":
            yield Row(unchanged=len(found))
        elif kind in ("added", "removed"):
            yield from _blocks(found)
        else:
            yield from (Row((each,)) for each in found)


def _blocks(paragraphs: Sequence[ComparedParagraph]) -> Iterator[Row]:
    """`paragraphs` in rows that are not too long for a part."""
    block: tuple[ComparedParagraph, ...] = ()
    for each in paragraphs:
        if block and Row((*block, each)).size > _BLOCK_CHARACTERS:
            yield Row(block)
            block = ()
        block = (*block, each)
    yield Row(block)


def _together(each: ComparedParagraph) -> tuple[ParagraphKind, int]:
    """What neighbours share that came or went together: the kind of change and the page."""
    side = each.after or each.before
    return each.kind, side.page if side and each.kind != "same" else 0
