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
from kb.embedding.embedder import QUERY_CACHE, OnTokens, QueryVectors, Spans
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
        self._query_vectors = functools.lru_cache(maxsize=QUERY_CACHE)(self._embed_one)

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
        self,
        texts: Sequence[str],
        *,
        on_progress: Callable[[int], None] | None = None,
        on_tokens: OnTokens | None = None,
    ) -> NDArray[np.float32]:
        """See `Embedder`."""
        return self._embed(texts, self._prompts.passage, on_progress, on_tokens)

    def embed_query(self, text: str) -> QueryVectors:
        """See `Embedder`. The last few hundred queries are remembered."""
        return self._query_vectors(text)

    def embed_queries(self, texts: Sequence[str], *, on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        """See `Embedder`."""
        return self._embed(texts, self._prompts.query, None, on_tokens)

    def passage_spans(self, texts: Sequence[str]) -> list[Spans]:
        """See `Embedder`."""
        return [self._tokens.spans(text, self._prompts.passage) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder`."""
        return self._tokens.count(texts)

    def _embed_one(self, text: str) -> QueryVectors:
        tokens = np.empty((0, self.dimension), np.float32)

        def keep(_: int, states: NDArray[np.float32]) -> None:
            nonlocal tokens
            tokens = states

        prompt = self._prompts.query
        ids = self._tokens.encode([prompt + text])
        vector: NDArray[np.float32] = self._pooled([0], ids, keep, self._tokens.lead(prompt))[0]
        vector.flags.writeable = tokens.flags.writeable = False
        return QueryVectors(vector, tokens, self._tokens.spans(text, prompt))

    def _embed(
        self,
        texts: Sequence[str],
        prompt: str,
        on_progress: Callable[[int], None] | None,
        on_tokens: OnTokens | None,
    ) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        lead = self._tokens.lead(prompt)
        done = 0
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        try:
            for start in range(0, len(texts), _GROUP_TEXTS):
                ids = self._tokens.encode([prompt + text for text in texts[start : start + _GROUP_TEXTS]])
                waiting = {}
                for batch in batches([len(one) for one in ids]):
                    places = [start + place for place in batch]
                    of_batch = [ids[place] for place in batch]
                    waiting[pool.submit(self._pooled, places, of_batch, on_tokens, lead)] = places
                for finished in as_completed(waiting):
                    batch = waiting[finished]
                    vectors[batch] = finished.result()
                    done += len(batch)
                    if on_progress is not None:
                        on_progress(done)
        finally:
            pool.shutdown(cancel_futures=True)  # who is stopped half-way does not wait for the other half
        return vectors

    def _pooled(
        self, places: Sequence[int], ids: Sequence[NDArray[np.int64]], on_tokens: OnTokens | None, lead: int
    ) -> NDArray[np.float32]:
        """Unit vectors of one batch, shape (len(ids), dimension); `lead` tokens of each text are its prompt."""
        inputs = np.full((len(ids), max(map(len, ids))), self._form.padding_id, np.int64)
        mask = np.zeros_like(inputs)
        for row, one in enumerate(ids):
            inputs[row, : len(one)] = one
            mask[row, : len(one)] = 1
        with self._request() as request:
            request.infer({"input_ids": inputs, "attention_mask": mask})
            states = request.get_output_tensor(0).data  # (rows, tokens, dimension), overwritten by the next run
            sums = np.stack([states[row, : len(one)].sum(axis=0) for row, one in enumerate(ids)])
            if on_tokens is not None:
                for row, (place, one) in enumerate(zip(places, ids, strict=True)):
                    on_tokens(place, states[row, : len(one)][self._tokens.says_something(one, lead)])
        units: NDArray[np.float32] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return units.astype(np.float32, copy=False)

    @contextmanager
    def _request(self) -> Iterator[Any]:
        request = self._idle.get()
        try:
            yield request
        finally:
            self._idle.put(request)
