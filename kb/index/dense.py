"""The dense leg: FAISS over the passage vectors of one language.

Only this module imports faiss. The kind of index follows from the number of vectors: exact up to `FLAT_BELOW`, eight
bits a component up to `IVF_FROM`, and inverted lists of eight-bit codes beyond. All keep our own numbers (rows).
"""

from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

FLAT_BELOW = 20_000
"""Below this many vectors they are kept as they are: 31 MB at 384 dimensions."""

IVF_FROM = 200_000
"""From this many vectors on only part of the lists is scanned."""

_IVF_PROBES = 64
_TRAIN_VECTORS_PER_LIST = 64
_NARROW_SHARE = 0.05
"""A filter that keeps less than this scans every list: approximate lists lose what narrow filters look for."""

_threads = threading.local()

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


class DenseIndex:
    """Vectors of one language by row. Searching is read only and safe to share between threads."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._lists = faiss.try_extract_index_ivf(index)

    @classmethod
    def build(cls, rows: Rows, vectors: Vectors) -> DenseIndex:
        """Index `vectors` (n, dimension) of unit length under their `rows` (n,)."""
        count, dimension = vectors.shape
        metric = faiss.METRIC_INNER_PRODUCT
        if count < FLAT_BELOW:
            index: faiss.Index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        elif count < IVF_FROM:
            index = faiss.IndexIDMap2(faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, metric))
        else:
            lists = int(4 * np.sqrt(count))
            coarse = faiss.IndexFlatIP(dimension)
            index = faiss.IndexIVFScalarQuantizer(coarse, dimension, lists, faiss.ScalarQuantizer.QT_8bit, metric)
            coarse.this.disown()
            index.own_fields = True
            index.cp.seed = 1
            sample = np.random.default_rng(1).permutation(count)[: lists * _TRAIN_VECTORS_PER_LIST]
            index.train(vectors[sample])
        if not index.is_trained:
            index.train(vectors)
        index.add_with_ids(vectors, rows)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Open what `save` wrote."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write to a file that does not exist yet."""
        faiss.write_index(self._index, str(path))

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    def search(
        self, query: NDArray[np.float32], *, limit: int, allowed: Rows | None = None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Rows with the highest inner product with `query` (dimension,), and these products, best first.

        `allowed` restricts the search to these rows.
        """
        limit = min(limit, self.size if allowed is None else len(allowed))
        if not limit:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        _one_thread()
        selector = None if allowed is None else _selector(allowed)
        if self._lists is not None:
            narrow = allowed is not None and len(allowed) < _NARROW_SHARE * self.size
            probes = self._lists.nlist if narrow else min(_IVF_PROBES, self._lists.nlist)
            parameters: faiss.SearchParameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        products, rows = self._index.search(query[None].astype(np.float32), limit, params=parameters)
        kept = rows[0] >= 0
        return rows[0][kept], products[0][kept]


def _selector(allowed: Rows) -> faiss.IDSelector:
    marks = np.zeros(int(allowed.max()) + 1, bool)
    marks[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(marks, bitorder="little"))


def _one_thread() -> None:
    """Have FAISS compute in the calling thread alone; it keeps this setting for every thread apart."""
    if not getattr(_threads, "told", False):
        faiss.omp_set_num_threads(1)
        _threads.told = True
