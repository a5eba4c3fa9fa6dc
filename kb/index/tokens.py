"""The late leg: every token of a query against every token of a passage.

A passage's vector is one mean over all it says; its token vectors say it piece by piece. A query token's best match
among them, averaged over the query's tokens (Khattab and Zaharia, ColBERT, 2020), ranks far better than the mean
vector, above all across languages, once each language's mean token is subtracted. What answers a question mostly does
so in a sentence or two, so the same is measured within each stretch of a passage: words that match side by side are
better evidence than words that match all over it.

A token vector is centred, made a unit vector, turned and kept with two bits a component. Turning spreads what a vector
says evenly over its components, so that one step width fits all of them and all models, and nothing has to be trained:
two bits then rank as float32 does, where the same number of bits spent on principal components loses a tenth.
"""

from __future__ import annotations

import functools
import hashlib
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.ranges import Ranges

Codes = NDArray[np.uint8]
"""Token vectors, shape (tokens, bytes): four components a byte, two bits each, see `_packed`."""

CODEC_VERSION = 1
"""Raised when codes are made differently, so that they are made again."""

STRETCH_TOKENS = 48
"""Length of a stretch, about two sentences. With 24 recall@10 is lower in two directions of four."""

_ROUNDS = 2
_BLOCK_TOKENS = 256
"""Tokens that are unpacked at a time, so that what is multiplied is still in the processor's cache."""
_CODES, _ENDS = "codes.bin", "ends.npy"


