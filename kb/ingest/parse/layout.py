"""From lines with their places on a page to paragraphs: the pure part of reading a PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from kb.ingest.parse.lines import glue, is_ideographic, starts_item, starts_numbered_heading
from kb.text.language import Language

HYPHEN = "\ufffe"
"""What PDFium writes for a hyphen at the end of a line, in place of the line break."""

_SENTENCE_END = re.compile(r"[.!?:;。」』)”’…]$")
_LEADER_END = re.compile(r"\.\.\. ?\S{1,6}$")
_SAME_SIZE = 0.1
_PARAGRAPH_LEADING = 1.3
"""A step to the next line this much larger than usual begins a paragraph."""
_INDENT_EM = 0.7
_SHORT_EM = 1.6
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


def paragraphs(lines: Sequence[Line], language: Language, words: Counter[str]) -> list[Block]:
    """Blocks of a page in the order of `lines`; `words` of the document decide what a hyphen at a line end means."""
    if not lines:
        return []
    vertical = sum(line.is_vertical for line in lines) >= _VERTICAL_SHARE * len(lines)
    step = _usual_step(lines)
    right = _right_edges(lines, step)
    blocks: list[Block] = []
    current = [lines[0]]
    text = lines[0].text
    apart = False
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        if vertical:
            kind = _vertical_break(before, line, lines)
        else:
            kind = _break(current, line, step=step, right=right[index - 1], language=language)
        if kind:
            blocks.append(Block(text, tuple(current), apart))
            current, text, apart = [line], line.text, kind == "apart"
        else:
            text = _join(text, line.text, before.hyphenated, language, words)
            current.append(line)
    blocks.append(Block(text, tuple(current), apart))
    return blocks


def _break(current: list[Line], line: Line, *, step: float, right: float, language: Language) -> str:
    """Why `line` does not continue the paragraph: "line", "apart", or nothing where it does."""
    before, first = current[-1], current[0]
    if before.hyphenated:
        return ""
    em = max(before.size, 1.0)
    overlap = min(before.top, line.top) - max(before.bottom, line.bottom)
    if overlap > 0.5 * min(before.top - before.bottom, line.top - line.bottom):
        return "" if line.left >= before.right - em else "line"  # the same row: a cell, a raised figure
    if _LEADER_END.search(before.text):
        return "line"
    larger = abs(line.size - before.size) > _SAME_SIZE * em
    down = before.bottom - line.bottom
    ended = _SENTENCE_END.search(before.text) is not None
    full = _is_full(before, line, right, em)
    if down <= 0 or down > _LONGEST_STEP_EM * max(em, step):
        return "apart" if ended or larger or not full or _begins(line.text, language) else ""
    if larger or (line.bold != before.bold and (ended or not full or not _runs_on(before, line))):
        return "apart"
    if down > _PARAGRAPH_LEADING * step and down > 1.15 * em:
        return "apart"
    if starts_item(line.text) or starts_numbered_heading(line.text):
        return "line"
    if not full:
        return "line"
    indent = line.left - before.left
    if indent > _INDENT_EM * em and ended and not starts_item(first.text):
        return "line"
    if indent < -_INDENT_EM * em and len(current) > 1 and ended and line.left < first.left - _INDENT_EM * em:
        return "line"
    return ""


def _begins(text: str, language: Language) -> bool:
    """Whether `text` looks like the beginning of something and not like the rest of a sentence."""
    if starts_item(text) or starts_numbered_heading(text):
        return True
    return language == "en" and not text[:1].islower()


def _runs_on(before: Line, line: Line) -> bool:
    """Whether a change between bold and regular may be inside a sentence."""
    return line.text[:1].islower() or (is_ideographic(before.text[-1]) and not before.bold)


def _is_full(line: Line, following: Line, right: float, em: float) -> bool:
    """Whether the line ended because its column did: nothing more of the next line would have fitted."""
    room = right - line.right
    if is_ideographic(line.text[-1]) or is_ideographic(following.text[0]):
        return room < _SHORT_EM * em
    word = following.text.split(" ", 1)[0]
    width = (following.right - following.left) / max(len(following.text), 1)
    return room < (len(word) + 1) * width * 1.1


def _usual_step(lines: Sequence[Line]) -> float:
    """Usual distance between the baselines of lines that follow each other, in points; 0 where there are none."""
    steps = [
        step
        for before, line in zip(lines, lines[1:], strict=False)
        if 0.5 * before.size < (step := before.bottom - line.bottom) < _LONGEST_STEP_EM * before.size
    ]
    if not steps:
        return 0.0
    ordered = sorted(steps)
    return max(ordered[len(ordered) // 4], 0.8 * median(ordered))


def _right_edges(lines: Sequence[Line], step: float) -> list[float]:
    """For each line the right edge of its column: the furthest right of the lines set close above and below it."""
    edges = [0.0] * len(lines)
    start = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and _same_column(lines[index - 1], lines[index], step):
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


def _join(text: str, following: str, hyphenated: bool, language: Language, words: Counter[str]) -> str:
    if not hyphenated and following[:1].islower() and re.search(r"[a-z]-$", text):
        text, hyphenated = text[:-1], True
    if not hyphenated:
        return text + glue(text, following, language) + following
    left = re.search(r"[^\W_]*$", text)
    right = re.match(r"[^\W_]*", following)
    head, tail = (left.group() if left else ""), (right.group() if right else "")
    return text + ("" if _is_one_word(head, tail, words) else "-") + following


def _is_one_word(head: str, tail: str, words: Counter[str]) -> bool:
    """Whether a hyphen between `head` and `tail` only broke a word: the document's other words decide."""
    if not (head.isalpha() and tail.isalpha()) or not tail.islower():
        return False
    if words[f"{head}{tail}".lower()]:
        return True
    if words[f"{head}-{tail}".lower()]:
        return False
    return not (words[head.lower()] and words[tail.lower()])


def count_words(texts: Sequence[str]) -> Counter[str]:
    """Words of a document in lower case, compounds with their hyphens besides their parts."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower()):
            counts[word] += 1
            if "-" in word:
                counts.update(word.split("-"))
    return counts
