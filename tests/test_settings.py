from __future__ import annotations

import re

import pytest
from conftest import REPOSITORY

from kb.errors import SettingsError
from kb.settings import PROJECT_DIR, Settings, load_settings

DOCUMENTATION = REPOSITORY / "docs" / "configuration.md"


def test_every_setting_is_documented_and_nothing_else_is():
    if not DOCUMENTATION.exists():
        pytest.skip("docs/configuration.md is not written yet")
    documented = set(re.findall(r"KB_[A-Z_]+[A-Z]", DOCUMENTATION.read_text(encoding="utf-8")))
    settings = {f"KB_{name.upper()}" for name in Settings.model_fields}
    assert settings - documented == set()
    assert documented - settings == set()


def test_a_setting_is_an_environment_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KB_PASSAGE_TOKENS", "100")
    monkeypatch.setenv("KB_WORKER", "false")
    settings = load_settings()
    assert (settings.data_dir, settings.passage_tokens, settings.worker) == (tmp_path, 100, False)


def test_what_is_passed_in_wins_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("KB_DATA_DIR", "/nowhere")
    assert load_settings(data_dir=tmp_path).data_dir == tmp_path


def test_a_file_named_env_in_the_working_folder_is_read(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("KB_MAX_PAGES=7\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().max_pages == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [("KB_PASSAGE_TOKENS", "many"), ("KB_PASSAGE_TOKENS", "9999"), ("KB_LOG_LEVEL", "LOUD"), ("KB_THREADS", "-1")],
)
def test_a_setting_that_cannot_be_used_is_named_with_a_remedy(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert refused.value.facts["name"] == name
    assert name in str(refused.value)
    assert "docs/configuration.md" in refused.value.remedy


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().model = "other"


def test_the_default_library_has_its_index_beside_it_and_any_other_inside(tmp_path):
    assert load_settings().index_path == PROJECT_DIR / "index"
    assert load_settings(data_dir=PROJECT_DIR / "data").index_path == PROJECT_DIR / "index"
    assert load_settings(data_dir=tmp_path).index_path == tmp_path / "index"
    assert load_settings(data_dir=tmp_path, index_dir=tmp_path / "x").index_path == tmp_path / "x"


def test_there_is_always_a_thread_to_embed_with():
    assert load_settings(threads=0).thread_count >= 1
    assert load_settings(threads=3).thread_count == 3
