"""Where the sections of a PDF begin: by its outline, or else by how its headings are printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.ingest.parse.layout import Block
from kb.ingest.parse.lines import glue, starts_item, starts_numbered_heading, tidy
from kb.ingest.parse.parsed import Heading
from kb.text.normalise import squash

LARGER = 1.12
_LONGEST_EN = 120
_LONGEST_JA = 50
_MOST_ON_A_PAGE = 8
_MOST_LEVELS = 4
_COVER_CHARACTERS = 400
"""A first page with less text is a cover: what is printed large there names the document, not a section."""
_ENDS = re.compile(r"[.。,、;:]$|\.\.\.")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?(?: (?=\D)|(?=[^\W\d_\x00-\x7f]))|第.{1,4}([編部章節条項])")
_FIRST_SECTION = re.compile(r"(\d{1,2})\.1\.?(?:\s|(?=[^\W\d_]))(?!.*\.\.\.)")
_A_DATE = re.compile(r"(?:\d{4}|(?:令和|平成|昭和) ?\S{1,2}) ?年.{0,8}|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4}")
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


def from_print(pages: Sequence[Sequence[PlacedBlock]], title: str = "") -> list[tuple[Heading, ...]]:
    """Headings of each page by size, weight and numbering, for files without an outline; not the document's `title`."""
    body = body_size(pages)
    chapters = _chapters(pages)
    found = [_candidates(page, body, title, chapters[index]) for index, page in enumerate(pages)]
    if pages and len(pages) > 2 and sum(len(placed.block.text) for placed in pages[0]) < _COVER_CHARACTERS:
        found[0] = []
    large = sorted({size for page in found for size, heading in page if size >= LARGER * body}, reverse=True)
    return [
        tuple(replace(heading, level=heading.level or _rank(size, large)) for size, heading in page) for page in found
    ]


def _chapters(pages: Sequence[Sequence[PlacedBlock]]) -> list[frozenset[str]]:
    """For each page the numbers of chapters whose first section ("5.1") begins on it or on the next page."""
    firsts = [
        {match.group(1) for placed in page if (match := _FIRST_SECTION.match(placed.block.text))} for page in pages
    ]
    return [frozenset(here | after) for here, after in zip(firsts, [*firsts[1:], set[str]()], strict=True)]


def _rank(size: float, large: Sequence[float]) -> int:
    """Level of a heading by its size among the sizes larger than the text's; bold of the text's size comes last."""
    return min(1 + sum(other > size for other in large), _MOST_LEVELS)


def _candidates(
    page: Sequence[PlacedBlock], body: float, title: str, chapters: frozenset[str]
) -> list[tuple[float, Heading]]:
    """Size and heading for each of a page; `level` 0 where its size decides. Lines of one heading are put together."""
    found: list[tuple[float, Heading]] = []
    last = -2
    for index, placed in enumerate(page):
        block, size = placed.block, _size(placed.block)
        if not _is_heading(block, body, chapters) or squash(block.text) in squash(title):
            continue
        level = _numbered_level(block.text)
        if index == last + 1 and not level and size >= LARGER * body and found[-1][0] == size:
            before = found[-1][1]
            joined = before.title + glue(before.title, block.text, "ja") + block.text
            if len(joined) <= _longest(joined):
                found[-1] = (size, replace(before, title=joined))
                last = index
                continue
        found.append((size, Heading(level, block.text, placed.start)))
        last = index
    if len(found) > _MOST_ON_A_PAGE:
        largest = max(size for size, _ in found)
        found = [(size, heading) for size, heading in found if size == largest and size >= LARGER * body]
    return found if len(found) <= _MOST_ON_A_PAGE else []


def _numbered_level(text: str) -> int:
    """Level that the number of a heading tells (1.2.3 is the third), 0 without a number."""
    number = _NUMBER.match(text)
    if number is None:
        return 0
    if number.group(2):
        return _KANJI_LEVELS[number.group(2)]
    return number.group(1).count(".") + 1


def _is_heading(block: Block, body: float, chapters: frozenset[str]) -> bool:
    text = block.text
    if not 2 <= len(text) <= _LONGEST_EN or len(block.lines) > 3 or len(text) > _longest(text):
        return False
    if _ENDS.search(text) or not _LETTER.search(text) or _A_DATE.fullmatch(text):
        return False
    if len(block.lines) == 1 and (starts_numbered_heading(text) or _chapter_number(text) in chapters):
        return True
    if starts_item(text) and not _NUMBER.match(text):
        return False
    if _size(block) >= LARGER * body:
        return True
    return all(line.bold for line in block.lines) and _size(block) >= 0.97 * body


def _chapter_number(text: str) -> str:
    """The number of a heading such as "5 Security policy", empty for anything else."""
    number = _NUMBER.match(text)
    return number.group(1) if number and number.group(1) and number.group(1).isdigit() else ""


def _longest(text: str) -> int:
    latin = sum(character < "\u0250" for character in text)
    return _LONGEST_EN if latin > 0.7 * len(text) else _LONGEST_JA


def _size(block: Block) -> float:
    return round(min(line.size for line in block.lines), 1)
