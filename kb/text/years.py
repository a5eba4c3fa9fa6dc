"""Years as they are written in either language: 2022, 2022年, 令和4年, R4年度, Reiwa 4, FY2022, 二〇二二年.

An era year is taken for the whole calendar year it began in or belongs to: 令和元年 is 2019, and so is 平成31年.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.text.numerals import KANJI_NUMBER, number_of

ERAS = {
    "明治": ("meiji", "M", 1868, 45),
    "大正": ("taisho", "T", 1912, 15),
    "昭和": ("showa", "S", 1926, 64),
    "平成": ("heisei", "H", 1989, 31),
    "令和": ("reiwa", "R", 2019, 99),
}
"""Name in Latin letters, initial, first year and number of years; the present era has no end yet."""

_BY_NAME = {
    name: (first, most)
    for era, (latin, letter, first, most) in ERAS.items()
    for name in (era, latin, letter)
}  # fmt: skip
_COUNTERS = "万億円人件個台名回社点%"
_YEAR = re.compile(
    rf"""
    (?P<era>{"|".join(ERAS)})\s?(?P<of_era>元|\d{{1,2}}(?!\d)|{KANJI_NUMBER}{{1,3}})(?:\s?年(?P<era_fiscal>度)?|(?=[./]))
    | (?<![A-Za-z0-9])(?P<letter>[MTSHR])(?P<of_letter>元|\d{{1,2}})年(?P<letter_fiscal>度)?
    | \b(?P<latin>(?i:meiji|taisho|showa|heisei|reiwa))\s(?P<of_latin>\d{{1,2}})\b
    | \b(?P<fiscal>FY|(?i:(?:fiscal|financial)\s(?:year\s)?))[\s-]?(?P<of_fiscal>(?:19|20)\d\d|\d\d)(?!\d)
    | (?P<kanji>[一二][〇一二三四五六七八九]{{3}})年(?P<kanji_fiscal>度)?
    | (?<![A-Za-z0-9_.,£$€¥])(?<![A-Za-z]-)(?P<digits>(?:19|20)\d\d)(?:\s?(?P<marked>年)(?P<digits_fiscal>度)?
      | (?![A-Za-z0-9_]|[.,]\d|\s?[{_COUNTERS}]))
    """,
    re.VERBOSE,
)
_INITIAL = re.compile(r"(?<![A-Za-z0-9_.-])R(\d{1,2})(?![A-Za-z0-9_.-])")


class NamedYear(NamedTuple):
    """A year of our calendar and the characters `[start, end)` of the text that name it.

    `fiscal`: the year from April to March that begins in it. `plain`: four digits and nothing that says it is a year.
    """

    year: int
    start: int
    end: int
    fiscal: bool = False
    plain: bool = False


def years_in(text: str) -> Iterator[NamedYear]:
    """The years that normalised `text` names, in their order."""
    for match in _YEAR.finditer(text):
        year = _year(match)
        if year is not None:
            fiscal = any(match[f"{name}_fiscal"] for name in ("era", "letter", "kanji", "digits")) or match["fiscal"]
            plain = match["digits"] is not None and not match["marked"]
            yield NamedYear(year, *match.span(), fiscal=bool(fiscal), plain=plain)


def years_in_query(text: str, *, japanese: bool) -> tuple[NamedYear, ...]:
    """The years that a query names; a lone R4 too in Japanese, where offices write so and where it is no code."""
    found = list(years_in(text))
    for match in _INITIAL.finditer(text) if japanese else ():
        year = year_of_era("R", int(match[1]))
        if year is not None and not any(each.start < match.end() and match.start() < each.end for each in found):
            found.append(NamedYear(year, *match.span()))
    return tuple(sorted(found, key=lambda each: each.start))


def _year(match: re.Match[str]) -> int | None:
    if match["digits"]:
        return int(match["digits"])
    if match["kanji"]:
        return number_of(match["kanji"])
    if match["fiscal"]:
        year = int(match["of_fiscal"])
        return year if year > 99 else 2000 + year
    name = match["era"] or match["letter"] or match["latin"].lower()
    number = match["of_era"] or match["of_letter"] or match["of_latin"]
    return year_of_era(name, 1 if number == "元" else int(number) if number.isdecimal() else number_of(number))


def year_of_era(name: str, number: int | None) -> int | None:
    """The year `number` of an era by its name, its name in Latin letters or its initial; None where it has no such."""
    first, most = _BY_NAME[name]
    return first + number - 1 if number is not None and 1 <= number <= most else None
