from __future__ import annotations

import os
import sys

import pytest

from kb.errors import ManifestError
from kb.ingest.collections import open_collection, read_catalogue, read_manifest
from kb.model.references import references_in


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "documents"
    for path in ("a.md", "b.pdf", "sub/c.TXT", "sub/deep/d.html", "picture.png", ".hidden/e.md", ".f.md", "sub/.g.md"):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", encoding="utf-8")
    return folder


def paths(collection):
    return [entry.path for entry in collection.entries]


def write(file, *lines):
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_folder_is_everything_readable_below_it_in_order(folder):
    collection = open_collection(folder)
    assert paths(collection) == ["a.md", "b.pdf", "sub/c.TXT", "sub/deep/d.html"]
    assert collection.complete
    assert collection.name == folder.resolve().as_posix()


def test_a_single_file_says_nothing_about_its_neighbours(folder):
    collection = open_collection(folder / "a.md")
    assert paths(collection) == ["a.md"]
    assert not collection.complete
    assert collection.name == open_collection(folder).name


def test_a_single_file_is_described_by_its_line_of_a_manifest(folder):
    manifest = write(folder.parent / "list.tsv", "path\ttitle", "x/a.md\tTold", "b.pdf\tOther")
    entry = open_collection(folder / "a.md", manifest=manifest).entries[0]
    assert (entry.path, entry.described["title"]) == ("x/a.md", "Told")


def test_a_manifest_in_the_folder_names_and_describes_its_files(folder):
    write(folder / "MANIFEST.tsv", "path\ttitle\tlanguage\tcategory", "sub/c.TXT\t計画\tja\tplan", "a.md\t\t\t")
    collection = open_collection(folder)
    assert paths(collection) == ["sub/c.TXT", "a.md"]
    assert collection.complete
    assert collection.entries[0].described == {
        "path": "sub/c.TXT",
        "title": "計画",
        "language": "ja",
        "category": "plan",
    }


def test_a_manifest_elsewhere_may_lie_beside_its_files_or_be_given_with_the_folder(folder, tmp_path):
    beside = write(folder / "sub" / "list.tsv", "path", "c.TXT")
    assert paths(open_collection(folder / "sub", manifest=beside)) == ["c.TXT"]
    apart = write(tmp_path / "list.tsv", "path", "a.md")
    assert paths(open_collection(folder, manifest=apart)) == ["a.md"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpath\ttitle\r\na.md\tWith a mark and CRLF\r\n",
        b"path\ttitle\na.md\t\"quoted\" and 'more'\n",
        b"path\ttitle\na.md\n",
        b"path\ttitle\na.md\tTitle\ttoo\tmany\n\n\t\n",
    ],
)
def test_manifests_as_people_save_them_are_read(folder, content):
    (folder / "MANIFEST.tsv").write_bytes(content)
    assert paths(open_collection(folder)) == ["a.md"]
    assert len(read_manifest(folder / "MANIFEST.tsv")) == 1


@pytest.mark.parametrize(
    "path",
    ["../outside.md", "sub/../../outside.md", "/etc/hostname", "sub/../../../../etc/hostname", "../missing.md"],
)
def test_a_manifest_reaches_nothing_outside_its_folder(folder, path):
    write(folder.parent / "outside.md", "secret")
    write(folder / "MANIFEST.tsv", "path", path)
    with pytest.raises(ManifestError) as refused:
        open_collection(folder)
    assert refused.value.facts["path"] == path
    assert refused.value.remedy


@pytest.mark.parametrize("path", ["missing.md", "sub", "sub/missing.md"])
def test_a_file_that_a_manifest_names_and_nobody_has_is_an_entry_that_cannot_be_read(folder, path):
    write(folder / "MANIFEST.tsv", "path", path, "a.md")
    collection = open_collection(folder)
    assert paths(collection) == [path, "a.md"]
    with pytest.raises(OSError):
        collection.entries[0].file.read_bytes()


def test_a_manifest_does_not_follow_a_link_out_of_its_folder(folder):
    write(folder.parent / "outside.md", "secret")
    (folder / "link.md").symlink_to(folder.parent / "outside.md")
    write(folder / "MANIFEST.tsv", "path", "link.md")
    with pytest.raises(ManifestError):
        open_collection(folder)


@pytest.mark.parametrize("content", [b"title\tlanguage\nA\ten\n", b"", b"path\ttitle\na.md\t\xff\xfe\n"])
def test_a_manifest_that_cannot_be_understood_is_named(folder, content):
    (folder / "MANIFEST.tsv").write_bytes(content)
    with pytest.raises(ManifestError) as refused:
        open_collection(folder)
    assert "MANIFEST.tsv" in str(refused.value)


def test_a_catalogue_describes_files_without_choosing_them(folder):
    write(
        folder / "sources.toml",
        "[[source]]",
        'path = "a.md"',
        'title = "Told"',
        "published = 2022-06-07",
        "[[source]]",
        'id = "x"',
    )
    entries = {entry.path: entry.described for entry in open_collection(folder).entries}
    assert entries["a.md"] == {"path": "a.md", "title": "Told", "published": "2022-06-07"}
    assert entries["b.pdf"] == {}


def test_a_catalogue_may_list_what_a_file_rests_on(folder):
    write(
        folder / "sources.toml",
        "[[source]]",
        'path = "b.pdf"',
        "[[source.sources]]",
        'title = "基本方針 “案”"',
        "date = 2022-06-07",
        "[[source.sources]]",
        'title = "Cloud First"',
    )
    described = {entry.path: entry.described for entry in open_collection(folder).entries}["b.pdf"]
    first, second = references_in(described)
    assert (first.title, first.date, second.title) == ("基本方針 “案”", "2022-06-07", "Cloud First")


@pytest.mark.parametrize("content", ["[[source", "source = 3", 'source = ["a"]', "[source]\npath = 'a.md'"])
def test_a_catalogue_that_cannot_be_understood_is_named(tmp_path, content):
    with pytest.raises(ManifestError) as refused:
        read_catalogue(write(tmp_path / "sources.toml", content))
    assert "sources.toml" in str(refused.value)


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ManifestError) as refused:
        open_collection(tmp_path / "nowhere")
    assert "nowhere" in str(refused.value)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems only have names that are text")
def test_a_name_whose_bytes_are_no_text_can_be_listed(folder):
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("text", encoding="utf-8")
    assert "caf?.md" in paths(open_collection(folder))


def test_an_empty_folder_is_an_empty_collection(tmp_path):
    assert open_collection(tmp_path).entries == ()