def code_width(dimension: int) -> int:
    """Bytes of one token vector."""
    return -(-dimension // 4)


def encode(states: NDArray[np.float32], mean: NDArray[np.float32]) -> Codes:
    """Codes of token vectors (n, dimension) as the model gives them; `mean` is that of their language."""
    turned = _turned(states, mean)
    return _packed(np.clip(np.floor(turned / _step(turned.shape[1])) + 2, 0, 3).astype(np.uint8))


def query_tokens(states: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Token vectors (n, dimension) of a query in the form that `similarities` compares."""
    return _turned(states, mean)


class Similarities(NamedTuple):
    """How well passages answer a query token by token, both of shape (passages,).

    `passage` is the mean over the query's tokens of their cosine with the best token of the passage, `stretch` the same
    with the best token of one stretch of it, of the best stretch.
    """

    passage: NDArray[np.float32]
    stretch: NDArray[np.float32]


def similarities(query: NDArray[np.float32], passages: Sequence[Codes]) -> Similarities:
    """Scores of passages in their order; -1 for one without tokens, and for every one where the query has none."""
    lengths = np.array([len(codes) for codes in passages], np.int64)
    found = Similarities(*(np.full(len(passages), -1.0, np.float32) for _ in range(2)))
    whole = np.flatnonzero(lengths)
    if not len(whole) or not len(query):
        return found
    products = _products(query, np.concatenate([passages[i] for i in whole.tolist()]))
    starts, firsts = _stretches(lengths[whole])
    best = (np.maximum.reduceat(products, starts, axis=0) - np.float32(1.5) * query.sum(axis=1)) * _step(query.shape[1])
    found.passage[whole] = np.maximum.reduceat(best, firsts, axis=0).mean(axis=1)
    found.stretch[whole] = np.maximum.reduceat(best.mean(axis=1), firsts)
    return found


def _stretches(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the stretches of passages of these lengths begin, one after the other, and the first one of each passage.

    The stretches of a passage are as even as can be.
    """
    counts = np.maximum(np.rint(lengths / STRETCH_TOKENS).astype(np.int64), 1)
    firsts = np.cumsum(counts) - counts
    number = np.arange(counts.sum()) - np.repeat(firsts, counts)
    starts = np.repeat(np.cumsum(lengths) - lengths, counts) + number * np.repeat(lengths, counts) // np.repeat(
        counts, counts
    )
    return starts, firsts


def cosines(query: NDArray[np.float32], codes: Codes) -> NDArray[np.float32]:
    """Cosine of every token of a passage with every token of a query, shape (len(codes), len(query))."""
    found: NDArray[np.float32] = (_products(query, codes) - np.float32(1.5) * query.sum(axis=1)) * _step(query.shape[1])
    return found


class TokenIndex:
    """Codes of the passages of one language by their place in the build, read from its file. Read only.

    Not mapped: whatever is touched of a mapped file stays in the memory of the process, with all around it, and these
    are fifteen gigabytes for a million passages.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._width = code_width(dimension)
        self._ends = np.asarray(np.load(folder / _ENDS, mmap_mode="r"))
        file = folder / _CODES
        due = self._width * (int(self._ends[-1]) if len(self._ends) else 0)
        if file.stat().st_size != due:
            raise ValueError(f"{file.name} holds {file.stat().st_size} bytes where {due} are due")
        self._codes = Ranges(file)

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return len(self._ends)

    def of(self, places: Iterable[int]) -> list[Codes]:
        """Codes of the passages at `places`."""
        return [self._read(int(self._ends[place - 1]) if place else 0, int(self._ends[place])) for place in places]

    def _read(self, start: int, end: int) -> Codes:
        held = self._codes.read(start * self._width, (end - start) * self._width)
        return np.frombuffer(held, np.uint8).reshape(end - start, self._width)


def write_tokens(folder: Path, passages: Iterable[bytes], dimension: int) -> None:
    """Write the codes of the passages of one language, in the order of the build, to a new folder."""
    folder.mkdir()
    width, ends, end = code_width(dimension), array("q"), 0
    with (folder / _CODES).open("wb") as stream:
        for codes in passages:
            stream.write(codes)
            end += len(codes) // width
            ends.append(end)
    np.save(folder / _ENDS, np.frombuffer(ends, np.int64))


def as_codes(held: bytes, dimension: int) -> Codes:
    """Codes of one passage as they are kept."""
    return np.frombuffer(held, np.uint8).reshape(-1, code_width(dimension))


def _products(query: NDArray[np.float32], codes: Codes) -> NDArray[np.float32]:
    """Inner products of a query's tokens with the codes taken as numbers 0 to 3, shape (len(codes), len(query))."""
    width = codes.shape[1]
    # the four components of a byte stand side by side when it is unpacked, and a quarter of the vector apart in a query
    asked = np.ascontiguousarray(query.reshape(-1, 4, width).transpose(2, 1, 0).reshape(4 * width, -1))
    products = np.empty((len(codes), len(query)), np.float32)
    unpacked = np.empty((min(_BLOCK_TOKENS, len(codes)), width), np.complex128)
    for start in range(0, len(codes), _BLOCK_TOKENS):
        block = codes[start : start + _BLOCK_TOKENS]
        components = unpacked[: len(block)]
        np.take(_unpacking(), block, out=components, mode="wrap")  # the mode spares a copy; no byte is out of range
        np.matmul(components.view(np.float32), asked, out=products[start : start + len(block)])
    return products


@functools.cache
def _unpacking() -> NDArray[np.complex128]:
    """The four numbers of every byte as float32, 16 bytes together: one look-up unpacks a byte."""
    numbers = np.stack([(np.arange(256) >> 2 * part) & 3 for part in range(4)], axis=1).astype(np.float32)
    together: NDArray[np.complex128] = numbers.view(np.complex128)[:, 0]
    return together


def _turned(states: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows centred, of unit length and turned, shape (n, 4 * code_width(dimension))."""
    centred: NDArray[np.float32] = (states - mean).astype(np.float32)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    turned: NDArray[np.float32] = centred @ _rotation(states.shape[1])
    return turned


def _packed(codes: NDArray[np.uint8]) -> Codes:
    """Four components a byte: the first quarter of them in the lowest bits, the last in the highest."""
    width = codes.shape[1] // 4
    packed = np.zeros((len(codes), width), np.uint8)
    for part in range(4):
        packed |= codes[:, part * width : (part + 1) * width] << np.uint8(2 * part)
    return packed


def _step(components: int) -> np.float32:
    """Width of one of the four steps: the standard deviation of a component, best for a normal distribution."""
    return np.float32(components**-0.5)


@functools.cache
def _rotation(dimension: int) -> NDArray[np.float32]:
    """An orthonormal matrix (dimension, 4 * code_width(dimension)), the same on every machine.

    Signs drawn from a hash and a cosine transform, by turns: as good as a random rotation, and made of nothing that
    another library or processor would do differently.
    """
    size = 4 * code_width(dimension)
    places = np.arange(size)
    cosines = np.cos(np.pi / size * np.outer(places + 0.5, places)) * np.sqrt(2 / size)
    cosines[:, 0] /= np.sqrt(2)
    matrix: NDArray[np.float64] = np.eye(dimension, size)
    for number in range(_ROUNDS):
        drawn = np.frombuffer(hashlib.shake_256(f"rotation {number}".encode()).digest(size), np.uint8)
        matrix = (matrix * np.where(drawn & 1, 1.0, -1.0)) @ cosines
    return matrix.astype(np.float32)
