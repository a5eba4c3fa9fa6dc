"""Inverted lists on disk: for each list the codes of its vectors, then their places, as FAISS reads them.

FAISS itself writes lists from memory, or merges parts of them and tells standard output about it. Here they are sorted
on disk, and what is in memory is a number for each vector.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_LISTS, _SIZES = "lists.bin", "sizes.npy"
_PLACE = np.dtype("<i8")

Encoded = tuple[NDArray[np.int32], NDArray[np.uint8]]
"""For vectors in the order of their places, the number of the list of each (n,) and its code (n, width)."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists that stand one after the other in `file`: how many vectors each has (lists,), and the bytes of all."""

    file: Path
    sizes: NDArray[np.int64]
    size_bytes: int

    @classmethod
    def open(cls, folder: Path, width: int) -> Lists:
        """What `write_lists` wrote, its codes of `width` bytes.

        Raises ValueError where the file was cut off: whoever maps it notices only when it is too late.
        """
        file, sizes = folder / _LISTS, np.load(folder / _SIZES)
        found, due = file.stat().st_size, int(sizes.sum()) * (width + _PLACE.itemsize)
        if found != due:
            raise ValueError(f"{file.name} holds {found} bytes where {due} are due")
        return cls(file, sizes, due)


def write_lists(folder: Path, encoded: Iterable[Encoded], *, lists: int) -> None:
    """Write the vectors of so many `lists`, told in the order of their places."""
    numbers: list[NDArray[np.int32]] = []
    width = 0
    with tempfile.TemporaryFile(dir=folder, buffering=0) as by_place, (folder / _LISTS).open("wb") as by_list:
        for some, codes in encoded:
            numbers.append(some)
            width = codes.shape[1]
            by_place.write(np.ascontiguousarray(codes).data)
        of_place = np.concatenate(numbers)
        sizes = np.bincount(of_place, minlength=lists)
        for places in np.split(np.argsort(of_place, kind="stable"), np.cumsum(sizes)[:-1]):
            for place in places.tolist():
                by_place.seek(place * width)
                by_list.write(by_place.read(width))
            by_list.write(places.astype(_PLACE).data)
    np.save(folder / _SIZES, sizes.astype(np.int64))
