"""What differs between two texts, word by word: English by words, Japanese by those of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    first, second = (list(pieces(BREAK.sub("", text))) for text in (before, after))
    if len(first) * len(second) > _MOST_STEPS:
        return tuple(each for each in (Segment("removed", before), Segment("added", after)) if each.text)
    keys = [[" " if piece.isspace() else piece for piece in side] for side in (first, second)]
    steps = [_Step()]
    for step in Indel.opcodes(*keys):
        came = "".join(second[step.dest_start : step.dest_end])
        if step.tag == "equal":
            steps.append(_Step(same=came))
        elif step.tag == "insert":
            steps[-1] = replace(steps[-1], added=steps[-1].added + came)
        else:
            gone = "".join(first[step.src_start : step.src_end])
            steps[-1] = replace(steps[-1], removed=steps[-1].removed + gone)
    return tuple(_joined(segment for step in _without_islands(steps) for segment in step.segments()))


def pieces(text: str) -> Iterator[str]:
    """`text` in words, runs of white space and single marks, in order; joined they are the text again."""
    if not _JAPANESE.search(text):
        yield from _PIECE.findall(text)
        return
    for surface in surfaces(text):
        yield from (surface,) if _JAPANESE.search(surface) else _PIECE.findall(surface)


@dataclass(frozen=True, slots=True)
class _Step:
    """Words that both texts have, and after them what went and what came before both agree again."""

    same: str = ""
    removed: str = ""
    added: str = ""

    @property
    def size(self) -> int:
        """Letters of the longer side of what changed."""
        return max(_letters(self.removed), _letters(self.added))

    def segments(self) -> Iterator[Segment]:
        """Its parts that are there; a change of mere white space is none."""
        if not self.removed.strip() and not self.added.strip():
            yield Segment("same", self.same + self.added)
            return
        yield Segment("same", self.same)
        yield Segment("removed", self.removed)
        yield Segment("added", self.added)


def _without_islands(steps: Sequence[_Step]) -> Sequence[_Step]:
    """`steps` where what is the same, but lost between much larger changes, counts as changed with them.

    After the semantic clean-up of Google's diff-match-patch, with letters for characters.
    """
    while True:
        kept = [steps[0]]
        for step in steps[1:]:
            last = kept[-1]
            if step.same and _is_island(step.same, last.size, step.size):
                removed, added = (f"{side}{step.same}" for side in (last.removed, last.added))
                kept[-1] = _Step(last.same, removed + step.removed, added + step.added)
            else:
                kept.append(step)
        if len(kept) == len(steps):
            return kept
        steps = kept


def _is_island(text: str, before: int, after: int) -> bool:
    letters, around = _letters(text), min(before, after)
    short = _ISLAND["ja" if _JAPANESE.search(text) else "en"]
    return letters < around if letters <= short else letters * 2 <= around


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))


def _joined(runs: Iterable[Segment]) -> Iterator[Segment]:
    """`runs` with those of one kind that follow each other as one."""
    for kind, group in groupby((run for run in runs if run.text), key=lambda run: run.kind):
        yield Segment(kind, "".join(run.text for run in group))
