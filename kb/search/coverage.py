"""Which country a passage is about, where its document is about both."""

from __future__ import annotations

from kb.model.passages import Passage
from kb.model.works import Country, Version
from kb.search.countries import countries_in


def country_of(version: Version, passage: Passage) -> Country:
    """The country of the document; of one about both, that which alone the nearest heading above names, if one does."""
    if version.metadata.country != "both":
        return version.metadata.country
    for heading in reversed(passage.section):
        named = countries_in(heading)
        if named:
            return named[0] if len(named) == 1 else "both"
    return "both"
