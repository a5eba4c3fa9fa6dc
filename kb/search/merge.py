"""One list of two languages: by probability, and with both represented where both have evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.search.legs import Scored
from kb.text.language import Language


def merge(ranked: Mapping[Language, Sequence[Scored]]) -> list[Scored]:
    """Passages of every language in one list; each language keeps its own order."""
    return sorted(
        (scored for some in ranked.values() for scored in some), key=lambda scored: (-scored.probability, scored.row)
    )
