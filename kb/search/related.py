"""Passages near another one by meaning, in both languages."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

from kb.index.snapshot import Snapshot
from kb.search.legs import Scored
from kb.text.language import LANGUAGES, Language


def nearest(
    snapshot: Snapshot, vector: NDArray[np.float32], language: Language, *, versions: Set[str], limit: int
) -> list[Scored]:
    """The nearest `limit` passages of `versions` to a passage in `language` with this vector, best first.

    Half of them in each language where there are so many: across languages cosines are lower, whatever is said.
    """
    mean = snapshot.means.passages[language]
    found: list[Scored] = []
    for each in LANGUAGES:
        rows, cosines = snapshot.centred(each, vector, mean, limit=limit, versions=versions)
        found += [
            Scored(int(row), version_id, each, 0.0, float(cosine), 0.0, ("dense",))
            for row, version_id, cosine in zip(rows, snapshot.versions_of(each, rows), cosines, strict=True)
        ]
    return _half_each(found, limit)


def _half_each(found: Sequence[Scored], limit: int) -> list[Scored]:
    """The nearest half of `limit` in each language, and the nearest others in place of what one lacks."""
    nearest = sorted(found, key=lambda scored: (-scored.similarity, scored.row))
    chosen: set[int] = set()
    for language in LANGUAGES:
        chosen |= {scored.row for scored in [s for s in nearest if s.language == language][: limit // 2]}
    chosen |= {scored.row for scored in [s for s in nearest if s.row not in chosen][: limit - len(chosen)]}
    return [scored for scored in nearest if scored.row in chosen]
