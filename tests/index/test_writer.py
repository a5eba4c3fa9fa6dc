"""A build that is written a few passages at a time is the one that would be made of all of them at once."""

from __future__ import annotations

import numpy as np
import pytest

from kb.index import dense, spool, writer
from kb.index.builder import write_build
from kb.index.builds import read_manifest
from kb.index.means import PROBE_PASSAGES_WORTH, probe_means, token_codec
from kb.index.records import Records
from kb.index.tokens import TokenIndex
from kb.index.words import WordIndex, WordQuery
from kb.store import embeddings, passages
from kb.store.passages import live
from kb.text.language import LANGUAGES

MANY = {
    **{f"{i}.md": f"# Paper {i}\n\nCloud services of department {i} and its data.\n" for i in range(7)},
    **{f"{i}.ja.md": f"# 第{i}章\n\n政府のクラウドサービス第{i}号について、整備方針を定める。\n" for i in range(5)},
}


@pytest.fixture(params=["in blocks", "at once"])
def library(request, make_library, monkeypatch):
    """A library whose build was written three passages at a time, or all at once."""
    if request.param == "in blocks":
        monkeypatch.setattr(passages, "_BLOCK_ROWS", 3)
        monkeypatch.setattr(spool, "BLOCK_VECTORS", 2)
    return make_library(MANY)


@pytest.fixture
def members(library):
    """What the truth holds of each language: passages with their vectors and codes."""
    with library.store.database.read() as connection:
        held = {}
        for language in LANGUAGES:
            stored = list(live(connection, language=language))
            hashes = [each.text_hash for each in stored]
            vectors = embeddings.find(connection, library.embedder.model_id, hashes)
            codes = embeddings.find_codes(connection, library.embedder.model_id, token_codec(language), hashes)
            matrix = np.array([vectors[hashed] for hashed in hashes], np.float32)
            held[language] = stored, matrix, [codes[hashed] for hashed in hashes]
    return held


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_are_those_of_the_truth_and_the_norms_those_of_centred_vectors(library, members, language):
    folder = library.builds.current()
    stored, matrix, _ = members[language]
    records, versions = Records.open(folder / language / "passages"), read_manifest(folder).versions
    assert records.rows.tolist() == [each.row for each in stored]
    assert [versions[number] for number in records.versions] == [each.passage.version_id for each in stored]
    probes = probe_means(library.store.database, library.embedder.model_id, None).passages[language]
    mean = (matrix.sum(axis=0) + PROBE_PASSAGES_WORTH * probes) / (len(matrix) + PROBE_PASSAGES_WORTH)
    assert library.reader.snapshot().means.passages[language] == pytest.approx(mean, abs=1e-6)
    assert records.norms == pytest.approx(np.linalg.norm(matrix - mean, axis=1), abs=1e-5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_vectors_and_tokens_are_those_of_the_truth(library, members, language):
    home = library.builds.current() / language
    _, matrix, codes = members[language]
    query = library.embedder.embed_query("cloud services").vector
    places, products = dense.DenseIndex(home / "dense").search(query, limit=len(matrix))
    assert sorted(places) == list(range(len(matrix)))
    assert products == pytest.approx((matrix @ query)[places], abs=1e-6)
    tokens = TokenIndex(home / "tokens", matrix.shape[1])
    assert [each.tobytes() for each in tokens.of(range(len(matrix)))] == codes


def test_words_are_those_of_the_truth(library, members):
    stored, _, _ = members["en"]
    words = WordIndex(library.builds.current() / "en" / "words")
    rows, _ = words.search(WordQuery({"depart": 1.0}), limit=1_000)
    assert set(rows) == {each.row for each in stored if "department" in each.passage.text}
    assert words.size == len(stored)


def test_whoever_waits_is_told_how_far_it_is(library):
    told = []
    model_id = library.embedder.model_id
    write_build(library.store, library.builds, model_id, on_progress=lambda *step: told.append(step))
    total = library.store.passages.count()
    assert told == sorted(told)
    assert told[0] == (0, total)
    assert told[-1] == (total, total)


def test_what_cannot_be_finished_is_not_left_behind(library, monkeypatch):
    folders = set((library.settings.index_path / "builds").iterdir())

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(writer, "write_tokens", fail)
    with pytest.raises(OSError, match="no space"):
        write_build(library.store, library.builds, library.embedder.model_id)
    assert set((library.settings.index_path / "builds").iterdir()) == folders
