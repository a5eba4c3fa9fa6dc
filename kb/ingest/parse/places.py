"""Where a passage stands among the characters of its page: the pure part of drawing it.

What is stored of a page is not what the file says: headers are gone, lines joined, hyphens repaired, characters put
into one normal form. Letters and digits survive all of that, so these alone are compared.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.text.normalise import normalise

_RUN_LATIN, _RUN_OTHER = 8, 4
"""So many letters in a row seldom stand twice on a page."""
_FAR_RUNS, _SOLE_RUNS = 3.0, 1.5
"""A piece shorter than so many runs counts only beside another one: elsewhere it may be a coincidence. Less is enough
where it stands only once on the page, as a heading that is drawn last does."""
_MOST_MARKS = 6
"""Brackets, stops and the like in a row that belong to the letters around them; leaders of dots do not."""
_MOST_PLACES = 40
"""Of a run that stands on the page more often only the nearest places are compared."""
_MOST_WORD_PLACES = 400
"""Of words on a page that are marked: more would mark everything."""
_LEAST_SHARE = 0.6
"""Of the letters of a passage that must be on the page for the place to be believed."""
_OPENING, _CLOSING = frozenset({"Ps", "Pi"}), frozenset({"Pe", "Pf", "Po"})
_SAME_ROW = 0.5
_WORD_GAP_EM, _BLOCK_GAP_EM, _RAGGED_EM = 1.5, 2.5, 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Piece:
    at: int
    length: int
    sole: bool
    """Its first run stands nowhere else on the page."""


def letters(text: Iterable[str]) -> str:
    """Letters and digits of `text`, taken apart as far as Unicode can: ガ is カ, ﬁ is fi."""
    return "".join(map(_letters, text))


def find(passage: str, characters: Sequence[str], *, before: int) -> list[int]:
    """Indices of the `characters` of a page that make up `passage`, ascending; none where it is not there.

    `before` is how many letters stand before the passage in the stored text: of several places the nearest is meant.
    """
    wanted = letters(passage)
    held = [_letters(character) for character in characters]
    where = [index for index, found in enumerate(held) for _ in found]
    text = "".join(held)
    at = min(_everywhere(text, wanted), key=lambda place: abs(place - before), default=-1)
    pieces = [(at, len(wanted))] if at >= 0 else _pieces(text, wanted, before)
    found = {where[at + n] for at, length in pieces for n in range(length)}
    return _with_marks(sorted(found), characters)


def find_words(words: Iterable[str], characters: Sequence[str]) -> list[list[int]]:
    """Indices of the `characters` of a page for each place of each of `words`; those in Latin letters stand alone."""
    held = [_letters(character) for character in characters]
    where = [index for index, found in enumerate(held) for _ in found]
    text = "".join(held).lower()
    found: list[list[int]] = []
    for wanted in dict.fromkeys(letters(word).lower() for word in words):
        for at in _everywhere(text, wanted):
            place = sorted({where[at + n] for n in range(len(wanted))})
            if _stands_alone(characters, place):
                found.append(place)
            if len(found) == _MOST_WORD_PLACES:
                return found
    return found


def _stands_alone(characters: Sequence[str], place: Sequence[int]) -> bool:
    """Whether no Latin word goes on at either end of a place."""
    before, first = characters[place[0] - 1 : place[0]], characters[place[0]]
    last, after = characters[place[-1]], characters[place[-1] + 1 : place[-1] + 2]
    return not any(_is_latin(a) and all(map(_is_latin, b)) and b for a, b in ((first, before), (last, after)))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def outline(boxes: Sequence[Box]) -> list[list[Box]]:
    """Shapes around characters with these boxes, in reading order; each is one box a line, which touch one another."""
    if _run_downwards(boxes):
        return [[_stood(box) for box in shape] for shape in _shapes([_lain(box) for box in boxes])]
    return _shapes(boxes)


def rows(boxes: Sequence[Box]) -> list[Box]:
    """One box for each line of the characters with these boxes, which follow one another across the page or down it."""
    if _run_downwards(boxes):
        return [_stood(box) for box in _rows([_lain(box) for box in boxes])]
    return _rows(boxes)


def _shapes(boxes: Sequence[Box]) -> list[list[Box]]:
    blocks: list[list[Box]] = []
    for row in _rows(boxes):
        block = next((block for block in reversed(blocks) if _follows(block[-1], row)), None)
        if block is None:
            blocks.append([row])
        else:
            block.append(row)
    return [_joined(block) for block in blocks]


@functools.lru_cache(maxsize=8_192)
def _letters(character: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", normalise(character)) if each.isalnum())


def _with_marks(indices: Sequence[int], characters: Sequence[str]) -> list[int]:
    """`indices` with the punctuation between them, and around them where it clings to the first or the last."""
    if not indices:
        return []
    first, last = indices[0], indices[-1]
    while first and unicodedata.category(characters[first - 1]) in _OPENING:
        first -= 1
    while last + 1 < len(characters) and unicodedata.category(characters[last + 1]) in _CLOSING:
        last += 1
    found = [*range(first, indices[0]), *indices, *range(indices[-1] + 1, last + 1)]
    for before, after in pairwise(indices):
        between = range(before + 1, after)
        if len(between) <= _MOST_MARKS and not any(map(_letters, characters[before + 1 : after])):
            found += [index for index in between if not characters[index].isspace()]
    return sorted(found)


def _everywhere(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _pieces(text: str, wanted: str, before: int) -> list[tuple[int, int]]:
    """Places and lengths of the longest pieces of `wanted` in `text`, one after the other; none where most is missing.

    Greedy, and so nearly linear; difflib is quadratic on repetitive text, and blind to which of several places is
    meant.
    """
    run = _RUN_LATIN if wanted[: len(wanted) // 2].isascii() else _RUN_OTHER
    places: dict[str, list[int]] = {}
    for at in range(len(text) - run + 1):
        places.setdefault(text[at : at + run], []).append(at)
    found: list[_Piece] = []
    done, expected = 0, before
    while done <= len(wanted) - run:
        candidates = places.get(wanted[done : done + run], [])
        if not candidates:
            done += 1
            continue
        near = sorted(candidates, key=lambda at: abs(at - expected))[:_MOST_PLACES]
        length, at = max(((_common(text, at, wanted, done), at) for at in near), key=lambda each: each[0])
        found.append(_Piece(at, length, sole=len(candidates) == 1))
        done += length
        expected = at + length
    kept = [(piece.at, piece.length) for index, piece in enumerate(found) if _is_likely(found, index, run)]
    if sum(length for _, length in kept) < _LEAST_SHARE * len(wanted):
        return []
    gaps = [(a + n, b - a - n) for (a, n), (b, _) in pairwise(kept) if 0 < b - a - n < run]
    return kept + gaps


def _common(text: str, at: int, wanted: str, done: int) -> int:
    """How many characters are the same from there on."""
    most = min(len(text) - at, len(wanted) - done)
    return next((n for n in range(most) if text[at + n] != wanted[done + n]), most)


def _is_likely(found: Sequence[_Piece], index: int, run: int) -> bool:
    piece = found[index]
    if piece.length >= (_SOLE_RUNS if piece.sole else _FAR_RUNS) * run:
        return True
    pairs = pairwise(found[max(index - 1, 0) : index + 2])
    return any(0 <= after.at - before.at - before.length < _FAR_RUNS * run for before, after in pairs)


def _run_downwards(boxes: Sequence[Box]) -> bool:
    """Whether the characters follow one another down or up the page, as vertical Japanese and turned text do."""
    steps = [
        (abs(b.left + b.right - a.left - a.right), abs(b.top + b.bottom - a.top - a.bottom)) for a, b in pairwise(boxes)
    ]
    return sum(down > across for across, down in steps) > 0.6 * len(steps) > 0


def _lain(box: Box) -> Box:
    """The page turned so that columns read from right to left are rows read from above."""
    return Box(box.top, -box.right, box.bottom, -box.left)


def _stood(box: Box) -> Box:
    return Box(-box.bottom, box.left, -box.top, box.right)


def _rows(boxes: Sequence[Box]) -> list[Box]:
    rows: list[Box] = []
    for box in boxes:
        row = rows[-1] if rows else None
        if row is not None and _overlap(row, box) > _SAME_ROW and _gap(row, box) < _WORD_GAP_EM * row.height:
            rows[-1] = _around(row, box)
        else:
            rows.append(box)
    return rows


def _overlap(row: Box, box: Box) -> float:
    """Share of the lower of both that is beside the other."""
    return (min(row.bottom, box.bottom) - max(row.top, box.top)) / max(min(row.height, box.height), 0.1)


def _gap(row: Box, box: Box) -> float:
    return max(row.left, box.left) - min(row.right, box.right)


def _around(first: Box, second: Box) -> Box:
    return Box(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )


def _follows(above: Box, row: Box) -> bool:
    """Whether `row` stands under the line `above`, near enough to be of one block."""
    em = max(above.height, row.height)
    return _gap(above, row) < 0 and row.top > above.top and row.top - above.bottom < _BLOCK_GAP_EM * em


def _joined(rows: Sequence[Box]) -> list[Box]:
    """Rows that touch, ragged edges made straight; where the first begins and the last ends stays as it is."""
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    borders = [(above.bottom + below.top) / 2 for above, below in pairwise(rows)]
    joined = []
    for n, (row, top, bottom) in enumerate(
        zip(rows, [rows[0].top, *borders], [*borders, rows[-1].bottom], strict=True)
    ):
        near = _RAGGED_EM * row.height
        begin, end = row.left, row.right
        if 0 < n < len(rows) - 1:  # the end of a paragraph between others: no notch in the shape
            begin = min(begin, max(rows[n - 1].left, rows[n + 1].left))
            end = max(end, min(rows[n - 1].right, rows[n + 1].right))
        if n > 0 and begin - left < near:
            begin = left
        if n < len(rows) - 1 and right - end < near:
            end = right
        joined.append(Box(begin, top, end, bottom))
    return joined
