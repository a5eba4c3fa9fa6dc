"""The newest snapshot of the index: opened when a build is published, completed when the truth has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from kb.errors import IndexUnavailableError
from kb.index.builds import DAMAGE, Builds, Manifest, read_manifest
from kb.index.dense import DenseIndex
from kb.index.means import Means, centred_norms, token_codec
from kb.index.records import Records, Rows
from kb.index.selection import Selections
from kb.index.snapshot import Leaf, Snapshot
from kb.index.tail import Counted, Tail
from kb.index.tokens import Codes, TokenIndex, as_codes
from kb.index.words import WordIndex, word_entry
from kb.store import Store, embeddings, schema
from kb.store.database import revision
from kb.store.passages import live, retired_rows
from kb.text.language import LANGUAGES


class _Member(NamedTuple):
    """What the tail holds of one passage."""

    vector: NDArray[np.float32]
    words: Counted
    tokens: Codes


def _by_row(tail: Tail) -> dict[int, _Member]:
    members = map(_Member, tail.vectors, tail.words, tail.tokens)
    return dict(zip(tail.rows.tolist(), members, strict=True))


def _gone_since(connection: Connection, manifest: Manifest) -> Set[str]:
    """Versions of a build that were deleted after it was written, also where the library holds their bytes again."""
    held = set(connection.scalars(select(schema.versions.c.id)))
    d = schema.deletions.c
    deleted = connection.scalars(select(d.id).where(d.kind == "version", d.deleted_at >= manifest.created_at))
    return (set(manifest.versions) - held) | set(deleted)


def _gone(records: Records, retired: Rows, deleted: Sequence[int]) -> Rows:
    """Rows of a build, ascending, that were retired since or belong to the `deleted` versions, given by number."""
    of_deleted = records.rows[np.isin(records.versions, deleted)] if deleted else records.rows[:0]
    return np.union1d(retired[records.held(retired)], of_deleted)


class IndexReader:
    """Gives the newest snapshot; opens a build when one is published and reads the tail when the truth changed."""

    def __init__(self, store: Store, builds: Builds, model_id: str, title_of: Callable[[str], str]) -> None:
        self._store = store
        self._builds = builds
        self._model_id = model_id
        self._title_of = title_of
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._folder: Path | None = None

    def snapshot(self) -> Snapshot:
        """The state of the library now; raises `IndexUnavailableError` where no usable build is published."""
        folder = self._builds.current()
        with self._store.database.read() as connection:
            current = revision(connection)
        held = self._snapshot
        if held is not None and held.revision == current and folder == self._folder:
            return held
        with self._lock:
            held = self._snapshot
            if held is None or held.revision < current or folder != self._folder:
                self._load_current(held)
            assert self._snapshot is not None
            return self._snapshot

    def _load_current(self, held: Snapshot | None) -> None:
        """Load what is published; a build that is cleared away meanwhile has a successor, which is loaded instead."""
        while True:
            folder = self._builds.current()
            try:
                self._snapshot, self._folder = self._load(folder, held), folder
            except DAMAGE as error:
                if folder != self._builds.current():
                    continue
                raise IndexUnavailableError(
                    "The search index is damaged.", remedy="Run python -m kb rebuild.", detail=str(error)
                ) from error
            except IndexUnavailableError:
                if folder == self._builds.current():
                    raise
            else:
                return

    def _load(self, folder: Path | None, held: Snapshot | None) -> Snapshot:
        if folder is None:
            raise IndexUnavailableError(
                "There is no search index yet.", remedy="Run python -m kb rebuild.", detail="no build"
            )
        if held is not None and folder == self._folder:
            manifest, means = held.manifest, held.means
            opened = {
                language: (leaf.records, leaf.dense, leaf.words, leaf.tokens) for language, leaf in held.leaves.items()
            }
        else:
            manifest = read_manifest(folder)
            if manifest.model_id != self._model_id:
                raise IndexUnavailableError(
                    f"The search index was made with the model {manifest.model_id}, not {self._model_id}.",
                    remedy="Run python -m kb rebuild --embed, or set KB_MODEL back.",
                    built=manifest.model_id,
                    asked=self._model_id,
                )
            means = Means.open(folder / "means.npz")
            opened = {
                language: (
                    Records.open(folder / language / "passages"),
                    DenseIndex(folder / language / "dense"),
                    WordIndex(folder / language / "words"),
                    TokenIndex(folder / language / "tokens", manifest.dimension),
                )
                for language in LANGUAGES
            }
        with self._store.database.read() as connection:
            at_revision = revision(connection)
            added = list(live(connection, after=manifest.revision))
            dead = np.array(retired_rows(connection, after=manifest.revision), np.int64)
            gone_versions = _gone_since(connection, manifest)
            before = {language: _by_row(held.leaves[language].tail) if held else {} for language in LANGUAGES}
            new = [p for p in added if p.row not in before[p.passage.language]]
            vectors = embeddings.find(connection, self._model_id, [p.text_hash for p in new])
            codes = {
                language: embeddings.find_codes(
                    connection,
                    self._model_id,
                    token_codec(language),
                    [p.text_hash for p in new if p.passage.language == language],
                )
                for language in LANGUAGES
            }
        titles = {version_id: self._title_of(version_id) for version_id in {p.passage.version_id for p in added}}
        numbers = {version_id: number for number, version_id in enumerate(manifest.versions)}
        deleted = [number for version_id, number in numbers.items() if version_id in gone_versions]
        leaves = {}
        for language, (records, dense, words, tokens) in opened.items():
            known = before[language]
            for p in new:  # a row keeps its text for ever, so what is known of it stays true
                if p.passage.language == language and p.text_hash in vectors and p.text_hash in codes[language]:
                    known[p.row] = _Member(
                        vectors[p.text_hash].astype(np.float32),
                        Counted(word_entry(p.row, -1, titles[p.passage.version_id], p.passage)),
                        as_codes(codes[language][p.text_hash], manifest.dimension),
                    )
            there = [p for p in added if p.row in known]
            members = [known[p.row] for p in there]
            matrix = np.array([member.vector for member in members], np.float32).reshape(-1, manifest.dimension)
            tail = Tail.of(
                matrix,
                centred_norms(matrix, means.passages[language]),
                [p.passage.version_id for p in there],
                [member.words for member in members],
                [member.tokens for member in members],
            )
            gone = _gone(records, dead, deleted)
            selections = Selections(records.versions, numbers, records.places(gone))
            leaves[language] = Leaf(records, dense, words, tokens, tail, gone, selections)
        return Snapshot(manifest, at_revision, means, leaves)
