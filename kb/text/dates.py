"""Dates as they are written in either language: 2024-06-07, 7 June 2024, June 2024, 2024年6月7日, 令和6年6月7日,
2024年(令和6年)6月7日, R6.6.7.

Numbers with slashes begin with the year: in 06/07/2024 nobody can tell the month from the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kb.text.normalise import normalise, one_line
from kb.text.numerals import KANJI_NUMBER, number_of
from kb.text.years import ERAS, year_of_era

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_LATIN = "|".join(latin for latin, *_ in ERAS.values())
_INITIALS = "".join(letter for _, letter, *_ in ERAS.values())
_SMALL = rf"(?:\d{{1,2}}|{KANJI_NUMBER}{{1,3}})"
_MONTH_NAME = rf"(?P<{{}}>{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in _MONTHS)}|sept)\.?"
_DATE = re.compile(
    rf"""
    (?<![\d.])(?P<iso_year>\d{{4}})(?:(?P<separator>[-/.])(?P<iso_month>\d{{1,2}})(?:(?P=separator)(?P<iso_day>\d{{1,2}}))?)?
      (?:[T\ ]\d\d:\d\d\S*)?(?![\d年])
    | (?<!\d)(?P<year>\d{{4}}|[一二][〇一二三四五六七八九]{{3}})\s?年(?!度)(?:\s?\([^()]{{2,8}}年\))?
      (?:\s?(?P<month>{_SMALL})\s?月(?:\s?(?P<day>{_SMALL})\s?日)?)?
    | (?P<era>{"|".join(ERAS)})\s?(?P<of_era>元|{_SMALL})\s?年(?!度)(?:\s?\(\d{{4}}年?\))?
      (?:\s?(?P<era_month>{_SMALL})\s?月(?:\s?(?P<era_day>{_SMALL})\s?日)?)?
    | (?<![A-Za-z])(?P<initial>[{_INITIALS}])\.?(?P<of_initial>\d{{1,2}})
      (?:[-/.](?P<initial_month>\d{{1,2}})(?:[-/.](?P<initial_day>\d{{1,2}}))?|年(?!度)
      (?:(?P<initial_month2>\d{{1,2}})月(?:(?P<initial_day2>\d{{1,2}})日)?)?)
    | \b(?P<latin>(?i:{_LATIN}))\s(?P<of_latin>\d{{1,2}})\b
    | \b(?:(?P<name_day>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s)?(?i:{_MONTH_NAME.format("name")}),?
      \s(?P<name_year>\d{{4}})\b
    | \b(?i:{_MONTH_NAME.format("first")})\s(?P<first_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<first_year>\d{{4}})\b
    """,
    re.VERBOSE,
)


class FoundDate(NamedTuple):
    """A date as precise as it is written, `2024`, `2024-06` or `2024-06-07`, and the characters that write it."""

    iso: str
    start: int
    end: int


def read_date(text: str) -> str:
    """The date that the whole of `text` writes, ISO 8601 as precise as given; empty where it writes none."""
    plain = one_line(normalise(text))
    match = _DATE.fullmatch(plain)
    return _iso(match) if match else ""


def dates_in(text: str) -> Iterator[FoundDate]:
    """The dates that normalised `text` writes, in their order; impossible ones are left out."""
    for match in _DATE.finditer(text):
        if iso := _iso(match):
            yield FoundDate(iso, *match.span())


def _iso(match: re.Match[str]) -> str:
    year, month, day = _parts(match)
    if year is None or not 1000 <= year <= 9999:
        return ""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return ""
    if month == 0 or day == 0:
        return ""
    return f"{year}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def _parts(match: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    """Year, month and day; None for what is not written."""
    found = match.groupdict()
    if found["iso_year"]:
        return _number(found["iso_year"]), _number(found["iso_month"]), _number(found["iso_day"])
    if found["year"]:
        return _number(found["year"]), _number(found["month"]), _number(found["day"])
    if found["era"]:
        of_era = 1 if found["of_era"] == "元" else _number(found["of_era"])
        return year_of_era(found["era"], of_era), _number(found["era_month"]), _number(found["era_day"])
    if found["initial"]:
        month, day = (found[f"initial_{part}"] or found[f"initial_{part}2"] for part in ("month", "day"))
        return year_of_era(found["initial"], _number(found["of_initial"])), _number(month), _number(day)
    if found["latin"]:
        return year_of_era(found["latin"].lower(), _number(found["of_latin"])), None, None
    name = (found["name"] or found["first"]).lower()[:3]
    month_number = 1 + next(number for number, month in enumerate(_MONTHS) if month.startswith(name))
    return (
        _number(found["name_year"] or found["first_year"]),
        month_number,
        _number(found["name_day"] or found["first_day"]),
    )


def _number(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if written.isdecimal() else number_of(written)
