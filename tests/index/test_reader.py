from __future__ import annotations

import shutil
import threading

import numpy as np
import pytest

from kb.errors import IndexUnavailableError
from kb.index import dense
from kb.index.reader import IndexReader
from kb.index.words import WordQuery
from kb.store.passages import live

NEW = {"new.md": "# Zanzibar strategy\n\nThe Zanzibar strategy concerns cloud services on islands.\n"}


def dense_rows(library, text, language="en", **options):
    snapshot = library.reader.snapshot()
    vector, mean = library.embedder.embed_query(text).vector, snapshot.means.queries[language]
    return snapshot.centred(language, vector, mean, limit=50, **options)


def products(library, vector, language="en"):
    """Inner product of a vector with every live passage, of the build or of the tail."""
    leaf = library.reader.snapshot().leaves[language]
    places, found = leaf.dense.search(vector, limit=50)
    return dict(
        zip([*leaf.records.rows[places], *leaf.tail.rows], [*found, *(leaf.tail.vectors @ vector)], strict=True)
    )


def word_rows(library, *searched, language="en", **options):
    wanted = WordQuery(dict.fromkeys(searched, 1.0))
    return library.reader.snapshot().words(language, wanted, limit=50, **options)


def rows_of(library, path):
    version = library.version(path)
    with library.store.database.read() as connection:
        return {stored.row for stored in live(connection) if stored.passage.version_id == version.id}


def test_without_a_build_there_is_nothing_to_search(make_library):
    with pytest.raises(IndexUnavailableError) as missing:
        make_library(build=False).reader.snapshot()
    assert "rebuild" in missing.value.remedy


def test_a_snapshot_is_kept_until_something_changes(make_library):
    library = make_library()
    assert library.reader.snapshot() is library.reader.snapshot()


def test_what_is_committed_is_found_at_once_without_a_new_build(make_library):
    library = make_library()
    published = library.builds.current()
    assert library.paths("Zanzibar strategy")[0] != "new.md"
    library.write(NEW)
    library.ingest()
    assert library.paths("Zanzibar strategy")[0] == "new.md"
    assert library.builds.current() == published
    assert set(word_rows(library, "zanzibar")[0]) == rows_of(library, "new.md")
    assert rows_of(library, "new.md") <= set(dense_rows(library, "Zanzibar strategy")[0])


def test_compaction_changes_neither_the_order_nor_the_scores_of_what_was_new(make_library):
    library = make_library({"a.md": "# A\n\nNothing of interest stands here.\n"})
    library.write(
        {
            f"{i}.md": f"# Document {i}\n\n{'Cloud services of government. ' * i}Department {i} and its data.\n"
            for i in range(1, 9)
        }
    )
    library.ingest()
    texts = ("cloud services", "department data", "document 3", '"services of government"', "government -data")
    before = {text: library.hits(text) for text in texts}
    vector = library.embedder.embed_query("cloud services").vector
    before_build = products(library, vector)
    library.build()
    assert len(library.reader.snapshot().leaves["en"].tail.rows) == 0
    assert products(library, vector) == pytest.approx(before_build, abs=1e-6)
    for text, hits in before.items():
        after = library.hits(text)
        assert [h.passage.id for h in hits] == [h.passage.id for h in after], text
        assert [h.why.word_score for h in hits] == pytest.approx([h.why.word_score for h in after], rel=0.15), text


def test_what_was_replaced_is_never_returned(make_library):
    library = make_library()
    dead = rows_of(library, "identity.en.md")
    assert dead & set(dense_rows(library, "identity verification")[0])
    library.write({"identity.en.md": library.folder.joinpath("identity.en.md").read_text() + "\nOne line more.\n"})
    for described in ("title: Other", "title: Another"):
        library.write(
            {"identity.en.md": f"---\n{described}\n---\n# Proving identity\n\nIdentity verification again.\n"}
        )
        library.ingest()
        alive = rows_of(library, "identity.en.md")
        for found in (dense_rows(library, "identity verification")[0], word_rows(library, "ident", "verif")[0]):
            assert alive <= set(found)
    with library.store.database.read() as connection:
        from kb.store.passages import live

        living = {stored.row for stored in live(connection)}
    for found in (
        dense_rows(library, "identity verification")[0],
        word_rows(library, "ident", "verif")[0],
        library.reader.snapshot().centred("en", library.embedder.embed_query("x").vector, np.zeros(64), limit=50)[0],
    ):
        assert set(found) <= living


def test_a_passage_under_a_new_title_is_found_once_and_under_its_new_number(make_library):
    library = make_library()
    before = rows_of(library, "identity.en.md")
    manifest = library.folder / "list.tsv"
    manifest.write_text("path\ttitle\nidentity.en.md\tA title that is told\n", encoding="utf-8")
    library.ingest(manifest=manifest)
    after = rows_of(library, "identity.en.md")
    assert not before & after
    found = [*dense_rows(library, "identity verification")[0]]
    assert not before & set(found)
    assert after <= set(found)
    assert len(found) == len(set(found))


