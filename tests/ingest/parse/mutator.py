"""Files that were whole once: bytes flipped, cut off, spliced with others. The same seed gives the same file."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"4294967296", b"99999999999")
_OBJECT = re.compile(rb"\d+ \d+ obj\b")


def mutated(files: Sequence[bytes], seed: int) -> bytes:
    """One of `files` after one to three mutations."""
    chance = random.Random(seed)
    data = chance.choice(files)
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_MUTATIONS)(data, files, chance)
    return data if data.startswith(b"%PDF-") else b"%PDF-1.7\n" + data


def _flipped(data: bytes, _files: Sequence[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 16, 64, 256))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, _files: Sequence[bytes], chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _hollowed(data: bytes, _files: Sequence[bytes], chance: random.Random) -> bytes:
    begin = chance.randrange(len(data) + 1)
    return data[:begin] + data[min(len(data), begin + chance.randrange(1, 4_000)) :]


def _spliced(data: bytes, files: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(files)
    begin = chance.randrange(len(other) + 1)
    at = chance.randrange(len(data) + 1)
    return data[:at] + other[begin : begin + chance.randrange(1, 20_000)] + data[at:]


def _recounted(data: bytes, _files: Sequence[bytes], chance: random.Random) -> bytes:
    """Numbers replaced: lengths, counts, offsets, sizes, references."""
    found = list(_NUMBER.finditer(data[:200_000]))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 9)))), key=lambda m: -m.start()):
        data = data[: match.start()] + chance.choice(_NUMBERS) + data[match.end() :]
    return data


def _misnumbered(data: bytes, _files: Sequence[bytes], chance: random.Random) -> bytes:
    """An object under the number of another one."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return data
    one, other = chance.sample(found, 2)
    return data[: one.start()] + other.group() + data[one.end() :]


_MUTATIONS: Sequence[Callable[[bytes, Sequence[bytes], random.Random], bytes]] = (
    _flipped,
    _flipped,
    _cut,
    _hollowed,
    _spliced,
    _recounted,
    _misnumbered,
)
