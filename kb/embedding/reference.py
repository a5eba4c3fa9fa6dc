"""The reference: sentence-transformers itself, for any model it can load."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import QUERY_CACHE
from kb.embedding.folder import ModelFolder
from kb.embedding.hub import stay_offline
from kb.embedding.prompts import read_prompts
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
        self._query_vector = functools.lru_cache(maxsize=QUERY_CACHE)(self._embed_one)

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
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """See `Embedder`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for start in range(0, len(texts), _GROUP_TEXTS):
            group = longest_first[start : start + _GROUP_TEXTS]
            vectors[group] = self._encode([texts[number] for number in group], self._prompts.passage, self._threads)
            if on_progress is not None:
                on_progress(start + len(group))
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `Embedder`. The last few hundred queries are remembered."""
        return self._query_vector(text)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder`."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._encode(list(texts), self._prompts.query, self._threads)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder`."""
        if not texts:
            return []
        encoded = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False, padding=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _embed_one(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encode([text], self._prompts.query, 1)[0]
        vector.flags.writeable = False
        return vector

    def _encode(self, texts: list[str], prompt: str, threads: int) -> NDArray[np.float32]:
        import torch

        with self._lock:  # the number of threads belongs to the process, not to the call
            torch.set_num_threads(threads)
            encoded = self.model.encode(
                texts,
                prompt=prompt,
                batch_size=_BATCH_TEXTS,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(encoded, np.float32)


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
