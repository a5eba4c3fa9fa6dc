"""Mean vectors by language: what all texts of one language share and no query is about.

A multilingual model places the two languages apart; the direction between them drowns the meaning when a query in one
is compared with passages in the other. Subtracting each side's mean removes it: on the development set MRR@10 from
English to Japanese goes from 0.39 to 0.68. The mean of queries is not that of passages, since the model is told which
is which, and both are estimated: queries from the probes that come with the code, passages from the library, drawn
towards the probes while it is small.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder
from kb.store import embeddings
from kb.store.database import Database
from kb.store.passages import text_hash
from kb.text.language import LANGUAGES, Language

PROBE_PASSAGES_WORTH = 100
"""How many passages of the library the probes of one language weigh as much as."""

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Means:
    """Mean vectors (dimension,) of queries and of passages, by language."""

    queries: Mapping[Language, Vector]
    passages: Mapping[Language, Vector]

    def save(self, path: Path) -> None:
        """Write to a numpy archive."""
        arrays = {f"queries_{k}": v for k, v in self.queries.items()}
        arrays |= {f"passages_{k}": v for k, v in self.passages.items()}
        np.savez(path, allow_pickle=False, **arrays)

    @classmethod
    def open(cls, path: Path) -> Means:
        """Read what `save` wrote."""
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return cls(
                {language: arrays[f"queries_{language}"] for language in LANGUAGES},
                {language: arrays[f"passages_{language}"] for language in LANGUAGES},
            )


def probe_means(database: Database, model_id: str, embedder: Embedder | None) -> Means | None:
    """Means of the probes under a model; embedded once and kept with the truth.

    None where they were never embedded and there is no `embedder` to do it.
    """
    queries: dict[Language, Vector] = {}
    passages: dict[Language, Vector] = {}
    for language in LANGUAGES:
        for kind, means in (("queries", queries), ("passages", passages)):
            texts = _probes()[language][kind]
            hashes = [text_hash(f"{kind}:{text}") for text in texts]
            with database.read() as connection:
                held = embeddings.find(connection, model_id, hashes)
            if len(held) < len(set(hashes)):
                if embedder is None:
                    return None
                vectors = embedder.embed_queries(texts) if kind == "queries" else embedder.embed_passages(texts)
                with database.write() as connection:
                    embeddings.save(connection, model_id, hashes, vectors)
                held = {hashed: vector.astype(np.float16) for hashed, vector in zip(hashes, vectors, strict=True)}
            means[language] = np.mean([held[hashed].astype(np.float32) for hashed in hashes], axis=0)
    return Means(queries, passages)


def library_means(probes: Means, passages: Mapping[Language, NDArray[np.float32]]) -> Means:
    """Means for a library whose passage vectors (n, dimension) by language are given."""
    blended = {}
    for language in LANGUAGES:
        vectors = passages[language]
        total = vectors.sum(axis=0) + PROBE_PASSAGES_WORTH * probes.passages[language]
        blended[language] = (total / (len(vectors) + PROBE_PASSAGES_WORTH)).astype(np.float32)
    return Means(probes.queries, blended)


@cache
def _probes() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files("kb.index") / "probes.toml").read_text(encoding="utf-8"))
