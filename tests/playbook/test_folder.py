"""The playbook as a folder: starter pages, import, export."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import ManifestError
from kb.playbook.folder import bring_in_starters, export_folder, import_folder
from kb.playbook.moving import delete, move
from kb.playbook.pages import Playbook
from kb.playbook.saving import Edit, save
from kb.settings import PROJECT_DIR
from kb.store import Store
from tests.playbook.conftest import page_text

STARTERS = PROJECT_DIR / "docs_corpus" / "playbook"


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def made(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        language, slug = name.split("_", 1)
        file = folder / language / f"{slug}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder


def test_the_pages_that_come_with_the_product_go_out_as_they_came_in(store, tmp_path):
    bring_in_starters(store, STARTERS)
    export_folder(store, tmp_path)
    assert files_of(tmp_path) == {name: data for name, data in files_of(STARTERS).items() if name.endswith(".md")}


def test_bringing_in_starters_twice_changes_nothing(store, tmp_path):
    folder = made(tmp_path, en_cloud=page_text("Text.\n"))
    assert bring_in_starters(store, folder).added == [("cloud", "en")]
    assert bring_in_starters(store, folder).same == [("cloud", "en")]
    assert store.revisions.count() == 1


def test_a_new_release_updates_only_what_nobody_edited(store, tmp_path):
    folder = made(tmp_path, en_cloud=page_text("One.\n"), en_data=page_text("One.\n"), en_gone=page_text("One.\n"))
    bring_in_starters(store, folder)
    save(store, Edit("data", "en", page_text("Ours.\n"), 1, "Aya"))
    delete(store, "gone", author="Aya")
    made(tmp_path, en_cloud=page_text("Two.\n"), en_data=page_text("Two.\n"), en_gone=page_text("Two.\n"))
    done = bring_in_starters(store, folder)
    assert (done.changed, done.kept) == ([("cloud", "en")], [("data", "en"), ("gone", "en")])
    assert Playbook(store).page("cloud", "en").body == "Two.\n"
    assert Playbook(store).page("data", "en").body == "Ours.\n"


def test_starters_in_both_languages_agree(store, tmp_path):
    bring_in_starters(store, made(tmp_path, en_cloud=page_text("A.\n"), ja_cloud=page_text("あ。\n")))
    bodies = store.wiki.get("cloud").bodies
    assert (bodies["en"].agrees_with, bodies["ja"].agrees_with) == (1, 1)


def test_export_import_export_gives_identical_files(store, settings, tmp_path):
    bring_in_starters(store, STARTERS)
    move(store, "cloud", "policies/cloud", author="Aya")
    english = store.wiki.get("data").bodies["en"].latest
    text = store.revisions.get(store.wiki.get("data").id, "en", english).text
    save(store, Edit("data", "en", f"{text}\nMore.\n", english, "Aya"))
    save(store, Edit("new", "ja", page_text("本文\r\n", title="新しい"), 0, "Aya"))
    export_folder(store, tmp_path / "one")
    other = Store(settings.model_copy(update={"data_dir": tmp_path / "other"}))
    import_folder(other, tmp_path / "one", author="Ken")
    export_folder(other, tmp_path / "two")
    other.close()
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert "playbook.toml" in files_of(tmp_path / "one")


def test_a_file_that_is_no_page_does_not_hide_the_others(store, tmp_path):
    folder = made(tmp_path, en_cloud=page_text("Text.\n"), en_broken="---\ntitle: [\n---\n", en_Upper="x")
    (folder / "en" / "bytes.md").write_bytes(b"\xff\xfe")
    done = import_folder(store, folder, author="Aya")
    assert done.added == [("cloud", "en")]
    assert set(done.refused) == {"en/broken.md", "en/Upper.md", "en/bytes.md"}


def test_a_folder_without_a_playbook_is_refused(store, tmp_path):
    with pytest.raises(ManifestError):
        import_folder(store, tmp_path, author="Aya")


def test_an_import_keeps_bytes_that_an_editor_would_not_write(store, tmp_path):
    text = "---\r\ntitle: A\r\n---\r\nText"
    import_folder(store, made(tmp_path / "in", en_odd=text), author="Aya")
    export_folder(store, tmp_path / "out")
    assert (tmp_path / "out" / "en" / "odd.md").read_bytes() == text.encode()
