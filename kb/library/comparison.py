"""What changed between two editions: by section, then by paragraph, then by word.

Sections are matched by heading and content, paragraphs within them exactly, then by likeness (rapidfuzz), and what is
left on both sides is looked for elsewhere in the document. It is the text of the pages that is compared, never
passages, so that a document that was only cut anew shows no change. All of it is bounded: no step looks at every pair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rapidfuzz.distance import Indel

from kb.library.paragraphs import ComparedParagraph, compare_paragraphs, moved_paragraphs
from kb.library.sections import Section, bare, sections_of, title_key
from kb.library.shingles import Shingles
from kb.model.passages import Page, PlacedHeading

SectionKind = Literal["same", "changed", "added", "removed", "moved"]

_LIKE = 0.5
"""Share of common runs from which two sections are one whatever they are called."""
_ALIKE = 0.1
"""The same for sections that are called alike, but stand under other headings."""
_TITLE = 0.7
"""Likeness of two headings from which one may be the other's new wording."""
_MOST_BARE = 50
"""Headings without text below them that are compared with each other by their words alone."""
_MOST_MOVED = 0.5
"""Share of the common text that may have moved. Beyond it the headings of the two editions are not the same sort of
thing, as where one file has bookmarks and the other none, and the editions are compared without them."""


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """A section of either edition or both, and what became of its paragraphs.

    `moved` where it stands at another place or under another heading, `renamed` where its own heading changed.
    """

    kind: SectionKind
    before: Section | None
    after: Section | None
    paragraphs: tuple[ComparedParagraph, ...]
    moved: bool = False
    renamed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Two editions compared. `sections` are in the order of the later edition, what it lacks where it stood before.

    `headed` is False where headings were of no use, so that all the text is one section.
    """

    sections: tuple[ComparedSection, ...]
    headed: bool

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many sections there are of each kind."""
        return Counter[str](section.kind for section in self.sections)

    @cached_property
    def paragraph_counts(self) -> Mapping[str, int]:
        """How many paragraphs there are of each kind; one that moved counts where it stands now."""
        return Counter[str](each.kind for section in self.sections for each in section.paragraphs if not each.is_trace)

    @cached_property
    def same_share(self) -> float:
        """Share of the characters of both editions that stand in paragraphs without a change, moved or not, 0 to 1."""
        kept = whole = 0
        for each in (each for section in self.sections for each in section.paragraphs):
            sizes = [len(side.key) for side in (each.before, each.after) if side is not None]
            if not each.is_trace:
                whole += sum(sizes)
                kept += sum(sizes) if each.is_same else 0
        return kept / whole if whole else 1.0


def compare(
    before: Sequence[Page],
    after: Sequence[Page],
    *,
    outline_before: Sequence[PlacedHeading],
    outline_after: Sequence[PlacedHeading],
) -> Comparison:
    """What changed from the pages `before` to those `after`; both in one language."""
    first, second = sections_of(before, outline_before), sections_of(after, outline_after)
    found = Comparison(_compared(first, second), headed=any(each.path for each in (*first, *second)))
    if found.headed and _moved_share(found) > _MOST_MOVED:
        whole = _compared(sections_of(before, ()), sections_of(after, ()))
        return Comparison(whole, headed=False)
    return found


def _moved_share(found: Comparison) -> float:
    moved = kept = 0
    for section in found.sections:
        for each in section.paragraphs:
            if each.is_trace or each.after is None or each.before is None:
                continue
            kept += len(each.after.key)
            moved += len(each.after.key) if each.kind == "moved" else 0
    return moved / kept if kept else 0.0


def _compared(first: Sequence[Section], second: Sequence[Section]) -> tuple[ComparedSection, ...]:
    pairs = _matched(first, second)
    moved = _moved(pairs, first, second)
    by_after = {after: before for before, after in pairs.items()}
    rows: list[tuple[int | None, int | None]] = []
    shown = set(pairs)
    removed = [number for number in range(len(first)) if number not in pairs]
    for after in range(len(second)):
        before = by_after.get(after)
        if before is not None and before not in moved:  # what went stands before what stood after it
            gone = [number for number in removed if number < before and number not in shown]
            rows += [(number, None) for number in gone]
            shown.update(gone)
        rows.append((before, after))
    rows += [(number, None) for number in removed if number not in shown]
    compared = [
        compare_paragraphs(
            first[before].paragraphs if before is not None else (),
            second[after].paragraphs if after is not None else (),
        )
        for before, after in rows
    ]
    paths = [
        (first[before].path if before is not None else (), second[after].path if after is not None else ())
        for before, after in rows
    ]
    compared = moved_paragraphs(compared, paths)
    return tuple(
        _section(
            first[before] if before is not None else None,
            second[after] if after is not None else None,
            paragraphs,
            moved=before in moved,
        )
        for (before, after), paragraphs in zip(rows, compared, strict=True)
    )


