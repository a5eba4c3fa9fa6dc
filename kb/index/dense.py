"""The dense leg: FAISS over the passage vectors of one language, by place in the build.

Only this module imports faiss. The kind of index follows from the number of vectors: exact up to `FLAT_BELOW`, eight
bits a component up to `IVF_FROM`, and inverted lists of eight-bit codes beyond. All are mapped into memory, and all are
written a block at a time.
"""

from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.index.lists import Encoded, Lists, write_lists
from kb.index.means import centred_units
from kb.index.selection import Selection
from kb.index.spool import Spool

FLAT_BELOW = 20_000
"""Below this many vectors they are kept as they are: 31 MB at 384 dimensions."""

IVF_FROM = 200_000
"""From this many vectors on only part of the lists is scanned."""

PROBED_SHARE = 0.2
"""Share of the lists that is scanned. A filter that keeps a part of the passages has as many more scanned."""

_TRAIN_VECTORS_PER_LIST = 64
_INDEX = "index.faiss"

_threads = threading.local()

Places = NDArray[np.int64]
Vector = NDArray[np.float32]


def write_dense(folder: Path, vectors: Spool, mean: Vector) -> None:
    """Index vectors of unit length, whose mean is `mean`, in a new folder, which `DenseIndex` opens."""
    folder.mkdir()
    if len(vectors) >= IVF_FROM:
        index = _trained_lists(vectors, mean)
        encoded = (_encoded(index, centred_units(block, mean)) for block in vectors.blocks())
        write_lists(folder, encoded, lists=index.nlist)
    else:
        index = _scanned_whole(vectors)
        for block in vectors.blocks():
            index.add(block)
    faiss.write_index(index, str(folder / _INDEX))


class DenseIndex:
    """Vectors of one language by place. Searching is read only and safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._index = faiss.read_index(str(folder / _INDEX), faiss.IO_FLAG_MMAP_IFC)
        self._lists = faiss.try_extract_index_ivf(self._index)
        if self._lists is not None:
            _fill(self._lists, Lists.open(folder, self._lists.code_size))

    @property
    def is_centred(self) -> bool:
        """Whether the vectors it holds are centred and of unit length, and not as the truth has them.

        Where they are as they are, the order of products is only nearly that of the cosines of centred vectors, and
        among hundreds of thousands the nearest are missed.
        """
        return self._lists is not None

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    def search(self, query: Vector, *, limit: int, selection: Selection | None = None) -> tuple[Places, Vector]:
        """Places with the highest inner product with `query` (dimension,), and these products, best first.

        `selection` restricts the search to its places.
        """
        kept = self.size if selection is None else selection.count
        limit = min(limit, kept)
        if not limit:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        _one_thread()
        selector = None if selection is None else faiss.IDSelectorBitmap(selection.marks)
        if self._lists is not None:
            probes = int(np.ceil(self._lists.nlist * min(PROBED_SHARE * self.size / kept, 1.0)))
            parameters: faiss.SearchParameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        products, places = self._index.search(query[None].astype(np.float32), limit, params=parameters)
        found = places[0] >= 0
        return places[0][found], products[0][found]

    def products(self, query: Vector, places: Places) -> Vector:
        """Inner products of `query` (dimension,) with the vectors at a few places, in their order."""
        if not len(places):
            return np.empty(0, np.float32)
        _one_thread()
        found: Vector = self._index.reconstruct_batch(places) @ query.astype(np.float32)
        return found


def _scanned_whole(vectors: Spool) -> faiss.Index:
    """An empty index that a search reads from end to end."""
    if len(vectors) < FLAT_BELOW:
        return faiss.IndexFlatIP(vectors.dimension)
    index = faiss.IndexScalarQuantizer(vectors.dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    # all that training looks for is the range of each component
    ranges = [np.stack((block.min(axis=0), block.max(axis=0))) for block in vectors.blocks()]
    index.train(np.concatenate(ranges))
    return index


def _trained_lists(vectors: Spool, mean: Vector) -> faiss.IndexIVF:
    """Empty inverted lists around centres that fit the vectors once these are centred."""
    lists = max(int(2 * np.sqrt(len(vectors))), 1)
    coarse = faiss.IndexFlatIP(vectors.dimension)
    index = faiss.IndexIVFScalarQuantizer(
        coarse, vectors.dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    coarse.this.disown()
    index.own_fields = True
    index.cp.seed = 1
    drawn = np.random.default_rng(1).choice(
        len(vectors), min(lists * _TRAIN_VECTORS_PER_LIST, len(vectors)), replace=False
    )
    index.train(centred_units(vectors.at(np.sort(drawn)), mean))
    return index


def _encoded(index: faiss.IndexIVF, vectors: NDArray[np.float32]) -> Encoded:
    """The list and the code of each vector."""
    both = index.sa_encode(vectors)  # the number of the list in its first bytes, the lowest first
    before = both.shape[1] - index.code_size
    numbers = sum(both[:, i].astype(np.int32) << 8 * i for i in range(before))
    return numbers, both[:, before:]


def _fill(index: faiss.IndexIVF, held: Lists) -> None:
    """Have an empty index read its lists from where they are held."""
    mapped = faiss.OnDiskInvertedLists(index.nlist, index.code_size, str(held.file))
    sizes = held.sizes.astype(np.uint64)  # only its address is handed over
    mapped.set_all_lists_sizes(faiss.swig_ptr(sizes))  # one after the other, none with a gap
    mapped.read_only, mapped.totsize = True, held.size_bytes
    mapped.prefetch_nthread = 0  # by default every search starts up to 32 threads
    mapped.do_mmap()
    index.replace_invlists(mapped, True)
    mapped.this.disown()
    index.ntotal = int(held.sizes.sum())
    index.make_direct_map()  # to read vectors by place: eight bytes for each


def _one_thread() -> None:
    """Have FAISS compute in the calling thread alone; it keeps this setting for every thread apart."""
    if not getattr(_threads, "told", False):
        faiss.omp_set_num_threads(1)
        _threads.told = True
