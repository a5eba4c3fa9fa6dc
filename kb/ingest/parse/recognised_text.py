"""From Tesseract's table of words to the text of a page: the pure part of reading a picture."""

from __future__ import annotations

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
_SHORT_SHARE = 0.8
"""A line narrower than this share of the widest of its paragraph ends where it was meant to."""
_NOTHING = Recognised("", 0.0)


@dataclass(frozen=True, slots=True)
class _Word:
    paragraph: tuple[int, int]
    line: int
    text: str
    confidence: float


def recognised(table: str) -> Recognised:
    """Paragraphs of the table's words, lines joined as those of other documents are, and how sure all of it is."""
    words = list(_words(table))
    letters = sum(len(word.text) for word in words)
    if not letters:
        return _NOTHING
    confidence = sum(len(word.text) * word.confidence for word in words) / letters
    kept = [word for word in words if word.confidence >= _LEAST_CONFIDENCE]
    lines = [
        (paragraph, _line([word.text for word in run]))
        for (paragraph, _), run in groupby(kept, key=lambda word: (word.paragraph, word.line))
    ]
    language = language_of("".join(text for _, text in lines))
    counts = count_words([text for _, text in lines])
    paragraphs = [
        _joined([text for _, text in run], language, counts)
        for _, run in groupby((line for line in lines if line[1]), key=lambda line: line[0])
    ]
    return Recognised("\n\n".join(filter(None, paragraphs)), round(confidence, 1))


def _words(table: str) -> Iterator[_Word]:
    """Words of the table in order; lines that are not as they should be are left out."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        try:
            block, paragraph, line, confidence = int(cells[2]), int(cells[3]), int(cells[4]), float(cells[10])
        except ValueError:
            continue
        yield _Word((block, paragraph), line, cells[11].strip(), confidence)


def _line(words: Sequence[str]) -> str:
    """Words of a line; Japanese is written without the spaces that Tesseract puts between its pieces."""
    text = ""
    for word in words:
        together = text and is_ideographic(text[-1]) and is_ideographic(word[0])
        text += word if together or not text else f" {word}"
    return tidy(text)


def _joined(lines: Sequence[str], language: Language, counts: Counter[str]) -> str:
    widest = max(map(len, lines))
    text = lines[0]
    for before, line in pairwise(lines):
        ends = starts_item(line) or (len(before) < _SHORT_SHARE * widest and not line[0].islower())
        text = f"{text}\n{line}" if ends else join_lines(text, line, False, language, counts)
    return text
