from __future__ import annotations

import hashlib
import io
import os
import time

import pytest

from kb.store.files import FileStore


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "files")


def test_bytes_are_kept_under_their_digest(files):
    digest, size = files.add(io.BytesIO(b"some bytes"))
    assert (digest, size) == (hashlib.sha256(b"some bytes").hexdigest(), 10)
    assert files.path(digest).read_bytes() == b"some bytes"
    assert files.all() == {digest}
    assert files.is_whole(digest)


def test_adding_the_same_bytes_again_is_harmless(files):
    assert files.add(io.BytesIO(b"same")) == files.add(io.BytesIO(b"same"))
    assert len(files.all()) == 1


def test_adding_again_repairs_a_file_that_was_harmed(files):
    digest, _ = files.add(io.BytesIO(b"whole"))
    files.path(digest).write_bytes(b"whole?")
    assert not files.is_whole(digest)
    files.add(io.BytesIO(b"whole"))
    assert files.is_whole(digest)


def test_a_copy_that_breaks_off_leaves_nothing(files, tmp_path):
    class BreaksOff(io.RawIOBase):
        def __init__(self):
            self.blocks = [b"first block"]

        def read(self, _=-1):
            if self.blocks:
                return self.blocks.pop()
            raise OSError("the connection is gone")

    with pytest.raises(OSError, match="gone"):
        files.add(BreaksOff())
    assert [entry for entry in (tmp_path / "files").rglob("*") if entry.is_file()] == []


def test_what_an_interrupted_copy_left_is_cleared_away_once_it_is_old(files, tmp_path):
    files.add(io.BytesIO(b"whole"))
    old, fresh = tmp_path / "files" / ".incoming-old", tmp_path / "files" / ".incoming-fresh"
    for left in (old, fresh):
        left.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    assert files.clear_unfinished(older_than_s=3600) == 1
    assert fresh.exists()
    assert len(files.all()) == 1


def test_bytes_that_were_never_added_are_not_whole(files):
    assert not files.has("ab" * 32)
    assert not files.is_whole("ab" * 32)