def _section(
    before: Section | None, after: Section | None, paragraphs: Sequence[ComparedParagraph], *, moved: bool
) -> ComparedSection:
    renamed = before is not None and after is not None and bare(before.title) != bare(after.title)
    kind: SectionKind = "same"
    if before is None:
        kind = "added"
    elif after is None:
        kind = "removed"
    elif renamed or any(each.kind != "same" for each in paragraphs):
        kind = "changed"
    elif moved:
        kind = "moved"
    return ComparedSection(kind, before, after, tuple(paragraphs), moved=moved, renamed=renamed)


def _matched(first: Sequence[Section], second: Sequence[Section]) -> dict[int, int]:
    """Numbers of the sections of the first document with those of the second that they became, best matches first."""
    keys = [section.key for section in second]
    shingles, by_title, by_key = Shingles(keys), _index(second, _own_title), _index(second, lambda s: s.key)
    bare_headings = [j for j, text in enumerate(keys) if not text][:_MOST_BARE]
    scored: list[tuple[float, float, int, int]] = []
    for i, section in enumerate(first):
        key = section.key
        content = {each.number: each.share for each in shingles.like(key)} if key else {}
        content |= dict.fromkeys(by_key.get(key, ()) if key else (), 1.0)
        for j in {*content, *by_title.get(_own_title(section), ()), *(() if key else bare_headings)}:
            share = content.get(j, 1.0 if key == keys[j] else 0.0)
            title = _title_likeness(section, second[j])
            if (share >= _LIKE and (key or title >= _TITLE)) or title == 1.0 or (title >= _TITLE and share >= _ALIKE):
                away = abs(i / len(first) - j / len(second))
                scored.append((-(share + title / 2), away, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _index(sections: Sequence[Section], key: Callable[[Section], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, section in enumerate(sections):
        found.setdefault(key(section), []).append(number)
    return found


def _own_title(section: Section) -> str:
    return title_key(section.title)


def _title_likeness(first: Section, second: Section) -> float:
    """1 for the same headings all the way up, a little less for the same own heading, else how alike the two are."""
    if [title_key(title) for title in first.path] == [title_key(title) for title in second.path]:
        return 1.0
    if _own_title(first) == _own_title(second):
        return 0.9
    return Indel.normalized_similarity(_own_title(first), _own_title(second)) * 0.95


def _moved(pairs: Mapping[int, int], first: Sequence[Section], second: Sequence[Section]) -> set[int]:
    """Numbers of the sections of the first document that stand in another order now, or under another heading.

    The fewest that explain the new order: all but a longest run that kept theirs.
    """
    ordered = sorted(pairs)
    kept = {ordered[place] for place in _longest_rising([pairs[number] for number in ordered])}
    moved = set(ordered) - kept
    for i, j in pairs.items():
        above, now_above = first[i].parent, second[j].parent
        if above is not None and now_above is not None and pairs.get(above, now_above) != now_above:
            moved.add(i)
    return {i for i in moved if not _went_along(i, pairs, moved, first, second)}


def _went_along(
    number: int, pairs: Mapping[int, int], moved: Set[int], first: Sequence[Section], second: Sequence[Section]
) -> bool:
    """Whether a section moved only because the heading above it did."""
    above = first[number].parent
    return above is not None and above in moved and pairs[above] == second[pairs[number]].parent


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Places of a longest rising run of `values`, which need not stand together (patience sorting)."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        pile = bisect_left(tops, value)
        before.append(places[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(value)
            places.append(place)
        else:
            tops[pile], places[pile] = value, place
    run: list[int] = []
    place_now: int | None = places[-1] if places else None
    while place_now is not None:
        run.append(place_now)
        place_now = before[place_now]
    return run[::-1]
