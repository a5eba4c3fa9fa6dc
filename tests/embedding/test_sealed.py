from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.embedding.sealed import RECORD, recorded_digest, sealed_with, write_sealed

FACTS = {"layout": 1}


def fill(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "a.txt").write_text("a")
    (folder / "deep" / "b.txt").write_text("b")


def test_a_folder_is_sealed_once_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "model"
    assert not sealed_with(folder, FACTS)
    write_sealed(folder, FACTS, fill)
    assert sealed_with(folder, FACTS)
    assert not sealed_with(folder, {"layout": 2})


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError):
        write_sealed(tmp_path / "model", FACTS, fail)
    assert [path.name for path in tmp_path.iterdir()] == [".model.lock"]


def test_a_failed_rewrite_leaves_the_old_folder(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise RuntimeError

    write_sealed(tmp_path / "model", FACTS, fill)
    with pytest.raises(RuntimeError):
        write_sealed(tmp_path / "model", {"layout": 2}, fail)
    assert sealed_with(tmp_path / "model", FACTS)


@pytest.mark.parametrize("harm", ["change", "shorten", "remove", "forget"])
def test_an_altered_folder_is_noticed_and_written_again(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "model"
    write_sealed(folder, FACTS, fill)
    digest = recorded_digest(folder)
    match harm:
        case "change":
            (folder / "a.txt").write_text("x")
            os.utime(folder / "a.txt", ns=(1, 1))
        case "shorten":
            (folder / "deep" / "b.txt").write_text("")
        case "remove":
            (folder / "a.txt").unlink()
        case "forget":
            (folder / RECORD).write_text("{")
    assert not sealed_with(folder, FACTS)
    write_sealed(folder, FACTS, fill)
    assert sealed_with(folder, FACTS)
    assert recorded_digest(folder) == digest


def test_a_copied_folder_is_still_sealed(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    write_sealed(folder, FACTS, fill)
    os.utime(folder / "a.txt", ns=(1, 1))
    assert sealed_with(folder, FACTS)


def test_a_finished_folder_is_not_written_twice(tmp_path: Path) -> None:
    def never(folder: Path) -> None:
        raise AssertionError

    write_sealed(tmp_path / "model", FACTS, fill)
    write_sealed(tmp_path / "model", FACTS, never)
