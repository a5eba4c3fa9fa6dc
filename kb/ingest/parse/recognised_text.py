"""From Tesseract's table of words to the text of a page: the pure part of reading a picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb.ingest.parse.hyphens import count_words, join_lines
from kb.ingest.parse.lines import is_ideographic, starts_item, tidy
from kb.ingest.parse.parsed import Recognised
from kb.text.language import Language, language_of

_COLUMNS = 12
_WORD_LEVEL = "5"
_LEAST_CONFIDENCE = 25.0
"""Words below it are left out: specks, lines and pictures taken for letters."""
_NARROW_EM, _WIDE_EM = 0.7, 1.6
"""Gaps narrower than these are no spaces, beside a Japanese character and between two: Latin is set off by a quarter
em, cells of a table by more than a character."""
_SHORT_EM: dict[Language, float] = {"ja": 2.5, "en": 9.0}
"""A line that ends so far before the widest of its paragraph ends there on purpose: one more word would have fitted."""
_BULLET = re.compile(r"^[e¢°©«*] (?=[A-Z\d])")
"""What Tesseract makes of a bullet before an English item."""
_NOTHING = Recognised("", 0.0)

_Place = tuple[int, int, int]
"""Block, paragraph and line."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, its edges in pixels along the line, and the height of its line."""

    place: _Place
    text: str
    begin: int
    end: int
    em: int
    confidence: float


@dataclass(frozen=True, slots=True)
class _Line:
    paragraph: tuple[int, int]
    text: str
    end: int
    em: int


def recognised(table: str, *, is_vertical: bool = False) -> Recognised:
    """Paragraphs of the table's words, lines joined as those of other documents are, and how sure all of it is."""
    words = list(_words(table, is_vertical))
    letters = sum(len(word.text) for word in words)
    if not letters:
        return _NOTHING
    confidence = sum(len(word.text) * word.confidence for word in words) / letters
    kept = [word for word in words if word.confidence >= _LEAST_CONFIDENCE]
    lines = [line for _, run in groupby(kept, key=lambda word: word.place) if (line := _line(list(run))).text]
    language = language_of("".join(line.text for line in lines))
    counts = count_words(list(_whole([line.text for line in lines])))
    paragraphs = [_joined(list(run), language, counts) for _, run in groupby(lines, key=lambda line: line.paragraph)]
    return Recognised("\n\n".join(paragraphs), round(confidence, 1))


def _words(table: str, is_vertical: bool) -> Iterator[_Word]:
    """Words of the table in order; rows that are not as they should be are left out."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        try:
            block, paragraph, line, _, left, top, width, height = map(int, cells[2:10])
            confidence = float(cells[10])
        except ValueError:
            continue
        begin, length, em = (top, height, width) if is_vertical else (left, width, height)
        yield _Word((block, paragraph, line), cells[11].strip(), begin, begin + length, em, confidence)


def _line(words: Sequence[_Word]) -> _Line:
    """Words of a line; Japanese is written without the spaces that Tesseract puts between its pieces."""
    em = max(word.em for word in words)
    text = words[0].text
    for before, word in pairwise(words):
        left, right = is_ideographic(before.text[-1]), is_ideographic(word.text[0])
        room = (_WIDE_EM if left and right else _NARROW_EM if left or right else 0.0) * em
        text += word.text if word.begin - before.end < room else f" {word.text}"
    block, paragraph, _ = words[0].place
    return _Line((block, paragraph), _BULLET.sub("• ", tidy(text)), max(word.end for word in words), em)


def _whole(lines: Sequence[str]) -> Iterator[str]:
    """Lines without the two parts of a word that is broken over them, which are no words of the document."""
    broken = False
    for line in lines:
        text = line.partition(" ")[2] if broken else line
        broken = text.endswith("-")
        yield text.rpartition(" ")[0] if broken else text


def _joined(lines: Sequence[_Line], language: Language, counts: Counter[str]) -> str:
    widest = max(line.end for line in lines)
    text = lines[0].text
    for before, line in pairwise(lines):
        is_short = widest - before.end > _SHORT_EM[language] * before.em and not line.text[0].islower()
        ends = is_short or starts_item(line.text)
        text = f"{text}\n{line.text}" if ends else join_lines(text, line.text, False, language, counts)
    return text
