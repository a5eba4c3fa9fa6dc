"""What an edit of a page made of each of its blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from kb.library.paragraphs import new_wordings
from kb.playbook.blocks import Block, word_key


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited body beside the one it was made of, by numbers of blocks.

    `became[i]` is the block that block `i` is now, None where it was removed. `inserted[i]` are the new blocks before
    block `i`; the last are those at the end. Read in this order they are the blocks of the edited body.
    """

    became: Sequence[int | None]
    inserted: Sequence[Sequence[int]]


def edit(before: Sequence[Block], after: Sequence[Block]) -> Edit:
    """How `after` was made of `before`.

    A block that went where one came is a new wording of it if they are alike, or if they stand at the same place and
    are of one kind. Blocks that changed places are removed and inserted.
    """
    became: list[int | None] = [None] * len(before)
    inserted: list[list[int]] = [[] for _ in range(len(before) + 1)]
    for i, j in _pairs(before, after):
        became[i] = j
    origins = {j: i for i, j in enumerate(became) if j is not None}
    gap = 0
    for j in range(len(after)):
        if j in origins:
            gap = origins[j] + 1
        else:
            inserted[gap].append(j)
    return Edit(became, inserted)


def _pairs(before: Sequence[Block], after: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Numbers of the blocks that are the same or new wordings of one another; none crosses."""
    keys = [word_key(each) for each in before], [word_key(each) for each in after]
    i = j = 0
    for step in Indel.opcodes(*keys):
        if step.tag == "equal":
            yield from _reworded(before, after, range(i, step.src_start), range(j, step.dest_start))
            i, j = step.src_end, step.dest_end
            yield from zip(range(step.src_start, i), range(step.dest_start, j), strict=True)
    yield from _reworded(before, after, range(i, len(before)), range(j, len(after)))


def _reworded(
    before: Sequence[Block], after: Sequence[Block], gone: Sequence[int], came: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """The same among the blocks that went and those that came between two that stayed."""
    if not gone or not came:
        return
    alike = new_wordings([word_key(before[i]) for i in gone], [word_key(after[j]) for j in came])
    edges = [(-1, -1), *sorted(alike.items()), (len(gone), len(came))]
    for (i, j), (next_i, next_j) in pairwise(edges):
        if i >= 0:
            yield gone[i], came[j]
        for left, right in zip(gone[i + 1 : next_i], came[j + 1 : next_j], strict=False):
            if before[left].kind == after[right].kind:
                yield left, right
