"""Cutting pages into passages: the pieces that are embedded, ranked and cited.

A page is divided at its headings; small sections join their neighbours. Within such a part the text is split into
sentences by LangChain's recursive splitter, all sentences of the document are counted in the model's tokens at once,
and the cheapest sequence of breaks is chosen: paragraphs before lines before sentences, and passages of even size.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, takewhile

from langchain_text_splitters import RecursiveCharacterTextSplitter

from kb.ingest.parse.parsed import Heading, Parsed, ParsedPage
from kb.model.passages import Passage
from kb.text.language import language_of
from kb.text.normalise import squash

CountTokens = Callable[[Sequence[str]], list[int]]

_JAPANESE_END = r"。[」』)]+(?![とのがをはにでもや、。])|。(?![」』)])|[!?](?=[ぁ-ヿ一-鿿])(?![とのがをはにでもや])"
_ENGLISH_END = (
    r"(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bNo)(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)"
    r"[.!?][\"'”’)\]]*\s+(?=[^a-z\s])"
)
_SENTENCES = RecursiveCharacterTextSplitter(
    separators=[r"\n\n+", r"\n", _JAPANESE_END, _ENGLISH_END],
    is_separator_regex=True,
    keep_separator="end",
    strip_whitespace=False,
    chunk_size=1,  # smaller than any sentence: split wherever a separator stands
    chunk_overlap=0,
)
_CLAUSES = [r"[;:、]\s*|,\s+|\s\|\s", r"\s+", ""]
_CLAUSE_SLACK = 0.9
_SURE_SHARE = 0.9
"""Up to this share of a passage the sum over its sentences is trusted; above it the whole is counted once more."""
_SMALL_SHARE, _TINY_SHARE = 0.3, 0.1
"""A part with less than these shares of a passage joins a neighbour: where both fit together, or in any case."""
_PASSAGE_COST, _LINE_COST, _SENTENCE_COST, _CLAUSE_COST, _ORPHAN_COST = 0.35, 0.08, 0.2, 1.0, 0.6
_ID_LENGTH = 16
_CONTENTS = re.compile(r"目\s*次|(?:table of )?contents", re.IGNORECASE)
_SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?![\d年月日%])")
_ENDS = tuple(".!?。」』)\"'”’")


class _Tokens:
    """Counts of tokens, each text counted once; `extra` are the marks of beginning and end, taken off every count."""

    def __init__(self, count_tokens: CountTokens) -> None:
        self._count = count_tokens
        self._known: dict[str, int] = {}
        self.extra = count_tokens([""])[0]

    def of(self, texts: Sequence[str]) -> list[int]:
        """Counts of `texts`, in one call for all that are new."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._count(new), strict=True))
        return [self._known[text] - self.extra for text in texts]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one too long: `text[start:end]` of its page, the white space after it included."""

    start: int
    end: int
    tokens: int
    cost: float
    """What it costs to end a passage here."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of one page with the path of headings above it."""

    page: ParsedPage
    start: int
    end: int
    section: tuple[str, ...]
    pieces: tuple[_Piece, ...] = ()

    @property
    def text(self) -> str:
        """The run's characters."""
        return self.page.text[self.start : self.end]

    @property
    def tokens(self) -> int:
        """Tokens of its pieces, each counted by itself."""
        return sum(piece.tokens for piece in self.pieces)

    def with_pieces(self, pieces: Sequence[_Piece]) -> _Part:
        """The run of `pieces` without white space at its ends; `end == start` where nothing is left."""
        return replace(self.between(pieces[0].start, pieces[-1].end), pieces=tuple(pieces))

    def between(self, start: int, end: int) -> _Part:
        """The run from `start` to `end` without white space at its ends, its pieces still to be counted."""
        text = self.page.text[start:end]
        start += len(text) - len(text.lstrip())
        return replace(self, start=start, end=start + len(text.strip()), pieces=self.pieces)


