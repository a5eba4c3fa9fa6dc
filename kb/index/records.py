"""The passages of one language of a build: the number of each, that of its version, the length of its vector."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
"""Numbers of passages in the library. Their *places* are 0 to n - 1, in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Records:
    """Three columns of the same length, by place: `rows` ascending, the number of the `versions` in the manifest, and
    the length of the centred vectors (`norms`). Each is a file of its own, so that it is mapped and searched as it is.
    """

    rows: Rows
    versions: NDArray[np.int32]
    norms: NDArray[np.float32]

    def save(self, folder: Path) -> None:
        """Write to a new folder."""
        folder.mkdir()
        for column in fields(self):
            np.save(folder / f"{column.name}.npy", getattr(self, column.name))

    @classmethod
    def open(cls, folder: Path) -> Records:
        """Map what `save` wrote into memory."""
        # an array of a mapped file is slower than a plain one over the same memory
        return cls(*(np.asarray(np.load(folder / f"{column.name}.npy", mmap_mode="r")) for column in fields(cls)))

    def __len__(self) -> int:
        return len(self.rows)

    def places(self, rows: Rows) -> NDArray[np.int64]:
        """Places of rows that are all among these."""
        return np.searchsorted(self.rows, rows)

    def held(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of a few rows are among these; sorting the many anew would cost milliseconds."""
        if not len(self.rows):
            return np.zeros(len(rows), bool)
        nearest = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        found: NDArray[np.bool_] = self.rows[nearest] == rows
        return found
