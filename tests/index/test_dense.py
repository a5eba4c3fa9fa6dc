"""One contract for every kind of dense index; the thresholds are lowered so that each kind is made from few vectors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
import pytest

from kb.index import dense
from kb.index.dense import DenseIndex

COUNT, DIMENSION = 3000, 32


@pytest.fixture(scope="module")
def vectors():
    made = np.random.default_rng(7).normal(size=(COUNT, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def rows():
    """Row numbers as they are in a library: ascending, with gaps."""
    return np.sort(np.random.default_rng(8).choice(10 * COUNT, COUNT, replace=False)).astype(np.int64)


@pytest.fixture(params=["flat", "eight bits", "inverted lists"])
def kind(request, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_BELOW", COUNT + 1 if request.param == "flat" else 0)
    monkeypatch.setattr(dense, "IVF_FROM", 1 if request.param == "inverted lists" else COUNT + 1)
    return request.param


@pytest.fixture
def index(kind, rows, vectors):
    return DenseIndex.build(rows, vectors)


def exact(vectors, rows, query, limit, allowed=None):
    products = vectors @ query
    if allowed is not None:
        products = np.where(np.isin(rows, allowed), products, -np.inf)
    return rows[np.argsort(-products, kind="stable")[:limit]]


def test_a_vector_finds_itself_under_its_row(index, rows, vectors):
    for i in (0, 1, COUNT // 2, COUNT - 1):
        found, products = index.search(vectors[i], limit=3)
        assert found[0] == rows[i]
        assert products[0] == pytest.approx(1.0, abs=0.02)
        assert list(products) == sorted(products, reverse=True)


def test_what_is_found_is_nearly_what_an_exact_scan_finds(index, rows, vectors, kind):
    queries = np.random.default_rng(9).normal(size=(20, DIMENSION)).astype(np.float32)
    shares = [
        len(set(index.search(query, limit=20)[0]) & set(exact(vectors, rows, query, 20))) / 20 for query in queries
    ]
    assert np.mean(shares) >= {"flat": 1.0, "eight bits": 0.95, "inverted lists": 0.6}[kind]


@pytest.mark.parametrize("kept", [1, 7, 100])
def test_a_narrow_filter_loses_nothing_of_what_it_keeps(index, rows, vectors, kept):
    allowed = np.random.default_rng(kept).choice(rows, kept, replace=False)
    query = vectors[5]
    found, _ = index.search(query, limit=kept, allowed=allowed)
    assert set(found) == set(allowed)
    best, _ = index.search(query, limit=1, allowed=allowed)
    assert best[0] in exact(vectors, rows, query, 3, allowed)


def test_a_wide_filter_never_lets_anything_else_through(index, rows, vectors):
    allowed = rows[::2].copy()
    found, _ = index.search(vectors[1], limit=500, allowed=allowed)
    assert len(found)
    assert set(found) <= set(allowed)


def test_an_empty_filter_finds_nothing(index, vectors):
    found, products = index.search(vectors[0], limit=5, allowed=np.empty(0, np.int64))
    assert len(found) == len(products) == 0


def test_rows_that_are_not_in_the_index_do_not_disturb(index, rows, vectors):
    foreign = np.array([10 * COUNT + 5, 10 * COUNT + 900], np.int64)
    found, _ = index.search(vectors[0], limit=5, allowed=np.concatenate((rows[:1], foreign)))
    assert list(found) == [rows[0]]


def test_more_is_not_given_than_there_is(kind):
    few = np.eye(3, DIMENSION, dtype=np.float32)
    if kind == "inverted lists":
        pytest.skip("inverted lists are made of many vectors only")
    found, _ = DenseIndex.build(np.array([4, 5, 6]), few).search(few[0], limit=50)
    assert sorted(found) == [4, 5, 6]


def test_what_was_saved_answers_the_same(index, vectors, tmp_path):
    index.save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    assert opened.size == index.size == COUNT
    for before, after in zip(index.search(vectors[3], limit=10), opened.search(vectors[3], limit=10), strict=True):
        np.testing.assert_array_equal(before, after)


def test_threads_share_an_index(index, rows, vectors):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda i: index.search(vectors[i], limit=1, allowed=rows)[0][0], range(200)))
    assert found == list(rows[:200])


def test_an_empty_index_finds_nothing(tmp_path):
    DenseIndex.build(np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32)).save(tmp_path / "dense.faiss")
    found, _ = DenseIndex.open(tmp_path / "dense.faiss").search(np.ones(DIMENSION, np.float32), limit=5)
    assert len(found) == 0


def test_a_search_computes_in_its_own_thread_whichever_that_is(vectors, rows):
    index = DenseIndex.build(rows, vectors)

    def threads_of_a_search():
        index.search(vectors[0], limit=3)
        return faiss.omp_get_max_threads()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(threads_of_a_search).result() == 1
