"""What the server tells the worker it starts."""

from __future__ import annotations

from pathlib import Path

from kb.settings import Settings, load_settings
from kb.web.worker import variables


def test_the_worker_has_every_setting_of_the_server_wherever_it_runs(monkeypatch, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    told = {"data_dir": Path("data"), "model": "model", "max_upload_mb": 3, "fast_path": False, "threads": 2}
    server = load_settings(**told, base_url="https://kakehashi.example")
    passed = variables(server)
    assert passed.keys() == {f"KB_{name.upper()}" for name in Settings.model_fields}
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / ".env").write_text("KB_MAX_UPLOAD_MB=99\nKB_INDEX_DIR=other\n")
    for name, value in passed.items():
        monkeypatch.setenv(name, value)
    worker = load_settings()
    changed = {
        "data_dir": tmp_path / "data",
        "index_dir": tmp_path / "data" / "index",
        "glossary_file": server.glossary_path,
        "model": str(tmp_path / "model"),
    }
    assert worker == server.model_copy(update=changed)


def test_a_model_that_is_named_is_passed_on_by_its_name(settings):
    assert variables(settings)["KB_MODEL"] == "default"
