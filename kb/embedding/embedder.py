"""What the rest of the application knows about an embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

QUERY_CACHE = 64
"""How many queries an embedder remembers, since paging or filtering asks for the same one again: 2 MB of usual ones,
and under 50 MB of the longest there can be."""

OnTokens = Callable[[int, NDArray[np.float32]], None]
"""Told the place of a text among those given and its token vectors (n, dimension), as the last layer gives them.

Only of tokens that say something: not of the prompt, of marks and of punctuation. Called from several threads at once;
the array is the callee's.
"""

Spans = tuple[tuple[int, int], ...]
"""Where in a text its tokens with vectors stand: characters `[start, end)`, in the order of the vectors."""


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """What the model makes of a query: a unit vector (dimension,) and token vectors (n, dimension), see `OnTokens`.

    Both are read-only. `spans` say where in the query each token stands; empty where the tokenizer cannot tell.
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    spans: Spans = ()


class Embedder(Protocol):
    """Turns texts into unit vectors. Safe to use from several threads at once."""

    @property
    def model_id(self) -> str:
        """Name and short digest of the model: the key under which its embeddings are kept."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Most tokens of one text, prompt and special tokens included; the rest of a longer text is not seen."""
        ...

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        on_progress: Callable[[int], None] | None = None,
        on_tokens: OnTokens | None = None,
    ) -> NDArray[np.float32]:
        """Unit rows in the order of `texts`, shape (n, dimension). `on_progress` is told how many are done so far.

        The model's prompt for passages is added here. The vector of a text does not depend on its neighbours.
        """
        ...

    def embed_query(self, text: str) -> QueryVectors:
        """Vectors of one query; the prompt for queries is added here."""
        ...

    def embed_queries(self, texts: Sequence[str], *, on_tokens: OnTokens | None = None) -> NDArray[np.float32]:
        """Unit rows of many queries, shape (n, dimension)."""
        ...

    def passage_spans(self, texts: Sequence[str]) -> list[Spans]:
        """Spans of exactly those tokens of each text that `embed_passages` tells `on_tokens` about.

        Takes no run of the model. Empty where the tokenizer cannot tell. Two tokens may share a character that is
        written as one and read as two.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself, without prompt and special tokens, however long it is."""
        ...
