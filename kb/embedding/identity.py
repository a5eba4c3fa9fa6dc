"""Which model made a vector: a name people know, and a digest that changes with any byte of the model."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kb.embedding.folder import ModelFolder
from kb.embedding.sealed import RECORD, file_digest, recorded_digest

_DIGITS = 10
_FORMS = {".json", ".safetensors", ".bin", ".txt", ".model"}


def model_id(folder: ModelFolder) -> str:
    """`<name>-<ten digits>`; the digits follow from the files a model is loaded from, not from where they are."""
    digest = recorded_digest(folder.path) if folder.ours else _digest(folder.path)
    return f"{folder.name}-{digest[:_DIGITS]}"


def _digest(path: Path) -> str:
    files = sorted(
        file
        for file in path.rglob("*")
        if file.suffix in _FORMS and file.name != RECORD and "openvino" not in file.relative_to(path).parts
    )
    return hashlib.sha256(
        "".join(f"{file.relative_to(path).as_posix()}\0{file_digest(file)}\0" for file in files).encode()
    ).hexdigest()
