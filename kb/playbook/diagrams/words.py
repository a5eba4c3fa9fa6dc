"""Words of a diagram on lines, measured without a browser: a full-width character is as wide as two others."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

UNIT_PX = 8.75
"""Width of half a full-width character at 16 px, with room for the wider Latin letters."""
LINE_PX = 22.0

_WIDEST = 24
_NEVER_FIRST = "、。，．・：；？！）」』】〕］｝〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"


def columns(text: str) -> int:
    """Width of `text`, a full-width character counted as two."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WFA" else 1 for c in text)


def wrapped(text: str, widest: int = _WIDEST) -> Sequence[str]:
    """`text` on lines of at most `widest` columns, broken between words, and anywhere between Japanese characters.

    A punctuation mark that may not begin a line hangs over the end of the one before.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for piece in _pieces(part, widest):
            if line and columns(line + piece.rstrip()) > widest and piece not in _NEVER_FIRST:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return [line for line in lines if line] or [""]


def _pieces(text: str, widest: int) -> Sequence[str]:
    """What is never broken: a word and the space after it, one wide character, a part of a word that is too long."""
    pieces: list[str] = []
    word = ""
    for character in text:
        is_wide = columns(character) == 2
        if word and (is_wide or columns(word) >= widest):
            pieces.append(word)
            word = ""
        if is_wide:
            pieces.append(character)
            continue
        word += character
        if character == " ":
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces
