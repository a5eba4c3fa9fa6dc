"""What stands for each theme among the vectors: the mean of typical sentences, by language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder
from kb.model.themes import THEMES, Theme
from kb.store import embeddings
from kb.store.database import Database
from kb.store.passages import text_hash
from kb.text.language import LANGUAGES, Language

Vector = NDArray[np.float32]
ThemeVectors = Mapping[tuple[Theme, Language], Vector]
"""Mean vectors (dimension,) of the sentences of each theme in each language, as the model gives them."""


def theme_vectors(database: Database, model_id: str, embedder: Embedder | None = None) -> ThemeVectors | None:
    """The vectors of all themes under a model; kept with the truth.

    Those under the default model come with the code, those under another are found once. None where they were never
    found and there is no `embedder` to do it.
    """
    keys = theme_keys()
    with database.read() as connection:
        held = embeddings.find(connection, model_id, list(keys.values()))
    if len(held) < len(keys):
        shipped = _shipped(model_id)
        if shipped is not None:
            return {of: shipped[key] for of, key in keys.items()}
        if embedder is None:
            return None
        made = embedded_themes(embedder)
        with database.write() as connection:
            embeddings.save(connection, model_id, list(keys.values()), np.stack([made[key] for key in keys.values()]))
            held = embeddings.find(connection, model_id, list(keys.values()))
    return {of: held[key].astype(np.float32) for of, key in keys.items()}


def embedded_themes(embedder: Embedder) -> Mapping[str, Vector]:
    """The vectors of all themes by key, embedded anew."""
    return {key: embedder.embed_passages(_sentences(*of)).mean(axis=0) for of, key in theme_keys().items()}


@cache
def theme_keys() -> Mapping[tuple[Theme, Language], str]:
    """Under what each vector is kept: another after any change to its sentences."""
    return {
        (theme, language): text_hash("\n".join(("theme", *_sentences(theme, language))))
        for theme in THEMES
        for language in LANGUAGES
    }


def _shipped(model_id: str) -> Mapping[str, Vector] | None:
    """What comes with the code (see `tools/shipped_vectors.py`); None where it has not all of these."""
    file = resources.files("kb.library") / "theme_means" / f"{model_id}.npz"
    if not file.is_file():
        return None
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if not set(theme_keys().values()) <= set(arrays.files):
            return None
        return {key: arrays[key].astype(np.float32) for key in theme_keys().values()}


def _sentences(theme: Theme, language: Language) -> list[str]:
    return _all_sentences()[theme][language]


@cache
def _all_sentences() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files("kb.library") / "themes.toml").read_text(encoding="utf-8"))
