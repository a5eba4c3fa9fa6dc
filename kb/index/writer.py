"""Writing one language of a build, a few hundred passages at a time.

The truth is read several times, once for each leg: reading it takes seconds where keeping it would take gigabytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from kb.index.dense import write_dense
from kb.index.means import centred_norms, library_mean, token_codec
from kb.index.records import Records
from kb.index.spool import Spool
from kb.index.tokens import write_tokens
from kb.index.words import WordEntry, word_entry, write_words
from kb.store import embeddings, schema
from kb.store.passages import live, live_keys
from kb.text.language import Language

_V = schema.versions.c

_PROGRESS_PASSAGES = 1_000
"""After how many passages somebody is told."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one language: how many passages, and the mean of their vectors (dimension,)."""

    count: int
    mean: NDArray[np.float32]


class LanguageWriter:
    """Writes the live passages of one language as a connection sees them; every vector and all codes are there."""

    def __init__(self, connection: Connection, model_id: str, language: Language, numbers: Mapping[str, int]) -> None:
        """`numbers` are those of the versions in the manifest."""
        self._connection = connection
        self._model_id = model_id
        self._language = language
        self._numbers = numbers

    def write(self, home: Path, probes: NDArray[np.float32], on_progress: Callable[[int], None]) -> Written:
        """Write to a new folder; `probes` is the mean vector of the probes, `on_progress` is told how many are done."""
        home.mkdir()
        rows, versions = array("q"), array("i")
        with Spool(home, len(probes)) as vectors:
            for keys in live_keys(self._connection, self._language):
                rows.extend(key.row for key in keys)
                versions.extend(self._numbers[key.version_id] for key in keys)
                hashes = [key.text_hash for key in keys]
                held = embeddings.find(self._connection, self._model_id, hashes)
                vectors.add(np.stack([held[hashed] for hashed in hashes]))
            mean = library_mean(probes, vectors.total(), len(vectors))
            norms = [centred_norms(block, mean) for block in vectors.blocks()]
            Records(
                np.array(rows, np.int64),
                np.array(versions, np.int32),
                np.concatenate([np.empty(0, np.float32), *norms]),
            ).save(home / "passages")
            write_dense(home / "dense", vectors, mean)
        write_words(home / "words", self._words(on_progress))
        write_tokens(home / "tokens", self._codes(), len(probes))
        return Written(len(rows), mean)

    def _words(self, on_progress: Callable[[int], None]) -> Iterator[WordEntry]:
        titles = {row.id: row.title for row in self._connection.execute(select(_V.id, _V.title))}
        for done, stored in enumerate(live(self._connection, language=self._language)):
            if not done % _PROGRESS_PASSAGES:
                on_progress(done)
            version_id = stored.passage.version_id
            yield word_entry(stored.row, self._numbers[version_id], titles[version_id], stored.passage)

    def _codes(self) -> Iterator[bytes]:
        codec = token_codec(self._language)
        for keys in live_keys(self._connection, self._language):
            hashes = [key.text_hash for key in keys]
            held = embeddings.find_codes(self._connection, self._model_id, codec, hashes)
            yield from (held[hashed] for hashed in hashes)
