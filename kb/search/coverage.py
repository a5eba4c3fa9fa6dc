"""Which country a passage is about, where its document is about both."""

from __future__ import annotations

from collections.abc import Sequence

from kb.model.works import Country
from kb.search.countries import countries_in


def country_of(country: Country, section: Sequence[str]) -> Country:
    """The `country` of a document; for both, the one that alone is named by the nearest heading that names any."""
    if country != "both":
        return country
    for heading in reversed(section):
        named = countries_in(heading)
        if named:
            return named[0] if len(named) == 1 else "both"
    return "both"
