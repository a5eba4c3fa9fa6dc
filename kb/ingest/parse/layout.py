"""From lines with their places on a page to paragraphs: the pure part of reading a PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from kb.ingest.parse.hyphens import join_lines
from kb.ingest.parse.lines import is_ideographic, starts_item, starts_numbered_heading
from kb.text.language import Language
from kb.text.normalise import squash

HYPHEN = "\ufffe"
"""What PDFium writes for a hyphen at the end of a line, in place of the line break."""

_SENTENCE_END = re.compile(r"[.!?:;。」』)”’…]$")
_DANGLING = re.compile(
    r"(?:,|\b(?:a|an|and|as|at|by|for|from|in|into|its|of|on|or|our|that|the|their|to|which|will|with))$"
)
_NUMBER_END = re.compile(r"\D \d{1,3}$")
"""As in a table of contents."""
_NEVER_FIRST = frozenset("ぁぃぅぇぉっゃゅょァィゥェォッャュョー、。」』")
"""Characters that no Japanese line may begin with: typesetting moved them, or a narrow cell broke the word."""
_LEADER_END = re.compile(r"\.\.\. ?\S{1,6}$")
_SAME_SIZE = 0.1
_PARAGRAPH_LEADING = 1.3
"""A step to the next line this much larger than usual begins a paragraph."""
_INDENT_EM = 0.7
_SHORT_EM = 1.6
_FAR_RIGHT_EM = 6.0
_CELL_EM = 0.5
_NARROWEST_COLUMN_EM = 7.0
"""Japanese set narrower than this is a label, not a paragraph: its lines are not joined."""
_LONGEST_STEP_EM = 2.6
_VERTICAL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A tidied line: its box in points (y upwards), the height of its type, and whether all of it is bold."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False
    hyphenated: bool = False
    """The line ends inside a word or in a compound; the hyphen is not in `text`."""

    @property
    def is_vertical(self) -> bool:
        """Whether the characters run downwards."""
        return len(self.text) > 2 and self.top - self.bottom > 2 * max(self.right - self.left, self.size)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, item or row: its text and the lines it was made of."""

    text: str
    lines: tuple[Line, ...]
    apart: bool
    """Whether more than a line feed separates it from the block before."""


def paragraphs(
    lines: Sequence[Line], language: Language, words: Counter[str], titles: Container[str] = ()
) -> list[Block]:
    """Blocks of a page in the order of `lines`.

    `words` of the document decide what a hyphen at a line end means; `titles`, squashed, are lines by themselves.
    """
    if not lines:
        return []
    vertical = sum(line.is_vertical for line in lines) >= _VERTICAL_SHARE * len(lines)
    steps = _usual_steps(lines)
    right = _right_edges(lines, steps)
    blocks: list[Block] = []
    current = [lines[0]]
    row, text, apart = lines[0], lines[0].text, False
    for index in range(1, len(lines)):
        line = lines[index]
        beside = not vertical and _is_beside(row, line)
        if vertical:
            kind = _vertical_break(row, line, lines)
        elif beside:
            kind = "" if line.left >= row.right - row.size else "line"
        else:
            kind = _break(
                current[0],
                row,
                line,
                step=steps.get(round(row.size), 0.0),
                right=right[index - 1],
                language=language,
                titles=titles,
            )
        if kind:
            blocks.append(Block(text, tuple(current), apart))
            current, text, apart = [line], line.text, kind == "apart"
        else:
            cell = beside and line.left - row.right > _CELL_EM * row.size
            text = f"{text} {line.text}" if cell else join_lines(text, line.text, row.hyphenated, language, words)
            current.append(line)
        row = _united(row, line) if beside and not kind else line
    blocks.append(Block(text, tuple(current), apart))
    return blocks


def title_first(lines: Sequence[Line]) -> list[Line]:
    """`lines` with a title that is set largest and highest on the page in front, wherever the file draws it."""
    largest = max((line.size for line in lines), default=0.0)
    highest = max((line.top for line in lines), default=0.0)
    titles = [line for line in lines if line.size == largest and line.top > highest - 2.5 * largest]
    rest = [line for line in lines if line not in titles]
    if not titles or not rest or lines[0] in titles:
        return list(lines)
    above = min(line.bottom for line in titles) >= max(line.bottom for line in rest)
    return titles + rest if above else list(lines)


def _is_beside(row: Line, line: Line) -> bool:
    """Whether `line` stands in the same row: the next cell of a table, or a raised figure."""
    overlap = min(row.top, line.top) - max(row.bottom, line.bottom)
    return overlap > 0.5 * min(row.top - row.bottom, line.top - line.bottom) and not row.hyphenated