def test_a_filter_keeps_to_its_versions_in_build_and_tail(make_library):
    library = make_library()
    library.write(NEW)
    library.ingest()
    for path in ("cloud.en.md", "new.md", "data.html"):
        only = {library.version(path).id}
        assert set(dense_rows(library, "cloud services", versions=only)[0]) == rows_of(library, path)
        assert set(word_rows(library, "cloud", "servic", "data", versions=only)[0]) <= rows_of(library, path)
        others = {version.id for version in library.store.versions.list_all()} - only
        left = set(dense_rows(library, "cloud services", versions=others)[0])
        assert left == set(dense_rows(library, "cloud services")[0]) - rows_of(library, path)
        assert not set(word_rows(library, "cloud", "servic", "data", versions=others)[0]) & rows_of(library, path)
    assert len(dense_rows(library, "cloud", versions=set())[0]) == 0
    assert len(word_rows(library, "cloud", versions=set())[0]) == 0


def test_single_passages_can_be_asked_for_in_build_and_tail(make_library):
    library = make_library()
    library.write(NEW)
    library.ingest()
    wanted = np.array(sorted(rows_of(library, "new.md") | rows_of(library, "data.html")), np.int64)
    found, cosines = dense_rows(library, "cloud", rows=wanted)
    assert set(found) == set(wanted)
    assert list(cosines) == sorted(cosines, reverse=True)


def test_every_row_knows_its_version_in_build_and_tail(make_library):
    library = make_library()
    library.write(NEW)
    library.ingest()
    snapshot = library.reader.snapshot()
    for path, language in (("new.md", "en"), ("cloud.ja.md", "ja"), ("cloud.en.md", "en")):
        for row in rows_of(library, path):
            assert snapshot.versions_of(language, np.array([row])) == [library.version(path).id]


@pytest.mark.parametrize("kind", ["as they are", "eight bits", "centred, in inverted lists"])
def test_centring_gives_the_cosine_of_centred_vectors(make_library, monkeypatch, kind):
    if kind != "as they are":
        monkeypatch.setattr(dense, "FLAT_BELOW", 0)
    if kind == "centred, in inverted lists":
        monkeypatch.setattr(dense, "IVF_FROM", 1)
        monkeypatch.setattr(dense, "PROBED_SHARE", 1.0)
    library = make_library()
    library.write(NEW)
    library.ingest()
    snapshot = library.reader.snapshot()
    query, mean = library.embedder.embed_query("cloud services").vector, snapshot.means.queries["en"]
    found = dict(zip(*(a.tolist() for a in snapshot.centred("en", query, mean, limit=50)), strict=True))
    with library.store.database.read() as connection:
        from kb.store import embeddings
        from kb.store.passages import live

        stored = {s.row: s.text_hash for s in live(connection) if s.passage.language == "en"}
        vectors = embeddings.find(connection, library.embedder.model_id, list(stored.values()))
    assert found.keys() == stored.keys()
    for row, cosine in found.items():
        passage = vectors[stored[row]].astype(np.float32) - snapshot.means.passages["en"]
        centred = query - mean
        expected = centred @ passage / np.linalg.norm(centred) / np.linalg.norm(passage)
        assert cosine == pytest.approx(expected, abs=1e-3 if kind == "as they are" else 0.02)
    asked = np.array(sorted(found)[::2], np.int64)
    rows, cosines = snapshot.centred("en", query, mean, limit=50, rows=asked)
    assert dict(zip(rows.tolist(), cosines.tolist(), strict=True)) == pytest.approx(
        {row: found[row] for row in asked.tolist()}, abs=1e-5
    )


def test_a_build_of_another_model_is_refused_with_a_remedy(make_library):
    library = make_library()
    other = IndexReader(library.store, library.builds, "another-model", lambda _: "")
    with pytest.raises(IndexUnavailableError) as refused:
        other.snapshot()
    assert refused.value.facts["asked"] == "another-model"


@pytest.mark.parametrize(
    "file", ["means.npz", "en/passages/rows.npy", "ja/dense/index.faiss", "en/words/meta.json", "manifest.json"]
)
@pytest.mark.parametrize("harm", ["delete", "cut off"])
def test_a_damaged_index_is_said_to_be_so_and_works_once_it_is_made_again(make_library, file, harm):
    library = make_library()
    harmed = library.builds.current() / file
    if harm == "delete":
        harmed.unlink()
    else:
        harmed.write_bytes(harmed.read_bytes()[: harmed.stat().st_size // 2])
    with pytest.raises(IndexUnavailableError) as damaged:
        library.reader.snapshot()
    assert "rebuild" in damaged.value.remedy
    library.build()
    assert library.paths("cloud")


def test_a_build_that_is_cleared_away_while_it_is_opened_is_replaced_by_its_successor(make_library, monkeypatch):
    library = make_library()
    opened = library.builds.current()
    current = library.builds.current
    pointers = iter([opened, opened])
    library.build()
    shutil.rmtree(opened)
    monkeypatch.setattr(library.builds, "current", lambda: next(pointers, None) or current())
    assert library.reader.snapshot().leaves["en"].size
    assert library.paths("cloud")


def test_searches_go_on_while_builds_are_written_and_cleared_away(make_library):
    library = make_library()
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                fresh = IndexReader(library.store, library.builds, library.embedder.model_id, lambda _: "")
                assert fresh.snapshot().leaves["en"].size
                assert library.paths("cloud services")
        except BaseException as error:  # noqa: BLE001  told to the test
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(3):
        library.write({f"more-{number}.md": f"# More {number}\n\nCloud services number {number}.\n"})
        library.ingest()
        library.build()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
