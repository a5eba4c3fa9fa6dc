"""What a model wants to read in front of a text, so that it knows a query from a passage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Prompts:
    """Put in front of every query and every passage; empty where the model wants none."""

    query: str = ""
    passage: str = ""


E5_PROMPTS = Prompts("query: ", "passage: ")
"""Of Wang et al., Multilingual E5 Text Embeddings (2024). Models of this family often come without a note of them."""


def read_prompts(folder: Path, name: str) -> Prompts:
    """Prompts a sentence-transformers folder names; those of E5 where it names none and `name` says it is one.

    sentence-transformers writes empty prompts where a model was saved without any, so empty counts as none. Instructed
    E5 models are left without: their prompt depends on the task and has to be in the folder.
    """
    named = _named(folder / "config_sentence_transformers.json")
    prompts = Prompts(named.get("query", ""), named.get("passage") or named.get("document", ""))
    if prompts == Prompts() and "e5" in name.lower().replace("_", "-").split("-") and "instruct" not in name.lower():
        return E5_PROMPTS
    return prompts


def _named(file: Path) -> dict[str, str]:
    try:
        prompts = json.loads(file.read_text(encoding="utf-8")).get("prompts") or {}
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in prompts.items() if isinstance(value, str)}
