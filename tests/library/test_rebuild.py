from __future__ import annotations

import shutil

import pytest
from hash_embedder import HashEmbedder

from kb.errors import IndexUnavailableError
from kb.index.builder import bring_up_to_date
from kb.index.vectors import embed_live
from kb.library import rebuild as rebuild_module
from kb.library.doctor import examine
from kb.library.rebuild import rebuild
from kb.library.stats import library_stats

QUERIES = ("cloud services", "クラウドの利用", '"fit for purpose"', "DS-920", "identity -cloud")


@pytest.fixture
def no_model(monkeypatch):
    """Loading a model fails the test."""

    def load(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(rebuild_module, "load_embedder", load)


@pytest.fixture
def model(monkeypatch):
    """The model the settings ask for is now this one."""
    embedder = HashEmbedder("hash-64-new")
    monkeypatch.setattr(rebuild_module, "load_embedder", lambda *_: embedder)
    return embedder


def answers(library):
    return {query: [(h.passage.id, h.score, h.matches) for h in library.search(query).merged.hits] for query in QUERIES}


def is_sound(library):
    return all(finding.ok for finding in examine(library.settings))


def test_deleting_the_index_loses_nothing_and_making_it_again_needs_no_model(make_library, no_model):
    library = make_library()
    before = answers(library)
    shutil.rmtree(library.settings.index_path)
    manifest = rebuild(library.settings)
    assert sum(manifest.counts.values()) == library.store.passages.count()
    assert answers(library) == before
    assert is_sound(library)


@pytest.mark.parametrize(
    "file", ["en/dense/index.faiss", "means.npz", "manifest.json", "ja/words/meta.json", "en/passages/rows.npy"]
)
def test_whatever_is_damaged_in_the_index_is_repaired_without_the_model(make_library, no_model, file):
    library = make_library()
    before = answers(library)
    (library.builds.current() / file).write_bytes(b"damaged")
    assert not is_sound(library)
    rebuild(library.settings)
    assert is_sound(library)
    assert answers(library) == before


def test_a_pointer_that_is_damaged_is_repaired(make_library, no_model):
    library = make_library()
    (library.settings.index_path / "current").write_bytes(b"\x00nowhere")
    assert not is_sound(library)
    rebuild(library.settings)
    assert is_sound(library)


def test_progress_is_told(make_library, no_model):
    library = make_library()
    told = []
    rebuild(library.settings, on_progress=lambda *step: told.append(step))
    assert told[-1] == ("Writing the index", library.store.passages.count(), library.store.passages.count())


def test_vectors_of_another_model_are_made_when_asked_for(make_library, model):
    library = make_library()
    manifest = rebuild(library.settings, embed=True)
    assert manifest.model_id == model.model_id
    assert is_sound(library)
    embedded = len(model.embedded)
    rebuild(library.settings, embed=True)
    assert len(model.embedded) == embedded


def test_a_library_that_was_never_embedded_with_the_model_says_so(make_library, model):
    library = make_library()
    rebuild(library.settings, embed=True)
    model.model_id = "hash-64-third"
    with pytest.raises(IndexUnavailableError) as refused:
        rebuild(library.settings)
    assert "--embed" in refused.value.remedy


def test_vectors_that_are_missing_are_made_again(make_library, monkeypatch):
    library = make_library()
    with library.store.database.write() as connection:
        connection.exec_driver_sql("delete from embeddings")
    monkeypatch.setattr(rebuild_module, "load_embedder", lambda *_: library.embedder)
    rebuild(library.settings, embed=True)
    assert is_sound(library)


def test_a_library_of_a_release_without_token_vectors_is_completed_when_it_is_next_used(make_library):
    library = make_library()
    before = answers(library)
    with library.store.database.write() as connection:
        connection.exec_driver_sql("delete from token_vectors")
    (library.settings.index_path / "current").unlink()
    with pytest.raises(IndexUnavailableError) as refused:
        rebuild(library.settings)
    assert "--embed" in refused.value.remedy
    assert "vectors" in {finding.check for finding in examine(library.settings) if not finding.ok}
    bring_up_to_date(library.store, library.builds, library.embedder)
    assert is_sound(library)
    assert answers(library) == before


def test_codes_made_in_another_way_are_made_again(make_library, monkeypatch):
    library = make_library()
    monkeypatch.setattr("kb.index.vectors.token_codec", lambda language: f"{language}-newer")
    monkeypatch.setattr("kb.index.writer.token_codec", lambda language: f"{language}-newer")
    with pytest.raises(IndexUnavailableError):
        rebuild(library.settings)
    assert embed_live(library.store, library.embedder) == library.store.passages.count()
    rebuild(library.settings)


def test_an_empty_library_can_be_made_again(make_library, model):
    library = make_library({}, build=False)
    assert sum(rebuild(library.settings).counts.values()) == 0
    assert is_sound(library)


def test_figures_count_what_the_library_holds(make_library):
    library = make_library()
    library.write({"empty.md": ""})
    library.remove("data.html")
    library.ingest()
    figures = library_stats(library.settings)
    assert figures["documents"] == 4
    assert figures["by_status"] == {"current": 4, "retired": 1}
    assert figures["by_language"] == {"en": 2, "ja": 2}
    assert figures["by_country"] == {"uk": 1, "jp": 2, "other": 1}
    assert figures["files_not_read"] == 1
    assert figures["model"] == library.embedder.model_id


def test_a_library_with_a_damaged_index_can_still_be_counted(make_library):
    library = make_library()
    (library.builds.current() / "manifest.json").write_text("{")
    assert library_stats(library.settings)["model"] == ""
