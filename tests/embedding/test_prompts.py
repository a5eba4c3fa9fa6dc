from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.embedding.prompts import E5_PROMPTS, Prompts, read_prompts


def folder_with(tmp_path: Path, prompts: dict[str, str]) -> Path:
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return tmp_path


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ({"query": "q: ", "passage": "p: "}, Prompts("q: ", "p: ")),
        ({"query": "検索クエリ: ", "document": "検索文書: "}, Prompts("検索クエリ: ", "検索文書: ")),
        ({"query": "Represent: "}, Prompts("Represent: ", "")),
        ({}, Prompts()),
    ],
)
def test_prompts_come_from_the_folder(tmp_path: Path, named: dict[str, str], read: Prompts) -> None:
    assert read_prompts(folder_with(tmp_path, named), "ruri-v3-30m") == read


@pytest.mark.parametrize("name", ["multilingual-e5-small", "e5-base-v2", "multilingual_e5_small"])
def test_an_e5_without_a_note_gets_the_prompts_of_its_family(tmp_path: Path, name: str) -> None:
    assert read_prompts(tmp_path, name) == E5_PROMPTS
    assert read_prompts(folder_with(tmp_path, {"query": "", "document": ""}), name) == E5_PROMPTS


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "multilingual-e5-large-instruct", "note5"])
def test_others_get_none(tmp_path: Path, name: str) -> None:
    assert read_prompts(tmp_path, name) == Prompts()
