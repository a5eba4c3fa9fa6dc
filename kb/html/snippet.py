"""The part of a passage worth showing in a list: around the words that matched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from kb.html.blocks import BAR, BOXES, BULLET, blocks, cells
from kb.html.element import el, joined
from kb.text.language import Language

Range = tuple[int, int]
Note = tuple[int, int, str]
"""A character range and what to say of it where a pointer rests on it."""

_LENGTH = {"en": 320, "ja": 170}
"""Characters shown: about the same height on screen in both scripts."""
_LEAD = {"en": 90, "ja": 45}
"""How far before the first match a sentence may begin and still be shown from its beginning."""
_SENTENCE_END = re.compile(r"(?<=[。！？!?])\s*|(?<=[.!?])\s+|\n+")


def snippet(
    text: str,
    matches: Sequence[Range],
    language: Language,
    *,
    skip: int = 0,
    notes: Sequence[Note] = (),
    structured: bool = False,
) -> Markup:
    """Part of `text` with the most matches in it, those marked; an ellipsis where something was left out.

    `matches` and `notes` are ascending and disjoint, and a note is about a match or a part of one. It begins with a
    sentence or a word where one is near, and never in the first `skip` characters. Where the text is `structured`, as
    that of Markdown is, the marks of its lists and tables make way for such as belong in running text.
    """
    if skip:
        rest = [(max(a - skip, 0), b - skip) for a, b in matches if b > skip]
        kept = [(max(a - skip, 0), b - skip, note) for a, b, note in notes if b > skip]
        return snippet(text[skip:], rest, language, notes=kept, structured=structured)
    start, end = _window(text, matches, _LENGTH[language])
    start = _sentence_before(text, start, _first(matches, start, end), _LEAD[language])
    end = _word_end(text, min(len(text), max(end, start + _LENGTH[language])), language)
    start = _word_start(text, start, language)
    return Markup("").join(
        [
            joined("…" if text[:start].strip() else ""),
            marked(in_one_line(text, structured=structured), matches, start, end, notes=notes),
            joined("…" if text[end:].strip() else ""),
        ]
    )


def in_one_line(text: str, *, structured: bool) -> Sequence[str]:
    """What each character of `text` is shown as where its lines follow each other: mostly itself."""
    shown = [" " if char == "\n" else char for char in text]
    for block in blocks(text, structured=structured):
        for i, (begin, after) in enumerate(block.lines):
            if block.kind == "list":
                shown[begin : begin + len(BULLET)] = ("", "") if text.startswith(BOXES, begin + len(BULLET)) else "• "
            elif block.kind == "table":
                for _, end in list(cells(text, (begin, after)))[:-1]:
                    shown[end : end + len(BAR)] = " · "
                if i:
                    shown[begin - 1] = " / "
    return shown


def marked(
    shown: Sequence[str],
    matches: Sequence[Range],
    start: int = 0,
    end: int | None = None,
    *,
    notes: Sequence[Note] = (),
) -> Markup:
    """The characters from `start` to `end`, as `shown`, with the matches in them marked."""
    stop = len(shown) if end is None else end
    inside = [(max(a, start), min(b, stop)) for a, b in matches if a < stop and b > start]
    edges = [start, *(edge for each in inside for edge in each), stop]
    pieces: list[Markup] = []
    for i, (a, b) in enumerate(pairwise(edges)):
        if i % 2:
            pieces += _marks(shown, a, b, notes)
        else:
            pieces.append(joined("".join(shown[a:b])))
    return Markup("").join(pieces)


def _marks(shown: Sequence[str], start: int, end: int, notes: Sequence[Note]) -> list[Markup]:
    """Those from `start` to `end` marked: each part that has a note by itself."""
    inside = [(max(a, start), min(b, end), note) for a, b, note in notes if a < end and b > start]
    edges = sorted({start, end, *(edge for a, b, _ in inside for edge in (a, b))})
    return [
        el("mark", "".join(shown[a:b]), title=next((n for c, d, n in inside if c <= a and b <= d), None))
        for a, b in pairwise(edges)
    ]


def _window(text: str, matches: Sequence[Range], length: int) -> Range:
    """The `length` characters that hold the most matched characters, starting at a match."""
    best, best_sum = (0, min(length, len(text))), 0
    for first, _ in matches:
        covered = sum(b - a for a, b in matches if a >= first and b <= first + length)
        if covered > best_sum:
            best, best_sum = (first, min(first + length, len(text))), covered
    return best


def _first(matches: Sequence[Range], start: int, end: int) -> int:
    return next((a for a, _ in matches if start <= a < end), start)


def _sentence_before(text: str, start: int, first_match: int, lead: int) -> int:
    """Where the sentence of the first match begins, if that is at most `lead` characters before it."""
    earliest = max(0, first_match - lead)
    if earliest == 0:
        return 0
    ends = [match.end() for match in _SENTENCE_END.finditer(text, earliest, first_match)]
    return ends[-1] if ends else max(0, start - lead // 3)


def _word_start(text: str, start: int, language: Language) -> int:
    if language == "ja" or start == 0 or text[start - 1].isspace():
        return start
    space = text.find(" ", start, start + 30)
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int, language: Language) -> int:
    if language == "ja" or end >= len(text):
        return end
    space = text.rfind(" ", max(0, end - 30), end)
    return space if space > 0 else end
