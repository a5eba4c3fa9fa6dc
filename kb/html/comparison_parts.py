"""What of a comparison stands on one page: long documents come in parts that a phone can load and a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.library.comparison import ComparedSection, Comparison
from kb.library.paragraphs import ComparedParagraph

PART_CHARACTERS = 40_000
"""Characters of changed text on one page: some twenty pages of a document in which every word changed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph that changed, or `unchanged` ones between two of them, which are only counted."""

    paragraph: ComparedParagraph | None = None
    unchanged: int = 0

    @property
    def size(self) -> int:
        """Characters shown."""
        if self.paragraph is None:
            return 0
        if self.paragraph.segments:
            return sum(len(segment.text) for segment in self.paragraph.segments)
        return sum(len(each.text) for each in (self.paragraph.after or self.paragraph.before,) if each)


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
    for is_same, group in groupby(section.paragraphs, key=lambda each: each.kind == "same"):
        found = list(group)
        if is_same:
            yield Row(unchanged=len(found))
        else:
            yield from (Row(each) for each in found)