def _united(row: Line, line: Line) -> Line:
    """The row with one more piece; the larger type is the row's."""
    return replace(
        line,
        left=min(row.left, line.left),
        right=max(row.right, line.right),
        bottom=row.bottom if row.size >= line.size else line.bottom,
        top=row.top if row.size >= line.size else line.top,
        size=max(row.size, line.size),
        bold=row.bold and line.bold,
    )


def _break(
    first: Line, before: Line, line: Line, *, step: float, right: float, language: Language, titles: Container[str]
) -> str:
    """Why `line` does not continue the paragraph that `first` began and `before` ended so far.

    "line" for a line feed, "apart" for more than that, nothing where it continues.
    """
    if before.hyphenated or line.text[0] in _NEVER_FIRST:
        return ""
    em = max(before.size, 1.0)
    down = before.bottom - line.bottom
    larger = abs(line.size - before.size) > _SAME_SIZE * em
    ended = _SENTENCE_END.search(before.text) is not None
    unfinished = not ended and _is_unfinished(before.text, line.text, language)
    full = unfinished or _is_full(before, line, right, em)
    begins = starts_item(line.text) or starts_numbered_heading(line.text)
    if down > _LONGEST_STEP_EM * max(em, step):
        return "apart"
    if down <= 0:
        runs_on = not (ended or larger or begins) and (unfinished or (language == "ja" and full))
        return "" if runs_on else "apart"
    if larger or (line.bold != before.bold and not (unfinished or (language == "ja" and full and not before.bold))):
        return "apart"
    if down > _PARAGRAPH_LEADING * step and down > 1.15 * em:
        return "apart"
    heads = before is first and starts_numbered_heading(first.text) and language == "en"
    if (heads and not unfinished and not ended) or squash(before.text) in titles:
        return "line"
    if begins or not full or _LEADER_END.search(before.text) or line.left - before.left > _FAR_RIGHT_EM * em:
        return "line"
    if _NUMBER_END.search(before.text) and _NUMBER_END.search(line.text):
        return "line"
    indent = line.left - before.left
    if ended and indent > _INDENT_EM * em and not starts_item(first.text):
        return "line"
    if ended and indent < -_INDENT_EM * em and before is not first and line.left < first.left - _INDENT_EM * em:
        return "line"
    return ""


def _is_unfinished(text: str, following: str, language: Language) -> bool:
    """Whether an English sentence plainly goes on: in small letters, or after a word that cannot be the last."""
    return language == "en" and (following[0].islower() or _DANGLING.search(text) is not None)


def _is_full(line: Line, following: Line, right: float, em: float) -> bool:
    """Whether the line ended because its column did: nothing more of the next line would have fitted."""
    room = right - line.right
    if is_ideographic(line.text[-1]) or is_ideographic(following.text[0]):
        return room < _SHORT_EM * em and line.right - line.left >= _NARROWEST_COLUMN_EM * em
    word = following.text.split(" ", 1)[0]
    width = (following.right - following.left) / max(len(following.text), 1)
    return room < (len(word) + 1) * width * 1.1


def _usual_steps(lines: Sequence[Line]) -> dict[int, float]:
    """Usual distance between the baselines of lines that follow each other, in points, by their size of type."""
    steps: dict[int, list[float]] = {}
    for before, line in pairwise(lines):
        down = before.bottom - line.bottom
        same_size = abs(before.size - line.size) <= _SAME_SIZE * before.size
        if same_size and 0.5 * before.size < down < _LONGEST_STEP_EM * before.size:
            steps.setdefault(round(line.size), []).append(down)
    return {size: max(sorted(found)[len(found) // 4], 0.8 * median(found)) for size, found in steps.items()}


def _right_edges(lines: Sequence[Line], steps: dict[int, float]) -> list[float]:
    """For each line the right edge of its column: the furthest right of the lines set close above and below it."""
    edges = [0.0] * len(lines)
    start = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and _same_column(
            lines[index - 1], lines[index], steps.get(round(lines[index].size), 0.0)
        ):
            continue
        edge = max(line.right for line in lines[start:index])
        edges[start:index] = [edge] * (index - start)
        start = index
    return edges


def _same_column(before: Line, line: Line, step: float) -> bool:
    em = max(before.size, 1.0)
    down = before.bottom - line.bottom
    near = -0.5 * em < down < max(_LONGEST_STEP_EM * em, 2.2 * step)
    return near and line.left < before.right and abs(line.size - before.size) <= _SAME_SIZE * em


def _vertical_break(before: Line, line: Line, lines: Sequence[Line]) -> str:
    lowest = min(other.bottom for other in lines)
    short = before.bottom - lowest > _SHORT_EM * before.size
    return "line" if short or _SENTENCE_END.search(before.text) or before.size != line.size else ""
