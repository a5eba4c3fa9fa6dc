"""Mean vectors by language: what all texts of one language share and no query is about.

A multilingual model places the two languages apart; the direction between them drowns the meaning when a query in one
is compared with passages in the other. Subtracting each side's mean removes it: on the development set MRR@10 from
English to Japanese goes from 0.39 to 0.68. The mean of queries is not that of passages, since the model is told which
is which, and both are estimated: queries from the probes that come with the code, passages from the library, drawn
towards the probes while it is small. Token vectors have means of their own, from the probes alone: what is kept of a
passage's tokens must not change with the library, and on the development sets these means rank better than the
library's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder
from kb.index.tokens import CODEC_VERSION
from kb.store import embeddings
from kb.store.database import Database
from kb.store.passages import text_hash
from kb.text.language import LANGUAGES, Language

PROBE_PASSAGES_WORTH = 100
"""How many passages of the library the probes of one language weigh as much as."""

Vector = NDArray[np.float32]

_KINDS = ("queries", "passages", "query_tokens", "passage_tokens")


@dataclass(frozen=True, slots=True)
class Means:
    """Mean vectors (dimension,) of queries and of passages, and of the tokens of both, by language."""

    queries: Mapping[Language, Vector]
    passages: Mapping[Language, Vector]
    query_tokens: Mapping[Language, Vector]
    passage_tokens: Mapping[Language, Vector]

    def save(self, path: Path) -> None:
        """Write to a numpy archive."""
        arrays = {f"{kind}_{k}": v for kind in _KINDS for k, v in getattr(self, kind).items()}
        np.savez(path, allow_pickle=False, **arrays)

    @classmethod
    def open(cls, path: Path) -> Means:
        """Read what `save` wrote."""
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return cls(*({language: arrays[f"{kind}_{language}"] for language in LANGUAGES} for kind in _KINDS))


def probe_means(database: Database, model_id: str, embedder: Embedder | None) -> Means | None:
    """Means of the probes under a model; kept with the truth.

    Those under the default model come with the code, those under another are found once. None where they were never
    found and there is no `embedder` to do it.
    """
    keys = probe_keys()
    with database.read() as connection:
        held = embeddings.find(connection, model_id, list(keys.values()))
    if len(held) < len(keys):
        made = _shipped(model_id, list(keys.values()))
        if made is None:
            if embedder is None:
                return None
            made = embedded_means(embedder)
        with database.write() as connection:
            embeddings.save(connection, model_id, list(keys.values()), np.stack([made[key] for key in keys.values()]))
            held = embeddings.find(connection, model_id, list(keys.values()))
    return Means(
        *({language: held[keys[kind, language]].astype(np.float32) for language in LANGUAGES} for kind in _KINDS)
    )


def library_mean(probes: Vector, total: NDArray[np.float64], count: int) -> Vector:
    """Mean for a library with `count` passages in a language, whose vectors sum up to `total` (dimension,)."""
    blended: Vector = ((total + PROBE_PASSAGES_WORTH * probes) / (count + PROBE_PASSAGES_WORTH)).astype(np.float32)
    return blended


def centred_norms(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Length of each row of `vectors` (n, dimension) after subtracting `mean`, at least a tiny positive number."""
    squared = np.einsum("ij,ij->i", vectors, vectors) - 2 * vectors @ mean + mean @ mean
    norms: NDArray[np.float32] = np.sqrt(np.maximum(squared, 1e-6)).astype(np.float32)
    return norms


def centred_units(vectors: NDArray[np.float32], mean: Vector) -> NDArray[np.float32]:
    """Each row of `vectors` (n, dimension) less `mean`, of unit length."""
    units: NDArray[np.float32] = (vectors - mean) / centred_norms(vectors, mean)[:, None]
    return units


def probe_keys() -> Mapping[tuple[str, Language], str]:
    """Under what each mean is kept, by kind and language: another after any change to the probes."""
    return {
        (kind, language): text_hash("\n".join((kind, *_probes()[language][_texts_of(kind)])))
        for kind in _KINDS
        for language in LANGUAGES
    }


def embedded_means(embedder: Embedder) -> Mapping[str, Vector]:
    """Means of all probes by key, embedded anew."""
    keys = probe_keys()
    return {keys[each]: mean for language in LANGUAGES for each, mean in _means_of(embedder, language).items()}


def _shipped(model_id: str, keys: Sequence[str]) -> Mapping[str, Vector] | None:
    """The means by key that come with the code (see `tools/shipped_vectors.py`); None where it has not all of these."""
    file = resources.files("kb.index") / "probe_means" / f"{model_id}.npz"
    if not file.is_file():
        return None
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return {key: arrays[key].astype(np.float32) for key in keys} if set(keys) <= set(arrays.files) else None


def _means_of(embedder: Embedder, language: Language) -> Mapping[tuple[str, Language], Vector]:
    """Means by kind of the probes of one language."""
    means: dict[tuple[str, Language], Vector] = {}
    for kind, embed in (("queries", embedder.embed_queries), ("passages", embedder.embed_passages)):
        tokens: dict[int, NDArray[np.float32]] = {}
        vectors = embed(_probes()[language][kind], on_tokens=tokens.__setitem__)
        means[kind, language] = vectors.mean(axis=0)
        together = np.concatenate([tokens[place] for place in sorted(tokens)])  # in one order, so always the same sum
        means["query_tokens" if kind == "queries" else "passage_tokens", language] = together.mean(axis=0)
    return means


def _texts_of(kind: str) -> str:
    return "queries" if kind.startswith("quer") else "passages"


@cache
def token_codec(language: Language) -> str:
    """Name of the way in which token vectors of `language` become codes: another after any change to it."""
    facts = [CODEC_VERSION, language, *_probes()[language]["passages"]]
    return f"{language}-{text_hash(chr(10).join(map(str, facts)))[:12]}"


@cache
def _probes() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files("kb.index") / "probes.toml").read_text(encoding="utf-8"))
