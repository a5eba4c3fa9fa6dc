"""Dates and sizes as readers of each language write them."""

from __future__ import annotations

import re

from kb.i18n.choice import Language

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ERAS = (("令和", 2019, 5), ("平成", 1989, 2), ("昭和", 1926, 12))
"""Japanese eras as (name, year, month) from which we use them: to the month, which is as precise as a year needs."""


def date_text(language: Language, iso: str, *, era: bool = False) -> str:
    """`2022-10-31` as 31 October 2022 or 2022年10月31日, as precise as given; anything else unchanged.

    With `era` the Japanese year is followed by its era, as official documents write it: 2022年10月31日（令和4年）.
    A time of day after the date is dropped.
    """
    match = _DATE.match(iso)
    if match is None:
        return iso
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not 0 <= month <= 12:
        return iso
    if language == "ja":
        parts = f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
        return f"{parts}（{_era(year, month)}）" if era and _era(year, month) else parts
    return " ".join(part for part in (str(day) if day else "", _MONTHS[month - 1] if month else "", str(year)) if part)


def size_text(size_bytes: int) -> str:
    """A size in the units both languages write alike: 512 B, 34 KB, 1.2 MB (steps of 1,000)."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _era(year: int, month: int) -> str:
    for name, first_year, first_month in _ERAS:
        if (year, month or 12) >= (first_year, first_month):
            number = year - first_year + 1
            return f"{name}元年" if number == 1 else f"{name}{number}年"
    return ""
