"""The fast path on ordinary processors: tokenizer and compiled network, without torch. Loads in about a second."""

from __future__ import annotations

import functools
import json
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.embedding.batching import batches
from kb.embedding.embedder import QUERY_CACHE
from kb.embedding.prompts import Prompts
from kb.embedding.runtime import compile_network
from kb.embedding.tokens import TextTokens

NETWORK, TOKENIZER, FORM = "network.xml", "tokenizer.json", "form.json"

_GROUP_TEXTS = 4096
"""Texts whose tokens are held in memory at once."""


@dataclass(frozen=True, slots=True)
class FastForm:
    """What was found out when a model was converted; kept beside the network.

    `cosine` is the lowest found between its vectors and the reference's, and `refused` says why the form may not be
    used (empty: it may).
    """

    refused: str = ""
    cosine: float = 0.0
    dimension: int = 0
    max_tokens: int = 0
    padding_id: int = 0
    query_prompt: str = ""
    passage_prompt: str = ""

    @classmethod
    def read(cls, folder: Path) -> FastForm:
        """The form kept in `folder`."""
        return cls(**json.loads((folder / FORM).read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        """Keep the form in `folder`."""
        (folder / FORM).write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")


class OpenVinoEmbedder:
    """An `Embedder` over a converted model: mean of the last layer's token vectors, made a unit vector."""

    def __init__(self, folder: Path, *, model_id: str, threads: int) -> None:
        self._form = FastForm.read(folder)
        self._model_id = model_id
        self._prompts = Prompts(self._form.query_prompt, self._form.passage_prompt)
        self._tokens = TextTokens(folder / TOKENIZER, max_tokens=self._form.max_tokens)
        self._threads = threads
        network = compile_network(folder / NETWORK, threads=threads)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(threads):
            self._idle.put(network.create_infer_request())
        self._query_vector = functools.lru_cache(maxsize=QUERY_CACHE)(self._embed_one)

    @property
    def model_id(self) -> str:
        """See `Embedder`."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """See `Embedder`."""
        return self._form.dimension

    @property
    def max_tokens(self) -> int:
        """See `Embedder`."""
        return self._form.max_tokens

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """See `Embedder`."""
        return self._embed([self._prompts.passage + text for text in texts], on_progress)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `Embedder`. The last few hundred queries are remembered."""
        return self._query_vector(text)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder`."""
        return self._embed([self._prompts.query + text for text in texts], None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder`."""
        return self._tokens.count(texts)

    def _embed_one(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._pooled(self._tokens.encode([self._prompts.query + text]))[0]
        vector.flags.writeable = False
        return vector

    def _embed(self, texts: Sequence[str], on_progress: Callable[[int], None] | None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        try:
            for start in range(0, len(texts), _GROUP_TEXTS):
                ids = self._tokens.encode(texts[start : start + _GROUP_TEXTS])
                waiting = {
                    pool.submit(self._pooled, [ids[place] for place in batch]): batch
                    for batch in batches([len(one) for one in ids])
                }
                for finished in as_completed(waiting):
                    batch = waiting[finished]
                    vectors[[start + place for place in batch]] = finished.result()
                    done += len(batch)
                    if on_progress is not None:
                        on_progress(done)
        finally:
            pool.shutdown(cancel_futures=True)  # who is stopped half-way does not wait for the other half
        return vectors

    def _pooled(self, ids: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        """Unit vectors of one batch, shape (len(ids), dimension)."""
        inputs = np.full((len(ids), max(map(len, ids))), self._form.padding_id, np.int64)
        mask = np.zeros_like(inputs)
        for row, one in enumerate(ids):
            inputs[row, : len(one)] = one
            mask[row, : len(one)] = 1
        with self._request() as request:
            request.infer({"input_ids": inputs, "attention_mask": mask})
            states = request.get_output_tensor(0).data  # (rows, tokens, dimension), overwritten by the next run
            sums = np.stack([states[row, : len(one)].sum(axis=0) for row, one in enumerate(ids)])
        units: NDArray[np.float32] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return units.astype(np.float32, copy=False)

    @contextmanager
    def _request(self) -> Iterator[Any]:
        request = self._idle.get()
        try:
            yield request
        finally:
            self._idle.put(request)
