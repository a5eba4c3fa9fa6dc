"""Does a model behave as the one it should be? Pairs of sentences whose likeness is known."""

from __future__ import annotations

from typing import NamedTuple

from kb.embedding.embedder import Embedder
from kb.errors import ModelError


class KnownPair(NamedTuple):
    """A query, a passage and the cosine of the two under the default model."""

    query: str
    passage: str
    cosine: float


TOLERANCE = 0.004
"""bfloat16 moves a cosine by less than 0.001; a wrong prompt, tokenizer or pooling by more than 0.01."""

PAIRS = (
    KnownPair("how is identity verified online", "本人確認の手法は、身元確認と当人認証からなる。", 0.8335),
    KnownPair("本人確認の方法", "本人確認の手法は、身元確認と当人認証からなる。", 0.9151),
    KnownPair("本人確認の方法", "Rain is expected in the north of Scotland tomorrow.", 0.7273),
    KnownPair("accessibility of websites", "Public sector websites must meet WCAG 2.2 at level AA.", 0.8248),
    KnownPair("accessibility of websites", "ガバメントクラウドは、政府の共通クラウド基盤である。", 0.7644),
    KnownPair("What is Government Cloud?", "ガバメントクラウドは、政府の共通クラウド基盤である。", 0.8267),
)


def self_test(embedder: Embedder) -> None:
    """Raise `ModelError` where `embedder` is not the default model working as it must."""
    queries = embedder.embed_queries([pair.query for pair in PAIRS])
    passages = embedder.embed_passages([pair.passage for pair in PAIRS])
    for pair, found in zip(PAIRS, (queries * passages).sum(axis=1).tolist(), strict=True):
        if not abs(found - pair.cosine) <= TOLERANCE:
            raise ModelError(
                f"The embedding model does not behave as it must: the likeness of “{pair.query}” and "
                f"“{pair.passage}” is {found:.3f} and should be {pair.cosine:.3f}.",
                remedy="Delete the folder of prepared models (KB_MODEL_CACHE_DIR); it is made again at the next start.",
                model=embedder.model_id,
            )