def cut(
    parsed: Parsed, *, version_id: str, count_tokens: CountTokens, max_tokens: int, overlap_tokens: int
) -> tuple[Passage, ...]:
    """Passages of a document in reading order, each within one page.

    Together they hold every character of every page that is not white space. None has more than `max_tokens`, except
    a single character that counts for more. Neighbours in one section overlap by whole sentences, `overlap_tokens` at
    most. The tokenizer is taken to count a text about as high as the sum of its sentences.
    """
    tokens = _Tokens(count_tokens)
    room = max(max_tokens - tokens.extra, 1)
    counted = _with_pieces(list(_sections(parsed.pages)), tokens, room)
    runs = [
        run
        for _, parts in groupby(counted, key=lambda part: part.page.number)
        for part in _merged(list(parts), room)
        for run in _runs(part, room, overlap_tokens)
    ]
    while doubtful := [run.text for run in runs if run.tokens > _SURE_SHARE * room and len(run.text) > 1]:
        sizes = dict(zip(doubtful, tokens.of(doubtful), strict=True))
        if not any(size > room for size in sizes.values()):
            break
        runs = [half for run in runs for half in (_halves(run) if sizes.get(run.text, 0) > room else (run,))]
    return tuple(_passages(runs, version_id, paged=parsed.paged))


def _sections(pages: Sequence[ParsedPage]) -> Iterator[_Part]:
    """Pages divided at their headings; a section runs on over the following pages."""
    above: list[tuple[int, str]] = []
    for page in pages:
        start = 0
        for heading in sorted(page.headings, key=lambda heading: heading.start):
            if page.text[start : heading.start].strip():
                yield _Part(page, start, heading.start, tuple(title for _, title in above))
                start = heading.start
            above = [(level, title) for level, title in above if level < heading.level and _may_hold(title, heading)]
            above.append((heading.level, heading.title))
        if page.text[start:].strip():
            yield _Part(page, start, len(page.text), tuple(title for _, title in above))


def _may_hold(title: str, heading: Heading) -> bool:
    """Whether `heading` can stand under `title`: nothing does under a table of contents, nor 4.2 under 3."""
    if _CONTENTS.fullmatch(title):
        return False
    outer, inner = _SECTION_NUMBER.match(title), _SECTION_NUMBER.match(heading.title)
    return outer is None or inner is None or inner.group().startswith(f"{outer.group()}.")


def _with_pieces(parts: Sequence[_Part], tokens: _Tokens, room: int) -> list[_Part]:
    """`parts` cut into sentences, and sentences of more than `room` tokens into clauses, words or characters."""
    rows = [_SENTENCES.split_text(part.text) for part in parts]
    while True:
        counts = dict(zip((flat := [text for row in rows for text in row]), tokens.of(flat), strict=True))
        if not any(n > room and len(text) > 1 for text, n in counts.items()):
            break
        rows = [[part for text in row for part in _clauses(text, counts[text], room)] for row in rows]
    return [replace(part, pieces=tuple(_pieces(part, row, counts))) for part, row in zip(parts, rows, strict=True)]


def _clauses(text: str, count: int, room: int) -> list[str]:
    """`text` in shorter parts where it has more than `room` tokens, cut where it reads best."""
    if count <= room or len(text) == 1:
        return [text]
    splitter = RecursiveCharacterTextSplitter(
        separators=_CLAUSES,
        is_separator_regex=True,
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=max(1, min(len(text) - 1, int(len(text) * room / count * _CLAUSE_SLACK))),
        chunk_overlap=0,
    )
    return list(splitter.split_text(text))


def _pieces(part: _Part, texts: Sequence[str], counts: dict[str, int]) -> Iterator[_Piece]:
    headings = {heading.start for heading in part.page.headings}
    for end, text in zip(accumulate(map(len, texts), initial=part.start), (*texts, ""), strict=True):
        if text:
            cost = _cost(text) + (_ORPHAN_COST if end in headings else 0.0)
            yield _Piece(end, end + len(text), counts[text], cost)


def _cost(text: str) -> float:
    """What it costs to end a passage after `text`: little after a paragraph, much inside a sentence."""
    words = text.rstrip()
    if text.endswith("\n"):
        introduces = words.endswith((":", "-", ","))
        return (0.0 if text.endswith("\n\n") else _LINE_COST) + (_ORPHAN_COST if introduces else 0.0)
    return _SENTENCE_COST if words.endswith(_ENDS) else _CLAUSE_COST


