"""What the rest of the application knows about an embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

QUERY_CACHE = 512
"""How many query vectors an embedder remembers: under 1 MB, and paging or filtering asks for the same one again."""


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
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit rows in the order of `texts`, shape (n, dimension). `on_progress` is told how many are done so far.

        The model's prompt for passages is added here. The vector of a text does not depend on its neighbours.
        """
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of one query, shape (dimension,), read-only; the prompt for queries is added here."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows of many queries, shape (n, dimension)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself, without prompt and special tokens, however long it is."""
        ...
