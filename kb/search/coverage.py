"""What the headings above a passage say of it: which country it is about, and whether it only lists sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.model.works import Country
from kb.search.countries import countries_in

_SOURCES = re.compile(
    r"(?:[\d.]+\s*)?(?:sources?|references?|bibliography|further reading|end ?notes|footnotes|"
    r"出典|参考文献|参考資料|引用文献|参照文献|脚注)(?:一覧)?",
    re.IGNORECASE,
)


def lists_sources(section: Sequence[str]) -> bool:
    """Whether the nearest heading is that of a list of sources."""
    return bool(section) and _SOURCES.fullmatch(section[-1].strip()) is not None


def country_of(country: Country, section: Sequence[str]) -> Country:
    """The `country` of a document; for both, the one that alone is named by the nearest heading that names any."""
    if country != "both":
        return country
    for heading in reversed(section):
        named = countries_in(heading)
        if named:
            return named[0] if len(named) == 1 else "both"
    return "both"
