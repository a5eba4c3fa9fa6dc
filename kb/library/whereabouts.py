"""Where words stand in a document: to the letter, or the place that says it most nearly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from kb.library.sections import bare, title_key
from kb.library.shingles import Shingles
from kb.model.passages import Page, PlacedHeading
from kb.text.sentences import sentences

_SENTENCE = 0.6
"""Likeness from which a sentence is taken for a new wording of another."""
_PASSAGE = 0.45
"""Likeness from which a place is a new wording of a passage, most of whose sentences are there."""
_SHORT, _SHORT_PASSAGE = 40, 0.75
"""Passages of fewer characters are alike by chance more easily."""
_ROOM = 2.0
"""How many times longer than the passage its new wording may be."""
_MORE = 80
"""Characters that it may have on top of that, for the sake of short passages."""
_MOST_PLACES = 100
"""Places of the same words that are looked at: "Yes" may stand in every row of a table."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words in a document: the page and characters where they begin, and the headings above them, outermost first.

    `text` goes on over the following pages where the words do; `end` is then the end of the first page. `likeness` says
    how much of the words that were looked for is there, 1.0 for all of them.
    """

    page: int
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    likeness: float


class DocumentText:
    """The text of one version, to find words in."""

    def __init__(self, pages: Sequence[Page], outline: Sequence[PlacedHeading]) -> None:
        self._pages = [page for page in pages if page.text.strip()]
        self._outline = sorted(outline, key=lambda heading: (heading.page, heading.start))
        self._bare = [bare(page.text) for page in self._pages]
        starts = [0]
        for text in self._bare:
            starts.append(starts[-1] + len(text))
        self._starts = starts
        self._all = "".join(self._bare)

    def find_exactly(self, words: str, *, section: tuple[str, ...] = (), near: float = 0.0) -> Place | None:
        """Where `words` stand to the letter but for white space; None where they do not.

        Of several places those under the headings of `section` come first, then the nearest to `near`, the share of
        the document that stands before the words.
        """
        size, length = len(self._all), len(bare(words))
        found = [(at, self._place(at, at + length, 1.0)) for at in self._occurrences(bare(words))]
        ranked = sorted(
            found, key=lambda each: (not is_same_section(section, each[1].section), abs(each[0] / size - near))
        )
        return ranked[0][1] if ranked else None

    def find_alike(self, words: str, *, origin: DocumentText | None = None) -> Place | None:
        """The place that is most like `words`, if it says enough of them: a run of whole sentences.

        `origin` is the document that the words are from. A sentence that is more like another of its sentences is a
        new wording of that one, and not of these.
        """
        needle = bare(words)
        own = {bare(words[begin:end]) for begin, end in sentences(words)}
        weights: dict[int, float] = {}
        for sentence in own:
            for number, likeness in self._alike(sentence):
                if origin is None or likeness >= origin.likeness_of(self._text(number), but=own):
                    weights[number] = max(weights.get(number, 0.0), likeness * len(sentence))
        run = self._best_run(weights, len(needle) * _ROOM + _MORE)
        if run is None:
            return None
        start, end = self._sentences[run[0]][0], self._sentences[run[1]][1]
        likeness = Indel.normalized_similarity(needle, self._all[start:end])
        least = _PASSAGE if len(needle) >= _SHORT else _SHORT_PASSAGE
        return self._place(start, end, likeness) if likeness >= least else None

    def likeness_of(self, sentence: str, *, but: Set[str]) -> float:
        """How like `sentence` the most alike sentence is that is not among those of `but`, 0 to 1."""
        return max((likeness for n, likeness in self._alike(sentence) if self._text(n) not in but), default=0.0)

    def _occurrences(self, needle: str) -> list[int]:
        found: list[int] = []
        at = self._all.find(needle) if needle else -1
        while at >= 0 and len(found) < _MOST_PLACES:
            found.append(at)
            at = self._all.find(needle, at + 1)
        return found

    def _alike(self, sentence: str) -> list[tuple[int, float]]:
        """Numbers of the sentences that are this one or a new wording of it, and how like they are, 0 to 1."""
        same = self._by_words.get(sentence)
        if same:
            return [(number, 1.0) for number in same]
        scored = [
            (each.number, Indel.normalized_similarity(sentence, self._text(each.number), score_cutoff=_SENTENCE))
            for each in self._shingles.like(sentence)
        ]
        return [(number, score) for number, score in scored if score]

    def _best_run(self, weights: dict[int, float], room: float) -> tuple[int, int] | None:
        """First and last of the sentences that weigh most together within `room` characters."""
        numbers = sorted(weights)
        best, best_run, weight, first = 0.0, None, 0.0, 0
        for last, number in enumerate(numbers):
            weight += weights[number]
            while self._sentences[number][1] - self._sentences[numbers[first]][0] > room and first < last:
                weight -= weights[numbers[first]]
                first += 1
            if weight > best:
                best, best_run = weight, (numbers[first], number)
        return best_run

    @cached_property
    def _sentences(self) -> Sequence[tuple[int, int]]:
        """Ranges of all sentences among the characters that are not white space."""
        found: list[tuple[int, int]] = []
        for page, base in zip(self._pages, self._starts, strict=False):
            position = base
            for begin, end in sentences(page.text):
                length = len(bare(page.text[begin:end]))
                found.append((position, position + length))
                position += length
        return found

    @cached_property
    def _by_words(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in range(len(self._sentences)):
            found.setdefault(self._text(number), []).append(number)
        return found

    @cached_property
    def _shingles(self) -> Shingles:
        return Shingles([self._text(number) for number in range(len(self._sentences))])

    def _text(self, number: int) -> str:
        return self._all[slice(*self._sentences[number])]

    def _place(self, begin: int, after: int, likeness: float) -> Place:
        first = bisect_right(self._starts, begin) - 1
        last = bisect_right(self._starts, after - 1) - 1
        parts = [
            self._range(number, max(begin - self._starts[number], 0), min(after - self._starts[number], 1 << 60))
            for number in range(first, last + 1)
        ]
        texts = [self._pages[first + i].text[start:end] for i, (start, end) in enumerate(parts)]
        page, (start, end) = self._pages[first], parts[0]
        return Place(page.number, start, end, "\n".join(texts), self._section(page.number, start, end), likeness)

    def _range(self, number: int, begin: int, after: int) -> tuple[int, int]:
        """The characters of a page that are its letters from `begin` to `after`, white space not counted."""
        text, count = self._pages[number].text, 0
        start, end = 0, len(text.rstrip())
        for place, character in enumerate(text):
            if character.isspace():
                continue
            if count == begin:
                start = place
            count += 1
            if count == after:
                end = place + 1
                break
        return start, end

    def _section(self, page: int, start: int, end: int) -> tuple[str, ...]:
        """Headings above a place; one with which the place begins is above it too."""
        above: list[PlacedHeading] = []
        for heading in self._outline:
            within = heading.page == page and start <= heading.start < end
            if (heading.page, heading.start) > (page, start) and not (within and heading.start - start < 3):
                break
            above = [each for each in above if each.level < heading.level]
            above.append(heading)
        return tuple(heading.title for heading in above)

    def share_before(self, page: int, start: int) -> float:
        """Share of the document that stands before a character of a page, 0 to 1."""
        if not self._all:
            return 0.0
        before = sum(len(text) for each, text in zip(self._pages, self._bare, strict=True) if each.number < page)
        own = next((each.text[:start] for each in self._pages if each.number == page), "")
        return (before + len(bare(own))) / len(self._all)


def is_same_section(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two paths of headings name the same section; one that is known less exactly is not another."""
    keys, others = [title_key(title) for title in first], [title_key(title) for title in second]
    shorter = min(len(keys), len(others))
    return keys[:shorter] == others[:shorter] or keys[-1:] == others[-1:]
