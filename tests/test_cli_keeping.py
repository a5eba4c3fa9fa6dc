"""`python -m kb withdraw, delete, audit, export, backup ...` as other programs call them."""

from __future__ import annotations

import zipfile

import pytest
from test_cli import data, documents, model, run  # noqa: F401  fixtures

from kb.settings import load_settings
from kb.store import Store

WHO = ("--by", "Aiko Sato", "--reason", "Published by mistake")


def version_of(data, path):  # noqa: F811  not the fixture
    store = Store(load_settings(data_dir=data))
    found = next(version for version in store.versions.list_all() if version.path == path)
    store.close()
    return found


@pytest.fixture
def cloud(data):  # noqa: F811
    return version_of(data, "cloud.en.md")


def test_a_document_is_withdrawn_restored_deleted_and_allowed_again(run, data, documents, cloud):  # noqa: F811
    ended = run("withdraw", cloud.id, *WHO, "--data", data, "--json")
    assert (ended.code, ended.json["former_status"], ended.json["title"]) == (0, "current", cloud.title)
    assert ended.json["cited_by"] == {"playbook_pages": [], "documents": [], "basket_items": 0}
    found = run("search", "cloud solutions first", "--data", data, "--json").json["hits"]
    assert cloud.title not in {hit["title"] for hit in found}
    report = run("ingest", documents, "--data", data, "--json").json
    assert [failure["problem"] for failure in report["failures"]] == ["withdrawn"]
    assert run("restore-document", cloud.id, "--by", "Ben", "--data", data, "--json").json["status"] == "current"
    run("withdraw", cloud.id, *WHO, "--data", data)
    refused = run("delete", cloud.id, "--title", "Another", *WHO, "--data", data)
    assert refused.code == 1
    assert cloud.title in refused.err
    deleted = run("delete", cloud.id, "--title", cloud.title, *WHO, "--data", data, "--json").json
    assert deleted["is_erased"] is True
    assert run("doctor", "--data", data).code == 0
    assert run("allow", cloud.id, *WHO, "--data", data).code == 0
    assert run("ingest", documents, "--data", data, "--json").json["counts"]["added"] == 1
    actions = [entry["action"] for entry in run("audit", "--data", data, "--json").json]
    assert actions == ["allowed", "deleted", "withdrawn", "restored", "withdrawn"]
    assert len(run("audit", cloud.id, "-k", 2, "--data", data, "--json").json) == 2
    assert "Published by mistake" in run("audit", "--data", data).out


def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(run, data, cloud, tmp_path):  # noqa: F811
    for arguments in (
        ("withdraw", "nope", *WHO, "--data", data),
        ("restore-document", cloud.id, "--by", "me", "--data", data),
        ("allow", cloud.id, *WHO, "--data", data),
        ("audit", "--data", tmp_path / "nothing"),
        ("backup", data / "inside", "--data", data),
        ("restore", tmp_path, "--data", tmp_path / "new"),
        ("import", tmp_path / "no.zip", "--data", tmp_path / "new"),
        ("export", tmp_path / "no" / "folder.zip", "--data", data),
    ):
        ended = run(*arguments)
        assert ended.code == 1, arguments
        assert ended.err.strip()
        assert "Traceback" not in ended.err
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "nothing").exists()
    assert run("withdraw", cloud.id, "--data", data).code == 2


def test_a_library_is_exported_and_imported_and_found_as_before(run, data, tmp_path):  # noqa: F811
    before = run("search", "cloud solutions first", "--data", data, "--json").json["hits"]
    file = tmp_path / "library.zip"
    assert run("export", file, "--data", data, "--json").json["size_bytes"] == file.stat().st_size
    assert zipfile.ZipFile(file).testzip() is None
    assert list(tmp_path.glob(".library.zip*")) == []
    imported = run("import", file, "--data", tmp_path / "new", "--json").json
    assert (imported["documents"], imported["is_searchable"]) == (6, True)
    after = run("search", "cloud solutions first", "--data", tmp_path / "new", "--json").json["hits"]
    assert [hit["passage_id"] for hit in after] == [hit["passage_id"] for hit in before]
    assert run("doctor", "--data", tmp_path / "new").code == 0


def test_a_library_is_backed_up_checked_and_restored(run, data, tmp_path):  # noqa: F811
    folder = tmp_path / "backup"
    assert run("backup", folder, "--data", data, "--json").json["copied"] == 6
    assert run("backup", folder, "--data", data, "--json").json["copied"] == 0
    assert run("restore", folder, "--check", "--data", tmp_path / "new", "--json").json["files"] == 6
    assert not (tmp_path / "new").exists()
    assert run("restore", folder, "--data", tmp_path / "new", "--json").json["is_searchable"] is True
    assert run("doctor", "--data", tmp_path / "new").code == 0
    assert run("restore", folder, "--data", tmp_path / "new").code == 1


@pytest.mark.parametrize(
    "command", ["withdraw", "restore-document", "delete", "allow", "audit", "export", "import", "backup", "restore"]
)
def test_every_command_is_documented(command):
    from conftest import REPOSITORY

    assert f"\n## {command}\n" in (REPOSITORY / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_the_playbook_goes_out_to_a_folder_and_comes_back(run, data, tmp_path):  # noqa: F811
    folder = tmp_path / "pages"
    (folder / "en").mkdir(parents=True)
    text = "---\ntitle: Cloud\n---\nWe rent.\n"
    (folder / "en" / "zeppelin.md").write_text(text, encoding="utf-8")
    (folder / "en" / "Not a page.md").write_text("x", encoding="utf-8")
    ended = run("playbook", "import", folder, "--by", "Aya", "--data", data, "--json")
    assert (ended.code, ended.json["added"]) == (1, [["zeppelin", "en"]])
    assert list(ended.json["refused"]) == ["en/Not a page.md"]
    out = tmp_path / "out"
    assert "en/zeppelin.md" in run("playbook", "export", out, "--data", data, "--json").json
    assert (out / "en" / "zeppelin.md").read_text(encoding="utf-8") == text
