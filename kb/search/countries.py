"""Which of the two countries a text names."""

from __future__ import annotations

import re

from kb.model.works import Country

_NAMED: dict[Country, re.Pattern[str]] = {
    "uk": re.compile(r"\b(?:UK|U\.K\.|United Kingdom|Britain|British)\b|英国|イギリス|日英|英日"),
    "jp": re.compile(
        r"\bJapan\b|(?<!\bin )\bJapanese\b(?! (?:language|translation|version|text|edition)\b)"
        r"|日本(?!語)|[我わ]が国|日英|英日"
    ),
}
"""The language of a text is not the country it speaks of."""


def countries_in(text: str) -> tuple[Country, ...]:
    """The countries that `text` names: none, one or both."""
    return tuple(country for country, pattern in _NAMED.items() if pattern.search(text))


def named_countries(text: str) -> list[tuple[int, int]]:
    """Where `text` names a country: characters `[start, end)`."""
    return [match.span() for pattern in _NAMED.values() for match in pattern.finditer(text)]
