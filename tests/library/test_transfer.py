"""Export and import: the same library elsewhere, with the same links; what is not exactly an export changes nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
import tracemalloc
import zipfile
from contextlib import closing
from dataclasses import replace

import pytest
from made_library import CLOUD_EN, SMALL, small_pdf
from sqlalchemy import insert, select

from kb.errors import ArchiveError
from kb.index.vectors import embed_live
from kb.library.deletion import delete
from kb.library.doctor import examine
from kb.library.export import export
from kb.library.imports import import_library
from kb.library.rebuild import rebuild
from kb.library.withdrawal import restore, withdraw
from kb.model.wiki_writing import WikiImage
from kb.playbook.moving import move
from kb.playbook.pages import Playbook
from kb.playbook.saving import Edit, save
from kb.store import Store, schema

TABLES = [table for name, table in schema.metadata.tables.items() if name in (
    "works", "versions", "former_works", "pages", "headings", "passages", "corrections", "origins",
    "withdrawals", "deletions",
)]  # fmt: skip


PAGE = "---\ntitle: クラウド\n---\n必要なものを借ります。\n"


@pytest.fixture
def library(make_library):
    """Two editions of one document, a withdrawn and a deleted one, a correction, a former id, a PDF, a playbook."""
    library = make_library({**SMALL, "standard.pdf": small_pdf()}, build=False)
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01").replace("fully", "always")})
    library.ingest()
    library.build()
    withdraw(library.store, library.version("identity.en.md").id, by="Aiko Sato", reason="By mistake")
    gone = library.version("data.html")
    withdraw(library.store, gone.id, by="me", reason="why")
    delete(library.settings, library.store, gone.id, title=gone.title, by="me", reason="why")
    cloud = library.version("cloud.en.md")
    with library.store.database.write() as connection:
        connection.execute(
            insert(schema.corrections).values(
                version_id=cloud.id, field="title", value="Cloud", corrected_by="me", corrected_at="2026-01-01"
            )
        )
        connection.execute(insert(schema.former_works).values(id="old-name", work_id=cloud.work_id))
    corpus = library.settings.corpus_dir
    corpus.mkdir(parents=True)
    page = save(library.store, Edit("cloud", "ja", PAGE, 0, "Aya"))
    save(library.store, Edit("cloud", "ja", PAGE.replace("借り", "買い"), page.number, "Ken"))
    move(library.store, "cloud", "sky", author="Aya")
    (corpus / "glossary.toml").write_text('[[term]]\nid = "x"\nen = "X"\nja = "エックス"\n', encoding="utf-8")
    return library


@pytest.fixture
def exported(library, tmp_path):
    path = tmp_path / "library.zip"
    path.write_bytes(b"".join(export(library.settings, library.store)))
    return path


def elsewhere(library, tmp_path):
    return library.settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})


def rows(store):
    with store.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in TABLES
        }


def lines(zipped, name):
    return [json.loads(line) for line in zipped.read(name).splitlines()]


def test_an_import_recreates_the_library_with_every_link(library, exported, tmp_path):
    own = elsewhere(library, tmp_path)
    imported = import_library(own, exported, by="tests")
    store = Store(own)
    assert rows(store) == rows(library.store)
    assert imported.documents == len(library.store.versions.list_all())
    assert {v.id for v in store.versions.list_all() if store.files.is_whole(v.sha256)} == {
        v.id for v in library.store.versions.list_all()
    }
    assert [store.receipts.of_version(v.id) for v in store.versions.list_all()] == [
        library.store.receipts.of_version(v.id) for v in library.store.versions.list_all()
    ]
    assert [entry.action for entry in store.audit.list()] == [
        "imported",
        "page-moved",
        "deleted",
        "withdrawn",
        "withdrawn",
    ]
    assert (imported.corpus / "playbook" / "ja" / "sky.md").read_text(encoding="utf-8") == PAGE.replace("借り", "買い")
    assert Playbook(store).page("cloud", "ja").slug == "sky"
    assert [each.author for each in store.revisions.history(1, "ja")] == ["Ken", "Aya"]
    embed_live(store, library.embedder)
    store.close()
    rebuild(own)
    assert [finding for finding in examine(own) if not finding.ok] == []


def test_images_of_the_playbook_go_along_and_nothing_outside_their_folder(library, tmp_path):
    folder = library.settings.images_dir
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.png").write_bytes(b"image")
    for name in ("0123456789abcdef.png", "../library.sqlite3"):
        library.store.wiki_images.add(WikiImage(name, "image/png", 1, 1, 5, "Words", "Aya", "2026-01-01"))
    path = tmp_path / "images.zip"
    path.write_bytes(b"".join(export(library.settings, library.store)))
    own = elsewhere(library, tmp_path)
    import_library(own, path, by="tests")
    assert [each.name for each in own.images_dir.iterdir()] == ["0123456789abcdef.png"]
    assert (own.images_dir / "0123456789abcdef.png").read_bytes() == b"image"


def test_an_edition_that_is_current_because_of_a_withdrawal_gives_its_place_back_in_an_imported_library_too(
    library, tmp_path
):
    newer = library.version("cloud.en.md")
    (older,) = [each for each in library.store.versions.by_work(newer.work_id) if each.status == "superseded"]
    withdraw(library.store, newer.id, by="me", reason="why")
    file = tmp_path / "again.zip"
    file.write_bytes(b"".join(export(library.settings, library.store)))
    import_library(elsewhere(library, tmp_path), file, by="me")
    with closing(Store(elsewhere(library, tmp_path))) as store:
        assert store.versions.get(older.id).status == "current"
        assert restore(store, newer.id, by="me").status == "current"
        assert store.versions.get(older.id).status == "superseded"


def test_an_export_can_be_read_without_this_program(library, exported):
    with zipfile.ZipFile(exported) as zipped:
        assert zipped.testzip() is None
        manifest = json.loads(zipped.read("manifest.json"))
        assert {info.filename for info in zipped.infolist()} == {*manifest["files"], "manifest.json"}
        for name, member in manifest["files"].items():
            assert hashlib.sha256(zipped.read(name)).hexdigest() == member["sha256"]
        assert (manifest["format"], manifest["version"], manifest["is_complete"]) == ("kakehashi-library", 1, True)
        cloud = library.version("cloud.en.md")
        told = next(row for row in lines(zipped, "data/versions.jsonl") if row["id"] == cloud.id)
        assert (told["title"], told["published"], told["extra"]) == (cloud.title, "2017-01-01", {})
        ids = {row["id"] for row in lines(zipped, "data/passages.jsonl")}
        assert {p.id for p in library.store.passages.list(cloud.id)} <= ids
        table = list(csv.DictReader(io.StringIO(zipped.read("documents.csv").decode("utf-8-sig"))))
        assert {row["permanent_link"] for row in table} >= {f"/d/{cloud.work_id}/{cloud.id}"}
        pdf = library.version("standard.pdf")
        assert zipped.read(f"files/{pdf.id}.pdf") == small_pdf()
        assert zipped.read("questions.jsonl") == b""
        assert str(library.folder).encode() not in b"".join(map(zipped.read, zipped.namelist()))


def test_nothing_of_a_withdrawn_document_is_in_what_everyone_may_have(library):
    content = b"".join(export(library.settings, library.store, with_withdrawn=False))
    hidden = library.version("identity.en.md")
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert json.loads(zipped.read("manifest.json"))["is_complete"] is False
        told = {name: zipped.read(name) for name in zipped.namelist()}
    assert not any(b"level of confidence" in content for content in told.values())
    assert [name for name, text in told.items() if hidden.id.encode() in text] == []


def test_what_a_spreadsheet_would_run_is_only_text(make_library):
    library = make_library({"a.md": "---\ntitle: '=HYPERLINK(\"https://evil\")'\n---\nText of it."}, build=False)
    with zipfile.ZipFile(io.BytesIO(b"".join(export(library.settings, library.store)))) as zipped:
        assert "'=HYPERLINK" in zipped.read("documents.csv").decode()


def test_memory_stays_small_however_large_a_file_is(library, tmp_path):
    with (tmp_path / "large").open("wb") as out:
        for _ in range(60):
            out.write(hashlib.sha256(str(_).encode()).digest() * 32_768)
    with (tmp_path / "large").open("rb") as stream:
        sha256, size = library.store.files.add(stream)
    version = replace(library.version("standard.pdf"), id="aaaabbbbcccc", sha256=sha256, size_bytes=size)
    with library.store.database.write() as connection:
        v = schema.versions
        row = dict(connection.execute(select(v).where(v.c.path == "standard.pdf")).mappings().one())
        connection.execute(insert(v).values({**row, "id": version.id, "sha256": sha256, "size_bytes": size}))
    tracemalloc.start()
    written = sum(map(len, export(library.settings, library.store)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written > 60_000_000
    assert peak < 12_000_000


def test_an_export_of_a_damaged_library_says_so(library):
    library.store.files.remove(library.version("standard.pdf").sha256)
    with pytest.raises(ArchiveError, match="Service Standard"):
        list(export(library.settings, library.store))


def test_nothing_is_imported_over_a_library(library, exported):
    before = rows(library.store)
    with pytest.raises(ArchiveError, match="is not empty"):
        import_library(library.settings, exported, by="tests")
    assert rows(library.store) == before


class Remade:
    """An export written again with changes, its manifest made to agree unless told otherwise."""

    def __init__(self, exported):
        with zipfile.ZipFile(exported) as zipped:
            self.members = {name: zipped.read(name) for name in zipped.namelist()}
        self.manifest = json.loads(self.members.pop("manifest.json"))
        self.infos: dict[str, zipfile.ZipInfo] = {}
        self.packing = zipfile.ZIP_DEFLATED

    def row(self, name, **changed):
        """Change the first row of a table."""
        first, _, rest = self.members[name].partition(b"\n")
        self.members[name] = json.dumps({**json.loads(first), **changed}).encode() + b"\n" + rest

    def agree(self):
        self.manifest["files"] = {
            name: {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in self.members.items()
        }

    def write(self, path, *, twice=""):
        with zipfile.ZipFile(path, "w", self.packing) as zipped:
            for name, content in {**self.members, "manifest.json": json.dumps(self.manifest).encode()}.items():
                zipped.writestr(self.infos.get(name, name), content)
            if twice:
                zipped.writestr(twice, b"again")
        return path


def slip(name):
    def change(remade):
        remade.members[name] = b"escaped"
        remade.agree()

    return change


def link(remade):
    info = zipfile.ZipInfo("files/aaaabbbbcccc.md")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    remade.members[info.filename], remade.infos[info.filename] = b"/etc/passwd", info
    remade.agree()


def bomb(remade):
    remade.members["data/pages.jsonl"] = b" " * 30_000_000
    remade.agree()


def unlisted_change(remade):
    remade.members["data/passages.jsonl"] = remade.members["data/passages.jsonl"].replace(b"cloud", b"crowd")


def changed_row(table, **changed):
    def change(remade):
        remade.row(f"data/{table}.jsonl", **changed)
        remade.agree()

    return change


def swapped_file(remade):
    name = next(name for name in remade.members if name.endswith(".pdf"))
    remade.members[name] = b"%PDF-1.4 another"
    remade.agree()


def newer(remade):
    remade.manifest["version"] = 2


def other_format(remade):
    remade.manifest["format"] = "something"


def no_table(remade):
    del remade.members["data/deletions.jsonl"]
    remade.agree()


def not_json(remade):
    remade.members["data/works.jsonl"] = b"{not json\n"
    remade.agree()


def deep(remade):
    remade.members["data/works.jsonl"] = b"[" * 100_000 + b"\n"
    remade.agree()


@pytest.mark.parametrize(
    "harm",
    [
        *map(slip, ("../escaped", "/tmp/escaped", "files/../../escaped.md", "playbook/en/../../x.md", "C:/x", "a\\b")),
        *(link, bomb, unlisted_change, swapped_file, newer, other_format, no_table, not_json, deep),
        changed_row("versions", language="fr"),
        changed_row("versions", country="atlantis"),
        changed_row("versions", id="aaaabbbbcccc"),
        changed_row("versions", sha256="../../../etc/passwd"),
        changed_row("versions", media_type="image/svg+xml"),
        changed_row("versions", extra=["x"]),
        changed_row("versions", size_bytes="many"),
        changed_row("versions", page_count=True),
        changed_row("versions", unknown=1),
        changed_row("passages", text="Words that stand on no page."),
        changed_row("passages", section=[1]),
        changed_row("passages", version_id="nope"),
        changed_row("passages", row=1 << 70),
        changed_row("receipts", body={"path": 1}),
    ],
)
def test_a_hostile_or_damaged_export_is_refused_and_changes_nothing(library, exported, tmp_path, harm):
    remade = Remade(exported)
    harm(remade)
    path = remade.write(tmp_path / "hostile.zip")
    before = set(tmp_path.rglob("*"))
    own = elsewhere(library, tmp_path)
    with pytest.raises(ArchiveError) as refused:
        import_library(own, path, by="tests")
    assert refused.value.remedy
    assert set(tmp_path.rglob("*")) == before


def test_a_file_that_stands_twice_in_it_is_refused(library, exported, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = Remade(exported).write(tmp_path / "twice.zip", twice="data/works.jsonl")
    with pytest.raises(ArchiveError, match="twice"):
        import_library(elsewhere(library, tmp_path), path, by="tests")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"%PDF-1.7"])
def test_what_is_no_zip_is_refused(library, tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ArchiveError, match="no zip"):
        import_library(elsewhere(library, tmp_path), tmp_path / "x.zip", by="tests")
    assert not (tmp_path / "elsewhere").exists()


def test_an_export_cut_short_is_refused(library, exported, tmp_path):
    content = exported.read_bytes()
    for share in (0.3, 0.7, 0.999):
        exported.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(ArchiveError):
            import_library(elsewhere(library, tmp_path), exported, by="tests")
        assert not (tmp_path / "elsewhere").exists()
