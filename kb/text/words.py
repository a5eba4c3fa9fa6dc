"""The terms that word search counts: bigrams for Japanese, stems for everything else, identifiers for both.

One tokenizer serves indexing, querying and highlighting, so what matched can always be shown. Terms of a text:

- a run of kana and kanji becomes its overlapping bigrams plus its last character alone (電子行政 -> 電子 子行 行政 政),
  so that a phrase of bigrams finds every substring of two characters or more, and a prefix finds single characters;
- a word in any other script becomes its lower-case Snowball stem (English);
- a word followed by a number (`DS-920`, `CP 1252`, `point 10`) additionally becomes one identifier term (`ds#920`),
  which is rare and therefore weighs more than its parts;
- a year becomes one identifier however it is written: 令和4年, 2022年 and Reiwa 4 are `年#2022`, 令和4年度 and FY2022
  `年度#2022`. Kanji numerals count as digits there and in 第三条.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import deque
from collections.abc import Iterator
from typing import Literal, NamedTuple

import Stemmer

from kb.text.numerals import KANJI_NUMBER, number_of
from kb.text.years import NamedYear, years_in

TermKind = Literal["cjk", "word", "identifier"]

_KANA = r"\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CJK = _KANA + _HAN
_WORD = rf"[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>{_WORD})")
WORD = re.compile(_WORD)
"""A word that is stemmed."""
BIGRAM = re.compile(rf"[{_CJK}]{{2}}")
"""A term of two Japanese characters."""
_COUNTED = "年月日時分秒週円人件社個名回か箇ヶカ割%"
"""After these a number counts something and does not name it."""
_IDENTIFIER = re.compile(
    rf"([^\W\d_{_CJK}]{{1,12}})[-‐–./ ]?(\d+(?:[.-]\d+)*)(?![^\W{_CJK}]|[{_COUNTED}])|第?(\d+)([条章節項号版年度]+)"
    rf"|第({KANJI_NUMBER}+)([条章節項号版])"
)

TERMS = 2
"""Raised when texts are cut into other terms than before."""

_local = threading.local()


class Term(NamedTuple):
    """One term and the characters `[start, end)` of the text it stands for; a tuple, since texts have thousands."""

    value: str
    start: int
    end: int
    kind: TermKind


def terms(text: str) -> Iterator[Term]:
    """Terms of normalised `text` in order of their starts; an identifier follows its first word."""
    due = deque(identifiers(text))
    for run in _RUN.finditer(text):
        start, end = run.span()
        if run.lastgroup == "cjk":
            found = [Term(text[i : i + 2], i, i + 2, "cjk") for i in range(start, end - 1)]
            found.append(Term(text[end - 1], end - 1, end, "cjk"))
        else:
            found = [Term(stem(run.group()), start, end, "word")]
        if due and due[0].start < end:  # 第 or 令和 begins one within a Japanese run
            while due and due[0].start < end:
                found.append(due.popleft())
            found.sort(key=lambda term: term.start)
        yield from found


def year_term(year: int, *, fiscal: bool) -> str:
    """The identifier of a year, whatever way it is written."""
    return f"{'年度' if fiscal else '年'}#{year}"


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """English Snowball stem of `word`, lower case, possessive dropped."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word.lower().replace("’", "'").removesuffix("'s")))


def identifiers(text: str) -> list[Term]:
    """Identifiers of normalised `text` in order of their starts.

    What names a year is no other identifier, a mere four digits are none.
    """
    years = [year for year in years_in(text) if not year.plain]
    found = [_year(year) for year in years]
    for match in _IDENTIFIER.finditer(text):
        start, end = match.span()
        if not any(year.start < end and start < year.end for year in years):
            value = _identifier(match)
            if value:
                found.append(Term(value, start, end, "identifier"))
    return sorted(found, key=lambda term: term.start)


def _year(year: NamedYear) -> Term:
    return Term(year_term(year.year, fiscal=year.fiscal), year.start, year.end, "identifier")


def _identifier(match: re.Match[str]) -> str:
    latin, number, japanese_number, counter, kanji_number, kanji_counter = match.groups()
    if latin:
        return f"{latin.lower()}#{number}"
    value = japanese_number or number_of(kanji_number)
    return f"{counter or kanji_counter}#{value}" if value is not None else ""
