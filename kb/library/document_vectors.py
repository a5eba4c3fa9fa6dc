"""One vector for each document: the mean of its passages, without what all passages of their language share.

Sums of passage vectors are kept beside the index, so that after a change only the documents that changed are read. They
are derived: the file can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from kb.errors import IndexUnavailableError
from kb.index.builds import DAMAGE, read_manifest
from kb.index.means import Means
from kb.store import Store, schema
from kb.text.language import LANGUAGES

log = logging.getLogger(__name__)

Vector = NDArray[np.float32]

_P, _E = schema.passages.c, schema.embeddings.c
_BLOCK_VERSIONS = 200
_BLOCK_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class DocumentVectors:
    """Unit vectors (dimension,) of versions by id, the means that were taken from them, and the model of both."""

    model_id: str
    means: Means
    vectors: Mapping[str, Vector]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of one version: a mark of the state of its passages, how many there are of each language, and their sums.

    `counts` has shape (languages,), `sums` (languages, dimension).
    """

    mark: str
    counts: NDArray[np.int64]
    sums: Vector


def folder_beside(build: Path) -> Path:
    """Where what is derived for the overview is kept: beside the builds."""
    return build.parent.parent / "overview"


def document_vectors(store: Store, build: Path) -> DocumentVectors | None:
    """Vectors of every version that has passages; None where the published `build` cannot be read.

    Needs no model: the vectors of passages are stored, the means stand in the build.
    """
    try:
        model_id, means = read_manifest(build).model_id, Means.open(build / "means.npz")
    except (IndexUnavailableError, *DAMAGE) as error:
        log.warning("The published index cannot be read: %s", error)
        return None
    file = folder_beside(build) / f"{model_id}.npz"
    held = _read(file)
    with store.database.read() as connection:
        marks = _marks(connection)
        known = {version: sums for version, sums in held.items() if marks.get(version) == sums.mark}
        missing = sorted(marks.keys() - known.keys())
        new = _sums(connection, model_id, {version: marks[version] for version in missing})
    found = {**known, **new}
    if new or len(known) < len(held):
        _write(file, found)
    taken = np.stack([means.passages[language] for language in LANGUAGES])
    vectors = {version: _centred(sums, taken) for version, sums in found.items()}
    return DocumentVectors(model_id, means, vectors)


def _centred(of: _Sums, means: Vector) -> Vector:
    whole = (of.sums - of.counts[:, None] * means).sum(axis=0)
    length = float(np.linalg.norm(whole))
    unit: Vector = (whole / (length or 1.0)).astype(np.float32)
    return unit


def _marks(connection: Connection) -> dict[str, str]:
    """A mark for each version with live passages that changes when these do."""
    rows = connection.execute(
        select(_P.version_id, func.count(), func.sum(_P.row), func.max(_P.row))
        .where(_P.retired_revision.is_(None))
        .group_by(_P.version_id)
    )
    return {version: f"{count}-{total}-{last}" for version, count, total, last in rows}


def _sums(connection: Connection, model_id: str, marks: Mapping[str, str]) -> dict[str, _Sums]:
    """Sums of the versions in `marks`; one of which a passage has no vector yet is left out."""
    found: dict[str, _Sums] = {}
    wanted = list(marks)
    for start in range(0, len(wanted), _BLOCK_VERSIONS):
        block = wanted[start : start + _BLOCK_VERSIONS]
        rows = connection.execute(
            select(_P.version_id, _P.language, _E.vector)
            .join(schema.embeddings, (_E.text_hash == _P.text_hash) & (_E.model_id == model_id))
            .where(_P.version_id.in_(block), _P.retired_revision.is_(None))
            .execution_options(yield_per=_BLOCK_ROWS)
        )
        for version, language, vector in rows:
            values = np.frombuffer(vector, np.float16)
            if version not in found:
                shape = (len(LANGUAGES), len(values))
                found[version] = _Sums(marks[version], np.zeros(len(LANGUAGES), np.int64), np.zeros(shape, np.float32))
            place = LANGUAGES.index(language)
            found[version].counts[place] += 1
            found[version].sums[place] += values
    return {version: sums for version, sums in found.items() if sums.counts.sum() == int(sums.mark.partition("-")[0])}


def _read(file: Path) -> dict[str, _Sums]:
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            rows = zip(arrays["versions"], arrays["marks"], arrays["counts"], arrays["sums"], strict=True)
            return {str(version): _Sums(str(mark), counts, sums) for version, mark, counts, sums in rows}
    except DAMAGE:
        return {}


def _write(file: Path, sums: Mapping[str, _Sums]) -> None:
    """Replace the file as one; a disk that is full costs only time."""
    if not sums:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as out:
                np.savez(
                    out,
                    allow_pickle=False,
                    versions=np.array(list(sums)),
                    marks=np.array([each.mark for each in sums.values()]),
                    counts=np.stack([each.counts for each in sums.values()]),
                    sums=np.stack([each.sums for each in sums.values()]),
                )
            Path(temporary).replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.warning("Sums of document vectors could not be kept: %s", error)
