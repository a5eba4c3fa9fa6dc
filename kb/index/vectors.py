"""Embedding what the library does not hold yet: a vector and the codes of its tokens for every passage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from kb.embedding.embedder import Embedder
from kb.index.means import Means, probe_means, token_codec
from kb.index.tokens import encode
from kb.model.passages import embedded_text
from kb.store import Store, embeddings, schema
from kb.store.database import Database
from kb.store.passages import Key, live_keys, text_hash
from kb.text.language import LANGUAGES, Language

_V = schema.versions.c

BATCH_PASSAGES = 512
"""How many passages are embedded before their vectors are kept: enough to sort by length, and all that is made again
when it is stopped half-way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to embed, and its language."""

    text: str
    language: Language


def embed_live(store: Store, embedder: Embedder, on_progress: Callable[[int, int], None] = lambda *_: None) -> int:
    """Embed and keep what live passages lack under a model; gives how many these were."""
    with store.database.read() as connection:
        titles = {row.id: row.title for row in connection.execute(select(_V.id, _V.title))}
        rows = {key.text_hash: key.row for key in lacking(connection, embedder.model_id)}
    missing = list(rows.values())
    for start in range(0, len(missing), BATCH_PASSAGES):
        batch = store.passages.by_row(missing[start : start + BATCH_PASSAGES]).values()
        texts = [Wanted(embedded_text(titles[passage.version_id], passage), passage.language) for passage in batch]
        wanted = {text_hash(each.text): each for each in texts}
        embed_missing(store.database, embedder, wanted, partial(_report_of, on_progress, start, len(missing)))
    return len(missing)


def lacking(connection: Connection, model_id: str) -> Iterator[Key]:
    """Keys of the live passages without a vector or without codes. Few are in memory."""
    for language in LANGUAGES:
        for keys in live_keys(connection, language):
            hashes = [key.text_hash for key in keys]
            missing = set(embeddings.missing(connection, model_id, token_codec(language), hashes))
            yield from (key for key in keys if key.text_hash in missing)


def embed_missing(
    database: Database, embedder: Embedder, wanted: Mapping[str, Wanted], on_progress: Callable[[int, int], None]
) -> int:
    """Embed and keep those of the texts, given by hash, that the library lacks; gives how many these were.

    `on_progress` is told how many are done, of how many.
    """
    means = probe_means(database, embedder.model_id, embedder)
    assert means is not None  # it is only where there is no embedder
    missing: list[str] = []
    for language in LANGUAGES:
        hashes = [hashed for hashed, one in wanted.items() if one.language == language]
        with database.read() as connection:
            missing += embeddings.missing(connection, embedder.model_id, token_codec(language), hashes)
    for start in range(0, len(missing), BATCH_PASSAGES):
        batch = missing[start : start + BATCH_PASSAGES]
        report = partial(_report, on_progress, start, len(missing))
        vectors, codes = _embedded(embedder, [wanted[hashed] for hashed in batch], means, report)
        with database.write() as connection:
            embeddings.save(connection, embedder.model_id, batch, vectors)
            for language in LANGUAGES:
                of_language = {h: c for h, c in zip(batch, codes, strict=True) if wanted[h].language == language}
                embeddings.save_codes(connection, embedder.model_id, token_codec(language), of_language)
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


def _report_of(on_progress: Callable[[int, int], None], before: int, total: int, done: int, _of: int) -> None:
    on_progress(before + done, total)


def _report(on_progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    on_progress(before + done, total)
