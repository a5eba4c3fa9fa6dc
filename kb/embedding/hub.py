"""The hub of models: used only where the setting names a model there, and only once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from kb.embedding.sealed import sealed_with, write_sealed
from kb.errors import SettingsError

_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]
"""What a sentence-transformers model is loaded from; a repository may hold gigabytes of other forms of it."""
_UNWANTED = ["onnx/*", "openvino/*"]

_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_QUIET = ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS", "DO_NOT_TRACK")


def stay_offline() -> None:
    """Forbid the hub's libraries to use the network; to be called before any of them is imported."""
    for name in (*_OFFLINE, *_QUIET):
        os.environ[name] = "1"


def fetch(name: str, cache: Path, progress: Callable[[str], None]) -> Path:
    """The folder of the hub's model `name` below `cache`, fetched where it is not there yet.

    Raises `SettingsError` where the hub cannot be reached or has no such model.
    """
    folder = cache / name.replace("/", "--")
    facts = {"hub": name}
    if not sealed_with(folder, facts):
        progress(f"Fetching {name}")
        write_sealed(folder, facts, lambda fresh: _download(name, fresh))
    return folder


def _download(name: str, folder: Path) -> None:
    import shutil

    for variable in _QUIET:
        os.environ[variable] = "1"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        snapshot_download(name, local_dir=folder, allow_patterns=_WANTED, ignore_patterns=_UNWANTED)
    except (HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, OSError) as error:
        raise SettingsError(
            f"The model {name} could not be fetched from the hub.",
            remedy="Check the name and the network, or set KB_MODEL to a folder that holds the model.",
            name="KB_MODEL",
            detail=f"{name} could not be fetched",
        ) from error
    shutil.rmtree(folder / ".cache", ignore_errors=True)
