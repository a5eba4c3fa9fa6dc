"""Which of the two countries a text names."""

from __future__ import annotations

import re

from kb.model.works import Country

_NAMED: dict[Country, re.Pattern[str]] = {
    "uk": re.compile(r"\b(?:UK|U\.K\.|United Kingdom|Britain|British)\b|英国|イギリス"),
    "jp": re.compile(
        r"\bJapan\b|(?<!\bin )\bJapanese\b(?! (?:language|translation|version|text|edition)\b)|日本(?!語)|[我わ]が国"
    ),
}
"""The language of a text is not the country it speaks of."""


def countries_in(text: str) -> tuple[Country, ...]:
    """The countries that `text` names: none, one or both."""
    return tuple(country for country, pattern in _NAMED.items() if pattern.search(text))
