"""An embedder for tests of everything but the model: fast, deterministic, and near for texts that share words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import OnTokens, QueryVectors, Spans
from kb.text.language import LANGUAGES, language_of

_TOKEN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]|[^\W\u3041-\u30ff\u3400-\u9fff]+")
_LANGUAGE_SHARE = 0.3


class HashEmbedder:
    """Hashes words and pairs of words into 64 dimensions; a word, or one Japanese character, is a token.

    Like a real multilingual model it puts the two languages apart, by `_LANGUAGE_SHARE` of every vector. `embedded`
    keeps every text whose passage vector was asked for, in order.
    """

    dimension = 64
    max_tokens = 512

    def __init__(self, model_id: str = "hash-64") -> None:
        self.model_id = model_id
        self.embedded: list[str] = []

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        on_progress: Callable[[int], None] | None = None,
        on_tokens: OnTokens | None = None,
    ) -> NDArray[np.float32]:
        self.embedded += texts
        if on_progress is not None and len(texts):
            on_progress(len(texts))
        return self._embed(texts, on_tokens)

    def embed_query(self, text: str) -> QueryVectors:
        tokens: list[NDArray[np.float32]] = []
        vector = self._embed([text], lambda _, states: tokens.append(states))[0]
        return QueryVectors(vector, tokens[0], *self.passage_spans([text]))

    def embed_queries(self, texts: Sequence[str], *, on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        return self._embed(texts, on_tokens)

    def passage_spans(self, texts: Sequence[str]) -> list[Spans]:
        return [tuple(match.span() for match in _TOKEN.finditer(text)) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_TOKEN.findall(text)) for text in texts]

    def _embed(self, texts: Sequence[str], on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        if on_tokens is not None:
            for place, text in enumerate(texts):
                words = [self._spelt(word) for word in _TOKEN.findall(text.lower())]
                on_tokens(place, np.array(words, np.float32).reshape(-1, self.dimension))
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def _spelt(self, word: str) -> NDArray[np.float32]:
        """A token by its runs of three letters, so that a slip is near what was meant, as with pieces of words."""
        return self._vector(" ".join(f" {word} "[i : i + 3].replace(" ", "_") for i in range(max(len(word), 1))))

    def _vector(self, text: str) -> NDArray[np.float32]:
        tokens = _TOKEN.findall(text.lower())
        vector = np.zeros(self.dimension, np.float32)
        for feature in (*tokens, *map(" ".join, pairwise(tokens))):
            number = zlib.crc32(f"{self.model_id}:{feature}".encode())
            vector[number % self.dimension] += 1 if number & 0x10000 else -1
        vector /= max(float(np.linalg.norm(vector)), 1e-6)
        vector[LANGUAGES.index(language_of(text))] += _LANGUAGE_SHARE
        return vector / max(float(np.linalg.norm(vector)), 1e-6)
