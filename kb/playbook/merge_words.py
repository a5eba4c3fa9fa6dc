"""Two edits of one paragraph made one, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from kb.text.difference import pieces

_MOST_STEPS = 100_000_000
"""Product of the numbers of words up to which two texts are compared; the table for them takes an eighth in bytes."""
_FUSES = re.compile(r"[^\W_\u3041-\u30ff\u3400-\u9fff]{2}")
"""Letters that are one word when nothing stands between them."""


class _Change(NamedTuple):
    """Words `[start, end)` of the text that was edited, and what stands there now; nothing went where both are one."""

    start: int
    end: int
    text: str


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """`base` with the changes of both, in which every word stands that either of them added.

    None where they changed the same words in different ways, or where nobody could say in which order they mean them;
    also where the texts have more than some ten thousand words each.
    """
    words, *edited = (list(pieces(text)) for text in (base, mine, theirs))
    if any(len(words) * len(each) > _MOST_STEPS for each in edited):
        return None
    changes = sorted({change for each in edited for change in _changes(words, each)})
    if any(_collide(first, second) for first, second in pairwise(changes)):
        return None
    merged: list[str] = []
    at = 0
    for change in changes:
        merged += [*words[at : change.start], change.text]
        at = change.end
    return "".join(merged + words[at:])


def _changes(words: Sequence[str], edited: Sequence[str]) -> Iterator[_Change]:
    """Changes in order; those with nothing but white space between them are one, so that phrases stay whole."""
    last: _Change | None = None
    for step in Indel.opcodes(words, edited):
        if step.tag == "equal":
            continue
        change = _Change(step.src_start, step.src_end, "".join(edited[step.dest_start : step.dest_end]))
        if last is not None:
            between = "".join(words[last.end : change.start])
            if between.strip():
                yield last
            else:
                change = _Change(last.start, change.end, last.text + between + change.text)
        last = change
    if last is not None:
        yield last


def _collide(first: _Change, second: _Change) -> bool:
    """Whether two changes, the first of which begins no later, want different things of the same words or place."""
    if first.end != second.start:
        return first.end > second.start
    is_one_place = first.start == second.end
    seam = first.text[-1:] + second.text[:1]
    return is_one_place or len(seam) < 2 or bool(_FUSES.fullmatch(seam))