def _merged(parts: Sequence[_Part], room: int) -> list[_Part]:
    """Parts of one page, small ones joined to what follows or else to what went before."""
    small, tiny = _SMALL_SHARE * room, _TINY_SHARE * room
    forward: list[_Part] = []
    for part in parts:
        before = forward[-1].tokens if forward else room
        if before < tiny or (before < small and (before + part.tokens <= room or part.tokens > room)):
            forward[-1] = _joined(forward[-1], part)
        else:
            forward.append(part)
    merged: list[_Part] = []
    for part in forward:
        if merged and (part.tokens < tiny or (part.tokens < small and merged[-1].tokens + part.tokens <= room)):
            merged[-1] = _joined(merged[-1], part)
        else:
            merged.append(part)
    return merged


def _joined(first: _Part, second: _Part) -> _Part:
    """Both as one part; its section is the path they share, or that of the longer one where they share none."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first.section, second.section, strict=False))
    shared = tuple(title for title, _ in pairs)
    if shared == first.section:
        shared = second.section
    elif not shared:
        shared = max(first, second, key=lambda part: part.tokens).section
    return replace(first, end=second.end, section=shared, pieces=first.pieces + second.pieces)


def _runs(part: _Part, room: int, overlap: int) -> list[_Part]:
    """`part` in runs of whole pieces, by the breaks that cost least together (dynamic programming)."""
    pieces = part.pieces
    sums = list(accumulate((piece.tokens for piece in pieces), initial=0))
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(pieces)
    for first in range(len(pieces)):
        begin = _overlapped(sums, first, overlap, room)
        for last in range(first + 1, len(pieces) + 1):
            size = sums[last] - sums[begin]
            if size > room and last > first + 1:
                break
            cost = best[first][0] + _PASSAGE_COST + (1 - size / room) ** 2
            cost += pieces[last - 1].cost if last < len(pieces) else 0.0
            if cost < best[last][0]:
                best[last] = (cost, first)
    runs: list[_Part] = []
    last = len(pieces)
    while last > 0:
        first = best[last][1]
        runs.append(part.with_pieces(pieces[_overlapped(sums, first, overlap, room) : last]))
        last = first
    return runs[::-1]


def _overlapped(sums: Sequence[int], first: int, overlap: int, room: int) -> int:
    """Index of the piece with which a passage begins whose own first piece is `first`: whole sentences before it."""
    own = sums[first + 1] - sums[first]
    begin = first
    while begin > 1 and sums[first] - sums[begin - 1] <= min(overlap, room - own):
        begin -= 1
    return begin


def _halves(run: _Part) -> tuple[_Part, ...]:
    """`run` in two, at the white space nearest its middle or else in its middle."""
    text = run.text
    middle = len(text) // 2
    spaces = [match.end() for match in re.finditer(r"\s+", text)]
    at = run.start + min(spaces, key=lambda place: abs(place - middle), default=middle)
    return run.between(run.start, at), run.between(at, run.end)


def _passages(runs: Sequence[_Part], version_id: str, *, paged: bool) -> Iterator[Passage]:
    occurrences: Counter[tuple[int, str]] = Counter()
    ordinal = 0
    for run in runs:
        if run.start == run.end:
            continue
        key = run.page.number, squash(run.text)
        occurrences[key] += 1
        yield Passage(
            id=_id(version_id, *key, occurrences[key]),
            version_id=version_id,
            page=run.page.number if paged else None,
            ordinal=ordinal,
            start=run.start,
            end=run.end,
            text=run.text,
            language=language_of(run.text, run.page.language),
            section=run.section,
            source=run.page.source,
        )
        ordinal += 1


def _id(version_id: str, page: int, squashed: str, occurrence: int) -> str:
    """The same for the same words on the same page of the same version, however they are spaced."""
    digest = hashlib.sha256("\x1f".join((version_id, str(page), squashed, str(occurrence))).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:_ID_LENGTH]
