"""Where the sections of a PDF begin: by its outline, or else by how its headings are printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kb.ingest.parse.layout import Block
from kb.ingest.parse.lines import starts_item, starts_numbered_heading, tidy
from kb.ingest.parse.parsed import Heading
from kb.text.normalise import squash

LARGER = 1.12
_LONGEST_EN = 120
_LONGEST_JA = 50
_MOST_ON_A_PAGE = 8
_MOST_LEVELS = 4
_ENDS = re.compile(r"[.。,、;:]$|\.\.\.")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)|第.{1,4}([編部章節条項])")
_KANJI_LEVELS = {"編": 1, "部": 1, "章": 1, "節": 2, "条": 3, "項": 3}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a PDF's outline: `level` from 1, `page` from 0."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block and where it starts in its page's text."""

    block: Block
    start: int


def useful(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that name sections: with letters in them, and not merely one for each page."""
    named = [Entry(entry.level, tidy(entry.title), entry.page) for entry in entries if _LETTER.search(entry.title)]
    return named if len(named) >= 2 else []


def from_outline(entries: Sequence[Entry], page: int, text: str) -> tuple[Heading, ...]:
    """Headings of one page by the outline; one that is not found in the text begins where the one before did."""
    here = [entry for entry in entries if entry.page == page and entry.title]
    if not here:
        return ()
    places = [index for index, character in enumerate(text) if not character.isspace()]
    squashed = "".join(text[index] for index in places)
    headings: list[Heading] = []
    after = 0
    for entry in here:
        found = _find(squash(entry.title), squashed, places, text, after)
        if found >= 0:
            after = found
        start = places[after] if found >= 0 else (headings[-1].start if headings else 0)
        headings.append(Heading(entry.level, entry.title, start))
    return tuple(headings)


def _find(wanted: str, squashed: str, places: Sequence[int], text: str, after: int) -> int:
    """Index in `squashed` where `wanted` begins a line, or else where it first occurs; -1 where it does not."""
    first = index = squashed.find(wanted, after)
    while index >= 0:
        start = places[index]
        if start == 0 or "\n" in text[max(0, start - 2) : start]:
            return index
        index = squashed.find(wanted, index + 1)
    return first


def body_size(pages: Sequence[Sequence[PlacedBlock]]) -> float:
    """Size of type in which most characters are set."""
    counts: Counter[float] = Counter()
    for page in pages:
        for placed in page:
            for line in placed.block.lines:
                counts[round(line.size, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def from_print(pages: Sequence[Sequence[PlacedBlock]]) -> list[tuple[Heading, ...]]:
    """Headings of each page by size, weight and numbering, for files without an outline."""
    body = body_size(pages)
    candidates = [[placed for placed in page if _is_heading(placed.block, body)] for page in pages]
    sizes = Counter(_size(placed.block) for page in candidates for placed in page)
    ranks = {size: rank for rank, size in enumerate(sorted(sizes, reverse=True), start=1)}
    return [_headings(page, body, ranks) for page in candidates]


def _headings(page: Sequence[PlacedBlock], body: float, ranks: dict[float, int]) -> tuple[Heading, ...]:
    if len(page) > _MOST_ON_A_PAGE:
        largest = max(_size(placed.block) for placed in page)
        page = [placed for placed in page if _size(placed.block) == largest and largest >= LARGER * body]
        if len(page) > _MOST_ON_A_PAGE:
            return ()
    return tuple(
        Heading(_level(placed.block, body, ranks), placed.block.text, placed.start) for placed in page
    )


def _level(block: Block, body: float, ranks: dict[float, int]) -> int:
    number = _NUMBER.match(block.text)
    if number and number.group(1) and starts_numbered_heading(block.text):
        return number.group(1).count(".") + 1
    if number and number.group(2):
        return _KANJI_LEVELS[number.group(2)]
    if _size(block) < LARGER * body:
        return min(len([size for size in ranks if size >= LARGER * body]) + 1, _MOST_LEVELS)
    return min(ranks[_size(block)], _MOST_LEVELS)


def _is_heading(block: Block, body: float) -> bool:
    text = block.text
    longest = _LONGEST_EN if text.isascii() else _LONGEST_JA if not _mostly_latin(text) else _LONGEST_EN
    if not 2 <= len(text) <= longest or _ENDS.search(text) or not _LETTER.search(text) or len(block.lines) > 3:
        return False
    if starts_numbered_heading(text) and len(block.lines) == 1:
        return True
    if starts_item(text) and not re.match(r"[0-9(]", text):
        return False
    if _size(block) >= LARGER * body:
        return True
    return all(line.bold for line in block.lines) and _size(block) >= 0.97 * body


def _mostly_latin(text: str) -> bool:
    return sum(character < "\u0250" for character in text) > 0.7 * len(text)


def _size(block: Block) -> float:
    return round(min(line.size for line in block.lines), 1)
