"""The reference: sentence-transformers itself, for any model it can load."""

from __future__ import annotations

import functools
import itertools
import re
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import QUERY_CACHE, OnTokens, QueryVectors, Spans
from kb.embedding.folder import ModelFolder
from kb.embedding.hub import stay_offline
from kb.embedding.prompts import read_prompts
from kb.embedding.tokens import spans_in
from kb.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH_TEXTS = 32
_GROUP_TEXTS = 256
"""Texts between two reports of progress: many enough to sort by length, few enough for a bar that moves."""


class SentenceTransformerEmbedder:
    """An `Embedder` over any sentence-transformers folder; needs seconds to load, and torch."""

    def __init__(self, folder: ModelFolder, *, model_id: str, threads: int) -> None:
        self.model = _load(folder)
        self._prompts = read_prompts(folder.path, folder.name)
        self._model_id = model_id
        self._threads = threads
        self._lock = threading.Lock()
        self._query_vectors = functools.lru_cache(maxsize=QUERY_CACHE)(self._embed_one)
        self._says_something = functools.cache(self._holds_a_letter)

    @property
    def model_id(self) -> str:
        """See `Embedder`."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """See `Embedder`."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """See `Embedder`."""
        return int(self.model.max_seq_length or 512)

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        on_progress: Callable[[int], None] | None = None,
        on_tokens: OnTokens | None = None,
    ) -> NDArray[np.float32]:
        """See `Embedder`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for start in range(0, len(texts), _GROUP_TEXTS):
            group = longest_first[start : start + _GROUP_TEXTS]
            some = [texts[number] for number in group]
            vectors[group] = self._encode(some, self._prompts.passage, self._threads, _placed(on_tokens, group))
            if on_progress is not None:
                on_progress(start + len(group))
        return vectors

    def embed_query(self, text: str) -> QueryVectors:
        """See `Embedder`. The last few hundred queries are remembered."""
        return self._query_vectors(text)

    def embed_queries(self, texts: Sequence[str], *, on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        """See `Embedder`."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._encode(list(texts), self._prompts.query, self._threads, on_tokens)

    def passage_spans(self, texts: Sequence[str]) -> list[Spans]:
        """See `Embedder`."""
        return [self._spans(text, self._prompts.passage) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder`."""
        if not texts:
            return []
        encoded = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False, padding=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _embed_one(self, text: str) -> QueryVectors:
        kept: list[NDArray[np.float32]] = []
        vector: NDArray[np.float32] = self._encode(
            [text], self._prompts.query, 1, lambda _, states: kept.append(states)
        )[0]
        vector.flags.writeable = kept[0].flags.writeable = False
        return QueryVectors(vector, kept[0], self._spans(text, self._prompts.query))

    def _encode(
        self, texts: list[str], prompt: str, threads: int, on_tokens: OnTokens | None = None
    ) -> NDArray[np.float32]:
        import torch

        with self._lock:  # the number of threads belongs to the process, not to the call
            torch.set_num_threads(threads)
            encoded = self.model.encode(
                texts,
                prompt=prompt,
                batch_size=_BATCH_TEXTS,
                output_value="sentence_embedding" if on_tokens is None else None,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        if on_tokens is None:
            return np.asarray(encoded, np.float32)
        lead = self._lead(prompt)
        for place, one in enumerate(encoded):
            said = one["attention_mask"].numpy().astype(bool)
            said &= self._said(one["input_ids"].tolist(), lead)
            on_tokens(place, one["token_embeddings"].numpy()[said].astype(np.float32))
        vectors = np.stack([one["sentence_embedding"].numpy() for one in encoded]).astype(np.float32)
        units: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return units

    def _spans(self, text: str, prompt: str) -> Spans:
        tokenizer = self.model.tokenizer
        if not tokenizer.is_fast:  # one written in Python keeps no account of where its tokens stand
            return ()
        encoded = tokenizer(prompt + text, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True)
        said = self._said(encoded["input_ids"], self._lead(prompt))
        return spans_in(text, itertools.compress(encoded["offset_mapping"], said), len(prompt))

    def _said(self, ids: Sequence[int], lead: int) -> list[bool]:
        """Which tokens hold a letter or a digit, after the first `lead`."""
        return [number >= lead and self._says_something(token) for number, token in enumerate(ids)]

    def _lead(self, prompt: str) -> int:
        """How many tokens of an encoded text are its prompt and what stands before it."""
        first, second = self.model.tokenizer([prompt + letter for letter in "ab"])["input_ids"]
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
        return sum(1 for _ in same)

    def _holds_a_letter(self, token: int) -> bool:
        text = self.model.tokenizer.decode([token], skip_special_tokens=True)
        return re.search(r"[^\W_]", text) is not None


def _placed(on_tokens: OnTokens | None, places: Sequence[int]) -> OnTokens | None:
    """`on_tokens` for texts that are part of others, by their places among those."""
    if on_tokens is None:
        return None
    return lambda place, states: on_tokens(places[place], states)


def _load(folder: ModelFolder) -> SentenceTransformer:
    stay_offline()
    from sentence_transformers import SentenceTransformer

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its libraries tell each other of names that will change
            return SentenceTransformer(str(folder.path), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The model folder {folder.name} could not be loaded.",
            remedy="Check that KB_MODEL names a complete sentence-transformers folder.",
            model=folder.name,
        ) from error
