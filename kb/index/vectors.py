"""Embedding what the library does not hold yet: a vector and the codes of its tokens for every passage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder
from kb.index.means import Means, probe_means
from kb.index.tokens import encode
from kb.store import embeddings
from kb.store.database import Database
from kb.text.language import Language

BATCH_PASSAGES = 512
"""How many passages are embedded before their vectors are kept: enough to sort by length, and all that is made again
when it is stopped half-way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to embed, and its language."""

    text: str
    language: Language


def embed_missing(
    database: Database, embedder: Embedder, wanted: Mapping[str, Wanted], on_progress: Callable[[int, int], None]
) -> int:
    """Embed and keep those of the texts, given by hash, that the library lacks; gives how many these were.

    `on_progress` is told how many are done, of how many.
    """
    means = probe_means(database, embedder.model_id, embedder)
    assert means is not None  # it is only where there is no embedder
    with database.read() as connection:
        missing = embeddings.missing(connection, embedder.model_id, list(wanted))
    for start in range(0, len(missing), BATCH_PASSAGES):
        batch = missing[start : start + BATCH_PASSAGES]
        report = partial(_report, on_progress, start, len(missing))
        vectors, codes = _embedded(embedder, [wanted[hashed] for hashed in batch], means, report)
        with database.write() as connection:
            embeddings.save(connection, embedder.model_id, batch, vectors)
            embeddings.save_codes(connection, embedder.model_id, dict(zip(batch, codes, strict=True)))
    return len(missing)


def _embedded(
    embedder: Embedder, batch: Sequence[Wanted], means: Means, report: Callable[[int], None]
) -> tuple[NDArray[np.float32], list[bytes]]:
    """Vectors and codes of the texts of one batch."""
    codes = [b""] * len(batch)

    def keep(place: int, states: NDArray[np.float32]) -> None:
        codes[place] = encode(states, means.passage_tokens[batch[place].language]).tobytes()

    vectors = embedder.embed_passages([one.text for one in batch], on_progress=report, on_tokens=keep)
    return vectors, codes


def _report(on_progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    on_progress(before + done, total)
