"""Vectors of one language on their way into a build: on disk, in the order of the passages, gone with the process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

BLOCK_VECTORS = 8_192
"""How many vectors are in memory at a time: 13 MB at 384 dimensions."""

_KEPT_AS = np.dtype(np.float16)
"""As the truth keeps them."""


class Spool:
    """A file of vectors that has no name; written once, then read in blocks as often as needed."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.dimension = dimension
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  closed by leaving the block
        self._count = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def add(self, vectors: NDArray[np.floating]) -> None:
        """Put more vectors (n, dimension) at the end."""
        self._file.seek(0, 2)
        self._file.write(np.ascontiguousarray(vectors, _KEPT_AS).data)
        self._count += len(vectors)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """All vectors in their order, (up to `BLOCK_VECTORS`, dimension) at a time."""
        for start in range(0, self._count, BLOCK_VECTORS):
            yield self._read(start, min(BLOCK_VECTORS, self._count - start))

    def at(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Vectors at these places, (len(places), dimension)."""
        vectors = np.empty((len(places), self.dimension), np.float32)
        for i, place in enumerate(places.tolist()):
            vectors[i] = self._read(place, 1)[0]
        return vectors

    def total(self) -> NDArray[np.float64]:
        """Sum of all vectors, (dimension,)."""
        total = np.zeros(self.dimension)
        for block in self.blocks():
            total += block.sum(axis=0, dtype=np.float64)
        return total

    def _read(self, start: int, count: int) -> NDArray[np.float32]:
        width = self.dimension * _KEPT_AS.itemsize
        self._file.seek(start * width)
        return np.frombuffer(self._file.read(count * width), _KEPT_AS).reshape(count, -1).astype(np.float32)
