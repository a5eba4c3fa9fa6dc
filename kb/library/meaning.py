"""What a library is about, found once for each state of it: the theme of every work, a map of every document.

Neither needs the model: both follow from vectors that are stored. The map is kept beside the index as well, because
laying it out may take some seconds.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kb.index.builds import Builds
from kb.library.document_vectors import document_vectors, folder_beside
from kb.library.map import LAYOUT, layout, nearest
from kb.library.theme_vectors import theme_vectors
from kb.library.themes import work_themes
from kb.model.hits import Filters
from kb.model.themes import Theme
from kb.model.works import Version
from kb.store import Store
from kb.store.database import revision
from kb.text.language import Language

log = logging.getLogger(__name__)

_NEIGHBOURS = 3
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class DocumentMap:
    """Of current documents by id of version: places (x, y) from 0 to 1, and the ids of the nearest others."""

    places: Mapping[str, tuple[float, float]]
    neighbours: Mapping[str, Sequence[str]]


def themes(store: Store, builds: Builds) -> Mapping[str, Theme] | None:
    """Themes by id of work, where one can be told; None while there is no index to tell them from."""
    return _now(_themes, store, builds)


def document_map(store: Store, builds: Builds) -> DocumentMap | None:
    """The map of all current documents; None while there is no index to draw it from."""
    return _now(_map, store, builds)


class _NotYetError(Exception):
    """There is nothing to tell from. An answer that will change is not remembered."""


def _now(find: Callable[[Store, Path, int], _Answer], store: Store, builds: Builds) -> _Answer | None:
    folder = builds.current()
    if folder is None:
        return None
    with store.database.read() as connection:
        state = revision(connection)
    try:
        return find(store, folder, state)
    except _NotYetError:
        return None


@lru_cache(maxsize=4)
def _themes(store: Store, folder: Path, _: int) -> Mapping[str, Theme]:
    documents = document_vectors(store, folder)
    known = theme_vectors(store.database, documents.model_id) if documents else None
    if documents is None or known is None:
        raise _NotYetError
    return work_themes(store.versions.list(Filters(current_only=False)), documents, known)


@lru_cache(maxsize=4)
def _map(store: Store, folder: Path, _: int) -> DocumentMap:
    documents = document_vectors(store, folder)
    if documents is None:
        raise _NotYetError
    mapped = sorted((each for each in store.versions.list() if each.id in documents.vectors), key=_by_id)
    if not mapped:
        return DocumentMap({}, {})
    ids = [each.id for each in mapped]
    vectors = np.stack([documents.vectors[each] for each in ids])
    languages = [each.metadata.language for each in mapped]
    near = nearest(vectors, languages, _NEIGHBOURS)
    return DocumentMap(
        places=dict(zip(ids, _laid_out(folder_beside(folder) / "map.json", ids, vectors, languages), strict=True)),
        neighbours={each: [ids[place] for place in row] for each, row in zip(ids, near, strict=True)},
    )


def _by_id(version: Version) -> str:
    return version.id


def _laid_out(
    file: Path, ids: Sequence[str], vectors: NDArray[np.float32], languages: Sequence[Language]
) -> list[tuple[float, float]]:
    """Places in the order of `ids`: as they were kept, else laid out and kept."""
    made_from = hashlib.sha256(f"{LAYOUT} {ids} {languages}".encode() + vectors.astype(np.float16).tobytes())
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["made_from"] == made_from.hexdigest():
            return [(float(x), float(y)) for x, y in kept["places"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is none yet, or it is damaged: it is made again
    places = [(round(float(x), 4), round(float(y), 4)) for x, y in layout(vectors, languages)]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{made_from.hexdigest()[:16]}.json")
        temporary.write_text(json.dumps({"made_from": made_from.hexdigest(), "places": places}), encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        log.warning("The map could not be kept: %s", error)
    return places
