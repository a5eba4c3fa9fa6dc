"""The years that a query asks for: 2022, 令和4年度, since 2023, 2023年以降, 2022 to 2025."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.model.preference import Period
from kb.text.years import NamedYear, years_in, years_in_query

_TO = re.compile(r"\s*(?:から|[-‐–—~〜～]|to|until|through|and)\s*")
_SHORT_TO = re.compile(r"[-‐–/](\d\d)(?!\d|-)")
_BETWEEN = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
_SINCE_BEFORE = re.compile(r"\b(?:since|from|after|later than|newer than)\s+(?:the\s+)?$", re.IGNORECASE)
_SINCE_AFTER = re.compile(r"\s*(?:以降|以後|から|より後|onwards?\b|(?:or|and) later\b|to (?:date|now|today)\b)")
_UNTIL_BEFORE = re.compile(r"\b(?:before|until|till|up to|prior to)\s+(?:the\s+)?$", re.IGNORECASE)
_UNTIL_AFTER = re.compile(r"\s*(?:以前|より前|まで(?!に)|(?:or|and) earlier\b)")
_DEADLINE_BEFORE = re.compile(r"\bby\s+(?:the\s+)?(?:end\s+of\s+)?$", re.IGNORECASE)
_DEADLINE_AFTER = re.compile(r"\s*(?:\d{1,2}月)?(?:末|中)?までに")


def period_in(text: str, *, japanese: bool) -> Period | None:
    """The years normalised `text` asks for; None where it names none, or only those by which something is to be done.

    One year is itself, several are all from the first to the last. "After 2023" is taken like "since 2023": a wish for
    what is new need not be exact.
    """
    named = [year for year in years_in_query(text, japanese=japanese) if not _is_deadline(text, year)]
    if not named:
        return None
    return _range(text, named) or _open(text, named) or _all_of(named)


def fits(period: Period, *, published: str, title: str) -> bool:
    """Whether a document belongs to the period, by its date or by a year in its title.

    `published` is as precise as known (`2022`, `2022-06` or `2022-06-07`); where no month is known a fiscal year is
    taken for the calendar year.
    """
    years = [year.year for year in years_in(title)]
    if published[:4].isdigit():
        early = period.fiscal and published[5:7].isdigit() and int(published[5:7]) < 4
        years.append(int(published[:4]) - early)
    return any(_within(period, year) for year in years)


def _within(period: Period, year: int) -> bool:
    return (period.first is None or period.first <= year) and (period.last is None or year <= period.last)


def _range(text: str, named: Sequence[NamedYear]) -> Period | None:
    for first, last in pairwise(named):
        joint = _TO.fullmatch(text, first.end, last.start)
        and_only = joint is not None and joint.group().strip() == "and" and not _BETWEEN.search(text[: first.start])
        if joint and not and_only and first.year < last.year:
            return Period(first.year, last.year, first.fiscal and last.fiscal)
    for first in named:
        short = _SHORT_TO.match(text, first.end)
        if short and first.plain:
            last_year = first.year // 100 * 100 + int(short[1])
            if last_year == first.year + 1:
                return Period(first.year, first.year, fiscal=True)  # 2022-23 and 2022/23 are fiscal years
            if last_year > first.year:
                return Period(first.year, last_year)
    return None


def _open(text: str, named: Sequence[NamedYear]) -> Period | None:
    for year in named:
        before = text[: year.start]
        if _SINCE_BEFORE.search(before) or _SINCE_AFTER.match(text, year.end):
            return Period(year.year, None, year.fiscal)
        if _UNTIL_BEFORE.search(before) or _UNTIL_AFTER.match(text, year.end):
            return Period(None, year.year, year.fiscal)
    return None


def _all_of(named: Sequence[NamedYear]) -> Period:
    years = [year.year for year in named]
    return Period(min(years), max(years), all(year.fiscal for year in named))


def _is_deadline(text: str, year: NamedYear) -> bool:
    return bool(_DEADLINE_BEFORE.search(text[: year.start]) or _DEADLINE_AFTER.match(text, year.end))
