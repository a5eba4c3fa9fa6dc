from __future__ import annotations

import json
import threading
import time

import pytest
from hash_embedder import HashEmbedder
from made_library import SMALL

import kb.app
from kb.app import open_library
from kb.errors import IndexUnavailableError, KbError, ModelError, NotFoundError
from kb.index.vectors import embed_live


@pytest.fixture
def embedder(monkeypatch):
    embedder = HashEmbedder()
    monkeypatch.setattr(kb.app, "load_embedder", lambda _: embedder)
    return embedder


@pytest.fixture
def opened():
    """Opens libraries and closes them in the end."""
    libraries = []

    def opened(settings):
        libraries.append(open_library(settings))
        return libraries[-1]

    yield opened
    for library in libraries:
        library.close()


def wait(library, state):
    for _ in range(200):
        if library.readiness.state == state:
            return library.readiness
        time.sleep(0.05)
    raise AssertionError(library.readiness)


def test_a_library_opens_at_once_and_gets_ready_in_the_background(make_library, opened, monkeypatch):
    made, loading = make_library(), threading.Event()
    monkeypatch.setattr(kb.app, "load_embedder", lambda _: loading.wait(10) and HashEmbedder())
    library = opened(made.settings)
    library.start()
    assert library.readiness.state == "preparing"
    with pytest.raises(IndexUnavailableError) as early:
        library.search("cloud")
    assert early.value.facts["reason"] == "preparing"
    assert library.store.versions.list()
    loading.set()
    wait(library, "ready")
    assert library.search("cloud policy").merged.hits


def test_a_model_that_is_missing_is_said_by_every_search(make_library, opened, monkeypatch):
    def fail(_):
        raise ModelError("There is no model.", remedy="Install it.")

    monkeypatch.setattr(kb.app, "load_embedder", fail)
    library = opened(make_library().settings)
    library.start()
    assert isinstance(wait(library, "failed").error, ModelError)
    with pytest.raises(ModelError):
        library.search("cloud")


def test_a_fault_of_ours_is_not_shown_as_getting_ready_for_ever(make_library, opened, monkeypatch):
    def fail(_):
        raise ZeroDivisionError

    monkeypatch.setattr(kb.app, "load_embedder", fail)
    library = opened(make_library().settings)
    library.start()
    assert wait(library, "failed").error.code == KbError.code


def test_an_empty_library_is_made_and_can_be_searched(settings, opened, embedder):
    library = opened(settings)
    library.load()
    assert library.search("cloud").merged.hits == ()
    assert library.builds.current() is not None


@pytest.mark.parametrize("harm", ["no index", "a file is gone", "another layout"])
def test_an_index_that_cannot_be_used_is_made_again_at_start(make_library, opened, embedder, harm):
    made = make_library()
    folder = made.builds.current()
    if harm == "no index":
        (made.settings.index_path / "current").unlink()
    elif harm == "a file is gone":
        (folder / "ja" / "dense" / "index.faiss").unlink()
    else:
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**manifest, "layout": 1}))
    library = opened(made.settings)
    library.load()
    assert library.search("cloud policy").merged.hits
    assert embedder.embedded == []


@pytest.mark.parametrize("file", ["en/dense/index.faiss", "ja/passages/rows.npy", "means.npz", "en/words/meta.json"])
def test_an_index_whose_files_are_damaged_is_made_again_at_start(make_library, opened, embedder, file):
    made = make_library()
    (made.builds.current() / file).write_bytes(b"damaged")
    library = opened(made.settings)
    library.start()
    wait(library, "ready")
    assert library.search("cloud policy").merged.hits
    assert embedder.embedded == []


def test_a_running_library_gets_ready_once_another_process_has_repaired_its_index(
    make_library, opened, embedder, monkeypatch
):
    monkeypatch.setattr(kb.app, "_RETRY_S", 0.05)
    made = make_library()
    embedder.model_id = "another-model"
    library = opened(made.settings)
    library.start()
    assert isinstance(wait(library, "failed").error, IndexUnavailableError)
    made.embedder.model_id = "another-model"
    embed_live(made.store, made.embedder)
    made.build()
    wait(library, "ready")
    assert library.search("cloud policy").merged.hits


def test_loading_waits_for_the_first_page_and_no_longer(make_library, opened, embedder):
    made = make_library()
    library = opened(made.settings)
    library.start(after_s=60)
    time.sleep(0.2)
    assert library.readiness.state == "preparing"
    library.page_shown()
    wait(library, "ready")
    alone = opened(made.settings)
    alone.start(after_s=0.1)
    wait(alone, "ready")


def test_an_index_of_another_model_is_left_alone_and_said(make_library, opened, embedder):
    made = make_library()
    published = made.builds.current()
    embedder.model_id = "another-model"
    library = opened(made.settings)
    with pytest.raises(IndexUnavailableError) as refused:
        library.load()
    assert "KB_MODEL" in refused.value.remedy
    assert made.builds.current() == published


def test_what_another_process_adds_is_found_at_once(make_library, opened, embedder):
    made = make_library({"cloud.en.md": SMALL["cloud.en.md"]})
    library = opened(made.settings)
    library.load()
    made.write({"identity.en.md": SMALL["identity.en.md"]})
    made.ingest()
    assert "identity.en.md" in {hit.version.path for hit in library.search("identity verification").merged.hits}
    made.build()
    assert "identity.en.md" in {hit.version.path for hit in library.search("identity verification").merged.hits}


def test_related_passages_need_a_passage(make_library, opened, embedder):
    library = opened(make_library().settings)
    library.load()
    passage = library.search("cloud policy").merged.hits[0].passage
    assert len(library.related(passage.id, limit=2)) == 2
    with pytest.raises(NotFoundError):
        library.related("nowhere")
