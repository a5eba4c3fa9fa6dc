"""`make library` loads the model only where there may be something to do."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from conftest import REPOSITORY

OLD_S, NEW_S = 1_700_000_000, 1_700_001_000


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose library is up to date; its Python only notes what it was called with."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    folders = ("docs_corpus", "kb/ingest", "kb/embedding", "kb/index", "kb/search", "kb/store/migrations")
    files = (*(f"{folder}/x.py" for folder in folders), "kb/index/probes.toml", "kb/store/migrations/0001.sql")
    for name in (*files, "kb/settings.py", "requirements.txt", "data/library.sqlite3", "index/current"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >> calls\n', encoding="utf-8")
    python.chmod(0o755)
    for place in sorted(tmp_path.rglob("*"), reverse=True):
        os.utime(place, (OLD_S, OLD_S))
    for stamp in (".made", ".run", ".library"):
        (tmp_path / ".venv" / stamp).touch()
        os.utime(tmp_path / ".venv" / stamp, (OLD_S, OLD_S))
    return tmp_path


def is_read(checkout) -> bool:
    subprocess.run(["make", "-s", "library"], cwd=checkout, check=True, timeout=60)
    return (checkout / "calls").is_file()


def test_nothing_is_read_where_nothing_changed(checkout):
    os.utime(checkout / "kb/search/x.py", (NEW_S, NEW_S))
    assert not is_read(checkout)


@pytest.mark.parametrize(
    "changed",
    [
        *("docs_corpus/x.py", "kb/ingest/x.py", "kb/embedding/x.py", "kb/index/x.py", "kb/index/probes.toml"),
        *("kb/store/migrations/0001.sql", "kb/settings.py"),
    ],
)
def test_everything_that_makes_what_is_embedded_counts(checkout, changed):
    os.utime(checkout / changed, (NEW_S, NEW_S))
    assert is_read(checkout)
