"""Which country a passage is about, where its document is about both."""

from __future__ import annotations

import re

from kb.model.passages import Passage
from kb.model.works import Country, Version

_NAMED: dict[Country, re.Pattern[str]] = {
    "uk": re.compile(r"\b(?:UK|U\.K\.|United Kingdom|Britain|British)\b|英国|イギリス"),
    "jp": re.compile(r"\b(?:Japan|Japanese)\b|日本"),
}


def country_of(version: Version, passage: Passage) -> Country:
    """The country of the document; of one about both, that which alone the nearest heading above names, if one does."""
    if version.metadata.country != "both":
        return version.metadata.country
    for heading in reversed(passage.section):
        named = [country for country, pattern in _NAMED.items() if pattern.search(heading)]
        if named:
            return named[0] if len(named) == 1 else "both"
    return "both"
