"""Which theme each work belongs to: what its metadata says, else the nearest by meaning, else none.

A work's vector and those of the themes are compared after the mean of each language was taken from both, so that a work
is compared with sentences of either language alike. How often that is sensible: `docs/decisions/0022-overview.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.library.document_vectors import DocumentVectors
from kb.library.theme_vectors import ThemeVectors
from kb.model.themes import THEMES, Theme, theme_named
from kb.model.works import Version
from kb.text.language import LANGUAGES

STATED = "theme"
"""Column of a manifest, or line of front matter, that states the theme of a document by its id."""

LEAST, LEAST_LEAD, SURE = -0.05, 0.02, 0.15
"""Cosines. A theme below `LEAST` is never assigned; the nearest has to lead the next by `LEAST_LEAD` unless it is at
`SURE` or above, where both are sensible. Read off 150 real documents."""

Matrix = NDArray[np.float32]


def stated_theme(version: Version) -> Theme | None:
    """The theme that the metadata of a version states."""
    return theme_named(version.metadata.extra.get(STATED, ""))


def work_themes(versions: Sequence[Version], documents: DocumentVectors, themes: ThemeVectors) -> dict[str, Theme]:
    """Themes by id of work; works of which none can be told are left out.

    All languages and editions of a work speak for it.
    """
    by_work: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        by_work[version.work_id].append(version)
    matrix = _centred(documents, themes)
    found: dict[str, Theme] = {}
    for work, members in by_work.items():
        stated = (stated_theme(each) for each in members)
        theme = next((each for each in stated if each), None) or _nearest(members, documents, matrix)
        if theme is not None:
            found[work] = theme
    return found


def _nearest(members: Sequence[Version], documents: DocumentVectors, themes: Matrix) -> Theme | None:
    vectors = [documents.vectors[each.id] for each in members if each.id in documents.vectors]
    if not vectors:
        return None
    mean = np.mean(vectors, axis=0)
    cosines = themes @ mean / max(float(np.linalg.norm(mean)), 1e-9)
    best, next_best = np.argsort(-cosines, kind="stable")[:2]
    is_clear = cosines[best] >= LEAST and cosines[best] - cosines[next_best] >= LEAST_LEAD
    return THEMES[best] if is_clear or cosines[best] >= SURE else None


def _centred(documents: DocumentVectors, themes: ThemeVectors) -> Matrix:
    """Unit rows (themes, dimension), each from the centred means of both languages."""
    rows = []
    for theme in THEMES:
        parts = [themes[theme, language] - documents.means.passages[language] for language in LANGUAGES]
        whole = np.sum([part / max(float(np.linalg.norm(part)), 1e-9) for part in parts], axis=0)
        rows.append(whole / max(float(np.linalg.norm(whole)), 1e-9))
    return np.stack(rows)
