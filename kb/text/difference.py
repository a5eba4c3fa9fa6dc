"""What differs between two texts, word by word: English by words, Japanese by those of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

from kb.text.morphemes import surfaces
from kb.text.sentences import BREAK

SegmentKind = Literal["same", "added", "removed"]

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\s+|.", re.DOTALL)
_LETTER = re.compile(r"[^\W_]")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_ISLAND = {"en": 3, "ja": 1}
"""Letters of a run between two changes that says nothing by itself: "of the" kept among new words only disturbs."""
_MOST_STEPS = 40_000_000
"""Product of the numbers of words up to which two texts are compared; the table for them takes an eighth in bytes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that both texts have, or only the later one (`added`), or only the earlier (`removed`)."""

    kind: SegmentKind
    text: str


def difference(before: str, after: str) -> tuple[Segment, ...]:
    """`after` as made from `before`: what is not `added` joins to `before`, what is not `removed` joins to `after`.

    White space alone is no difference; it is shown as `after` has it. Where words changed, those that went stand
    before those that came. Texts of more than some six thousand words each are replaced as a whole.
    """
    first, second = (list(_pieces(BREAK.sub("", text))) for text in (before, after))
    if len(first) * len(second) > _MOST_STEPS:
        return tuple(each for each in (Segment("removed", before), Segment("added", after)) if each.text)
    keys = [[" " if piece.isspace() else piece for piece in pieces] for pieces in (first, second)]
    runs: list[Segment] = []
    for step in Indel.opcodes(*keys):
        if step.tag == "equal":
            runs.append(Segment("same", "".join(second[step.dest_start : step.dest_end])))
        elif step.tag == "delete":
            runs.append(Segment("removed", "".join(first[step.src_start : step.src_end])))
        else:
            runs.append(Segment("added", "".join(second[step.dest_start : step.dest_end])))
    return tuple(_joined(_ordered(_without_islands(runs))))


def _pieces(text: str) -> Iterator[str]:
    if not _JAPANESE.search(text):
        yield from _PIECE.findall(text)
        return
    for surface in surfaces(text):
        yield from (surface,) if _JAPANESE.search(surface) else _PIECE.findall(surface)


def _without_islands(runs: Sequence[Segment]) -> Iterator[Segment]:
    """`runs` where those that are the same and too short to mean anything count as changed with their neighbours."""
    for i, run in enumerate(runs):
        inside = 0 < i < len(runs) - 1
        if run.kind == "same" and inside and _is_island(run.text, _length(runs, i, -1), _length(runs, i, 1)):
            yield Segment("removed", run.text)
            yield Segment("added", run.text)
        else:
            yield run


def _is_island(text: str, before: int, after: int) -> bool:
    letters = len(_LETTER.findall(text))
    return letters <= _ISLAND["ja" if _JAPANESE.search(text) else "en"] and min(before, after) > letters


def _length(runs: Sequence[Segment], at: int, step: int) -> int:
    """Letters that changed beside the run at this place."""
    count = 0
    while 0 <= (at := at + step) < len(runs) and runs[at].kind != "same":
        count += len(_LETTER.findall(runs[at].text))
    return count


def _ordered(runs: Iterator[Segment]) -> Iterator[Segment]:
    """`runs` with what went before what came, each in one piece; a change of mere white space is none."""
    for is_same, group in groupby(runs, key=lambda run: run.kind == "same"):
        found = list(group)
        if is_same:
            yield Segment("same", "".join(run.text for run in found))
            continue
        removed, added = ("".join(run.text for run in found if run.kind == kind) for kind in ("removed", "added"))
        if not removed.strip() and not added.strip():
            yield Segment("same", added)
            continue
        if removed:
            yield Segment("removed", removed)
        if added:
            yield Segment("added", added)


def _joined(runs: Iterator[Segment]) -> Iterator[Segment]:
    """`runs` with those of one kind that follow each other as one."""
    for kind, group in groupby(runs, key=lambda run: run.kind):
        yield Segment(kind, "".join(run.text for run in group))
