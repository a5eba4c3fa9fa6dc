"""Paragraphs of two editions side by side: the same, changed, added, removed, or moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from kb.library.sections import Paragraph
from kb.library.shingles import Shingles
from kb.text.difference import Segment, difference

ParagraphKind = Literal["same", "changed", "added", "removed", "moved"]
PlaceIn = tuple[int, int]
"""Numbers of a section and of a paragraph in it."""

_CHANGED = 0.5
"""Likeness from which a paragraph is a new wording of another in the same place."""
_MOVED = 0.8
"""The same at another place, where likeness by chance is likelier."""
_MOVED_CHARACTERS = 15
"""Shorter paragraphs, such as "Yes" in a table, stand anywhere and did not come from anywhere."""
_JOINING = 0.08
"""What likeness must gain for a paragraph to be joined to its neighbour, because an edition has them as one."""
_MOST_PAIRS = 10_000
"""Pairs up to which every paragraph is compared with every other; beyond it those that share runs of characters."""


@dataclass(frozen=True, slots=True)
class ComparedParagraph:
    """A paragraph of either edition or both.

    `segments` are the words of one that changed, or that moved and changed. One that `moved` stands twice: where it is
    now, and where it was as a mere trace; `elsewhere` are the headings of the other place, empty within one section.
    """

    kind: ParagraphKind
    before: Paragraph | None
    after: Paragraph | None
    segments: tuple[Segment, ...] = ()
    elsewhere: tuple[str, ...] = ()
    is_trace: bool = False

    @property
    def is_same(self) -> bool:
        """Whether its words are the same, moved or not."""
        return self.kind == "same" or (self.kind == "moved" and not self.segments)


def compare_paragraphs(first: Sequence[Paragraph], second: Sequence[Paragraph]) -> list[ComparedParagraph]:
    """Paragraphs of two sections in the order of the second; those removed stand where they stood."""
    found: list[ComparedParagraph] = []
    for step in Indel.opcodes([each.key for each in first], [each.key for each in second]):
        before, after = first[step.src_start : step.src_end], second[step.dest_start : step.dest_end]
        if step.tag == "equal":
            found += [ComparedParagraph("same", *pair) for pair in zip(before, after, strict=True)]
        else:
            found += [ComparedParagraph("removed", each, None) for each in before]
            found += [ComparedParagraph("added", None, each) for each in after]
    return list(_settled(found))


def _settled(found: Sequence[ComparedParagraph]) -> Iterator[ComparedParagraph]:
    """`found` with what went and what came between two paragraphs that stayed told apart."""
    gap: list[ComparedParagraph] = []
    for each in found:
        if each.kind == "same":
            yield from _in_gap(gap)
            gap = []
            yield each
        else:
            gap.append(each)
    yield from _in_gap(gap)


def _in_gap(gap: Sequence[ComparedParagraph]) -> list[ComparedParagraph]:
    first = [each.before for each in gap if each.before is not None]
    second = [each.after for each in gap if each.after is not None]
    if not first or not second:
        return list(gap)
    if "".join(each.key for each in first) == "".join(each.key for each in second):  # only broken in other places
        return [ComparedParagraph("same", _joined(first), _joined(second))]
    pairs = new_wordings([each.key for each in first], [each.key for each in second])
    groups = [_widened(pair, first, second, pairs) for pair in sorted(pairs.items(), key=lambda pair: pair[1])]
    found: list[ComparedParagraph] = []
    used, next_before = {i for before, _ in groups for i in before}, 0
    starts = {after[0]: (before, after) for before, after in groups}
    inside = {j for _, after in groups for j in after}
    for j, paragraph in enumerate(second):
        if j in starts:
            before, after = starts[j]
            gone = [i for i in range(next_before, before[0]) if i not in used]
            found += [ComparedParagraph("removed", first[i], None) for i in gone]
            next_before = max(next_before, before[-1] + 1)
            found.append(_changed(_joined([first[i] for i in before]), _joined([second[k] for k in after])))
        elif j not in inside:
            found.append(ComparedParagraph("added", None, paragraph))
    gone = [i for i in range(next_before, len(first)) if i not in used]
    return found + [ComparedParagraph("removed", first[i], None) for i in gone]


def _changed(before: Paragraph, after: Paragraph) -> ComparedParagraph:
    if before.key == after.key:
        return ComparedParagraph("same", before, after)
    return ComparedParagraph("changed", before, after, difference(before.text, after.text))


def _widened(
    pair: tuple[int, int], first: Sequence[Paragraph], second: Sequence[Paragraph], pairs: dict[int, int]
) -> tuple[list[int], list[int]]:
    """`pair` with the neighbours that have no match and belong to it, because one edition breaks it elsewhere."""
    i, j = pair
    before, after = [i], [j]
    score = Indel.normalized_similarity(first[i].key, second[j].key)
    for numbers, texts, matched in ((after, second, set(pairs.values())), (before, first, set(pairs))):
        while (number := numbers[-1] + 1) < len(texts) and number not in matched:
            wider = [*numbers, number]
            sides = (wider, after) if numbers is before else (before, wider)
            gained = Indel.normalized_similarity(
                "".join(first[k].key for k in sides[0]), "".join(second[k].key for k in sides[1])
            )
            if gained < score + _JOINING:
                break
            numbers.append(number)
            score = gained
    return before, after


def _joined(paragraphs: Sequence[Paragraph]) -> Paragraph:
    head = paragraphs[0]
    return Paragraph("\n".join(each.text for each in paragraphs), head.page, head.start)


def new_wordings(first: Sequence[str], second: Sequence[str]) -> dict[int, int]:
    """Numbers of the paragraphs of `first` with those of `second` that are new wordings of them; none crosses."""
    scored: list[tuple[float, int, int]] = []
    if len(first) * len(second) <= _MOST_PAIRS:
        likeness = cdist(first, second, scorer=Indel.normalized_similarity, score_cutoff=_CHANGED, dtype=np.float32)
        scored = [(-float(likeness[i, j]), int(i), int(j)) for i, j in np.argwhere(likeness)]
    else:
        shingles = Shingles(second)
        for i, text in enumerate(first):
            for candidate in shingles.like(text):
                score = Indel.normalized_similarity(text, second[candidate.number], score_cutoff=_CHANGED)
                scored += [(-score, i, candidate.number)] if score else []
    places: list[tuple[int, int]] = []
    for _, i, j in sorted(scored):
        at = bisect_left(places, (int(i), -1))
        after_last = at == 0 or (places[at - 1][0] < i and places[at - 1][1] < j)
        before_next = at == len(places) or (i < places[at][0] and j < places[at][1])
        if after_last and before_next:
            places.insert(at, (int(i), int(j)))
    return dict(places)


def moved_paragraphs(
    found: Sequence[Sequence[ComparedParagraph]], paths: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
) -> list[list[ComparedParagraph]]:
    """`found`, by section, with what went from one place and came at another marked as moved.

    `paths` are the headings of each section before and after.
    """
    result = [list(section) for section in found]
    gone = _left(result, "removed")
    came = _left(result, "added")
    if not gone or not came:
        return result
    for (s, p), (t, q) in _moves(
        [_key(result[s][p]) for s, p in gone], [_key(result[t][q]) for t, q in came], gone, came
    ):
        before, after = result[s][p].before, result[t][q].after
        if before is not None and after is not None:
            segments = () if before.key == after.key else difference(before.text, after.text)
            whence, whither = (paths[s][0], paths[t][1]) if s != t else ((), ())
            result[t][q] = ComparedParagraph("moved", before, after, segments, whence)
            result[s][p] = ComparedParagraph("moved", before, after, (), whither, is_trace=True)
    return result


def _moves(
    gone_keys: Sequence[str], came_keys: Sequence[str], gone: Sequence[PlaceIn], came: Sequence[PlaceIn]
) -> Iterator[tuple[PlaceIn, PlaceIn]]:
    """Places of what went with those where it came: the same words first, in order, then the most alike."""
    waiting: dict[str, deque[int]] = {}
    for number, key in enumerate(came_keys):
        waiting.setdefault(key, deque()).append(number)
    left: list[int] = []
    taken: set[int] = set()
    for number, key in enumerate(gone_keys):
        if waiting.get(key):
            taken.add(other := waiting[key].popleft())
            yield gone[number], came[other]
        else:
            left.append(number)
    shingles = Shingles(came_keys)
    likely = [
        (-score, number, candidate.number)
        for number in left
        for candidate in shingles.like(gone_keys[number], most=3)
        if (score := Indel.normalized_similarity(gone_keys[number], came_keys[candidate.number], score_cutoff=_MOVED))
    ]
    placed: set[int] = set()
    for _, number, other in sorted(likely):
        if number not in placed and other not in taken:
            placed.add(number)
            taken.add(other)
            yield gone[number], came[other]


def _left(found: Sequence[Sequence[ComparedParagraph]], kind: ParagraphKind) -> list[PlaceIn]:
    """Places of the paragraphs of a kind that are long enough to be known again."""
    return [
        (s, p)
        for s, section in enumerate(found)
        for p, each in enumerate(section)
        if each.kind == kind and len(_key(each)) >= _MOVED_CHARACTERS
    ]


def _key(each: ComparedParagraph) -> str:
    paragraph = each.before or each.after
    return paragraph.key if paragraph else ""
