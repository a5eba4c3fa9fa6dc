"""Titles without what tells editions apart: Data Strategy 2024 and Data Strategy (2nd edition, June 2026) are one."""

from __future__ import annotations

import re

from kb.text.dates import dates_in
from kb.text.normalise import normalise
from kb.text.years import years_in

_EDITION = re.compile(
    r"第\s?\d+(?:\.\d+)*\s?版|(?<![a-z])v(?:er(?:sion)?)?\.?\s?\d+(?:\.\d+)*|\b\d+(?:st|nd|rd|th)\sed(?:ition|\.)"
    r"|\b(?:first|second|third|revised|updated|new|latest|final|draft|consultation)\s(?:edition|version|draft)\b"
    r"|\b(?:edition|version|revised|updated|draft)\b|(?:改[訂定]|確定|最新|最終|暫定|増補|新)版|(?:α|β|ベータ)版?"
    r"|\(案\)|(?<!出)版(?=\W|$)|(?<=\s)版|年度?(?=\W|$)"
)
_NO_LETTER = re.compile(r"[\W_]+")
_SHORTEST_CONTAINED = 0.6
"""Share of the longer title that the shorter one has to be, so that a common beginning does not count."""


def stem(title: str) -> str:
    """`title` in lower case without dates, years, words for an edition, spaces and punctuation."""
    plain = normalise(title).casefold()
    spans = [(each.start, each.end) for each in dates_in(plain) if len(each.iso) > 4]
    spans += [(each.start, each.end) for each in years_in(plain)]
    for start, end in sorted(spans, reverse=True):
        plain = f"{plain[:start]} {plain[end:]}"
    return _NO_LETTER.sub("", _EDITION.sub(" ", plain))


def is_contained(one: str, other: str) -> bool:
    """Whether one stem is a good part of the other, as where a word was put in front of a title."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_CONTAINED * len(longer) and shorter in longer
