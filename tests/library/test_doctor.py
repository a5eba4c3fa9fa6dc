from __future__ import annotations

import shutil
import sqlite3

import pytest

from kb.errors import NotFoundError
from kb.library.doctor import examine
from kb.library.stats import library_stats


def wrong(library):
    return {finding.check: finding for finding in examine(library.settings) if not finding.ok}


def change(library, statement):
    with sqlite3.connect(library.store.database.path) as connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_library_is_found_sound(make_library):
    library = make_library()
    findings = examine(library.settings)
    assert [finding.check for finding in findings] == [
        *("database", "references", "files", "passages of each document", "passages in their pages"),
        *("withdrawn documents", "deleted documents"),
        *("index files", "index contents", "vectors", "index age"),
    ]
    assert wrong(library) == {}


@pytest.mark.parametrize("look", [examine, library_stats])
def test_a_folder_that_is_no_library_is_said_and_none_is_made(settings, look):
    for folder in (settings.data_dir, settings.data_dir.parent):
        with pytest.raises(NotFoundError) as refused:
            look(settings.model_copy(update={"data_dir": folder}))
        assert str(folder.resolve()) in refused.value.message
        assert refused.value.remedy
    assert not settings.data_dir.exists()
    assert list(settings.data_dir.parent.iterdir()) == []


def test_examining_changes_nothing(make_library):
    library = make_library()
    library.store.close()
    home = library.settings.data_dir

    def state():
        return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}

    before = state()
    examine(library.settings)
    assert state() == before


def test_a_library_that_changed_in_every_way_since_its_build_is_sound(make_library):
    library = make_library()
    library.write({"cloud.en.md": "# Cloud\n\nAnother text.\n", "new.md": "# New\n\nNew text.\n"})
    library.ingest()
    library.remove("identity.en.md")
    for title in ("One", "Two"):
        library.write({"new.md": f"---\ntitle: {title}\n---\n# New\n\nNew text.\n"})
        library.ingest()
    assert wrong(library) == {}
    manifest = library.folder / "list.tsv"
    for title in ("One", "Two"):
        manifest.write_text(f"path\ttitle\nnew.md\t{title}\ndata.html\t{title}\n", encoding="utf-8")
        library.ingest(manifest=manifest)
        assert wrong(library) == {}


def test_an_index_that_is_not_there_is_said(make_library):
    library = make_library()
    shutil.rmtree(library.settings.index_path)
    assert "rebuild" in wrong(library)["index"].remedy


@pytest.mark.parametrize("file", ["en/dense/index.faiss", "ja/passages/rows.npy", "means.npz", "en/words/meta.json"])
def test_an_index_file_that_is_gone_is_named(make_library, file):
    library = make_library()
    (library.builds.current() / file).unlink()
    found = wrong(library)
    assert file in found["index files"].detail
    assert "rebuild" in found["index files"].remedy


@pytest.mark.parametrize(
    "file", ["en/dense/index.faiss", "ja/passages/rows.npy", "means.npz", "manifest.json", "en/words/lengths.json"]
)
def test_a_single_flipped_bit_of_the_index_is_noticed(make_library, file):
    library = make_library()
    path = library.builds.current() / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert wrong(library).keys() & {"index", "index files", "index contents"}


def test_an_index_that_holds_something_else_is_noticed(make_library):
    library, other = make_library(), make_library({"a.md": "# A\n\nText.\n"})
    shutil.rmtree(library.settings.index_path)
    shutil.copytree(other.settings.index_path, library.settings.index_path)
    assert "index contents" in wrong(library)


def test_bytes_that_are_gone_or_harmed_are_named_by_document(make_library):
    library = make_library()
    library.store.files.path(library.version("cloud.en.md").sha256).unlink()
    library.store.files.path(library.version("data.html").sha256).write_bytes(b"harmed")
    remedy = wrong(library)["files"].remedy
    assert "cloud.en.md" in remedy
    assert "data.html" in remedy
    assert "identity" not in remedy


def test_vectors_that_are_missing_are_counted(make_library):
    library = make_library()
    change(library, "delete from embeddings where text_hash = (select text_hash from passages limit 1)")
    found = wrong(library)
    assert "1 missing" in found["vectors"].detail
    assert "--embed" in found["vectors"].remedy


def test_passages_that_are_missing_are_named_by_document(make_library):
    library = make_library()
    change(library, "delete from passages where version_id = (select id from versions where path = 'cloud.en.md')")
    assert "cloud.en.md" in wrong(library)["passages of each document"].remedy


def test_passages_that_do_not_stand_in_their_pages_are_noticed(make_library):
    library = make_library()
    change(library, "update pages set text = 'x' || text where version_id = (select id from versions limit 1)")
    assert "passages in their pages" in wrong(library)


def test_a_reference_to_nowhere_is_noticed(make_library):
    library = make_library()
    change(library, "delete from versions where path = 'cloud.en.md'")
    assert "references" in wrong(library)


def test_a_page_of_the_database_that_was_overwritten_is_noticed(make_library):
    library = make_library()
    library.store.close()
    path = library.store.database.path
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 100] = b"\xff" * len(content[start : start + 100])
    path.write_bytes(content)
    assert "backup" in wrong(library)["database"].remedy


@pytest.mark.parametrize("content", [b"", b"this is no database at all" * 400])
def test_a_database_that_is_none_is_said(make_library, content):
    library = make_library({"a.md": "# A\n\nText.\n"})
    library.store.close()
    for suffix in ("-wal", "-shm"):
        library.store.database.path.with_name(f"library.sqlite3{suffix}").unlink(missing_ok=True)
    library.store.database.path.write_bytes(content)
    assert wrong(library)


def test_a_database_that_was_cut_off_is_said(make_library):
    library = make_library()
    library.store.close()
    path = library.store.database.path
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert wrong(library)
