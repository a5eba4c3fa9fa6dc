"""One contract for every kind of dense index; the thresholds are lowered so that each kind is made from few vectors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
import pytest

from kb.index import dense, spool
from kb.index.builds import DAMAGE, checksums
from kb.index.dense import DenseIndex, write_dense
from kb.index.selection import Selection
from kb.index.spool import Spool

COUNT, DIMENSION = 3000, 32


@pytest.fixture(scope="module")
def vectors():
    made = np.random.default_rng(7).normal(size=(COUNT, DIMENSION)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float16).astype(np.float32)  # as the truth keeps them


def written(folder, vectors, mean=None):
    """An index of these vectors, opened from its files."""
    folder.mkdir(exist_ok=True)
    with Spool(folder, vectors.shape[1]) as spool:
        for start in range(0, len(vectors), 700):
            spool.add(vectors[start : start + 700])
        write_dense(folder / "dense", spool, np.zeros(DIMENSION, np.float32) if mean is None else mean)
    return DenseIndex(folder / "dense")


def only(*places):
    kept = np.zeros(COUNT, bool)
    kept[list(places)] = True
    return Selection.of(kept)


@pytest.fixture(params=["flat", "eight bits", "inverted lists"])
def kind(request, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_BELOW", COUNT + 1 if request.param == "flat" else 0)
    monkeypatch.setattr(spool, "BLOCK_VECTORS", 1_000)
    monkeypatch.setattr(dense, "IVF_FROM", 1 if request.param == "inverted lists" else COUNT + 1)
    return request.param


@pytest.fixture
def index(kind, vectors, tmp_path):
    return written(tmp_path, vectors)


def exact(vectors, query, limit, allowed=None):
    products = vectors @ query
    if allowed is not None:
        products = np.where(np.isin(np.arange(COUNT), allowed), products, -np.inf)
    return np.argsort(-products, kind="stable")[:limit]


def test_a_vector_finds_itself_at_its_place(index, vectors):
    for i in (0, 1, COUNT // 2, COUNT - 1):
        found, products = index.search(vectors[i], limit=3)
        assert found[0] == i
        assert products[0] == pytest.approx(1.0, abs=0.02)
        assert list(products) == sorted(products, reverse=True)


def test_what_is_found_is_nearly_what_an_exact_scan_finds(index, vectors, kind, monkeypatch):
    monkeypatch.setattr(dense, "PROBED_SHARE", 0.5)  # these vectors are drawn at random and have no neighbourhoods
    queries = np.random.default_rng(9).normal(size=(20, DIMENSION)).astype(np.float32)
    shares = [len(set(index.search(query, limit=20)[0]) & set(exact(vectors, query, 20))) / 20 for query in queries]
    assert np.mean(shares) >= {"flat": 1.0, "eight bits": 0.95, "inverted lists": 0.8}[kind]


def test_of_vectors_with_neighbourhoods_a_tenth_of_the_lists_holds_nearly_all_that_is_near(tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "IVF_FROM", 1)
    source = np.random.default_rng(3)
    centres = source.normal(size=(60, DIMENSION))
    made = (centres[source.integers(60, size=COUNT)] + 0.6 * source.normal(size=(COUNT, DIMENSION))).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    index = written(tmp_path, made)
    shares = [len(set(index.search(q, limit=40)[0]) & set(exact(made, q, 40))) / 40 for q in made[:60]]
    assert np.mean(shares) >= 0.9


def test_inverted_lists_hold_vectors_centred_so_that_nothing_is_lost_to_another_order(tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "IVF_FROM", 1)
    monkeypatch.setattr(dense, "PROBED_SHARE", 1.0)
    source = np.random.default_rng(4)
    shared = source.normal(size=DIMENSION)  # what all texts of a language have in common
    made = (3 * shared + source.normal(size=(COUNT, DIMENSION))).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    mean = made.mean(axis=0)
    index = written(tmp_path, made, mean)
    centred = (made - mean) / np.linalg.norm(made - mean, axis=1, keepdims=True)
    shares = [len(set(index.search(q, limit=40)[0]) & set(exact(centred, q, 40))) / 40 for q in centred[:40]]
    assert index.is_centred
    assert np.mean(shares) >= 0.95


def test_eight_bits_are_trained_on_blocks_as_on_all_vectors_at_once(vectors, tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_BELOW", 0)
    monkeypatch.setattr(spool, "BLOCK_VECTORS", 1_000)
    written(tmp_path, vectors)
    at_once = faiss.IndexScalarQuantizer(DIMENSION, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    at_once.train(vectors)
    at_once.add(vectors)
    assert (tmp_path / "dense" / "index.faiss").read_bytes() == faiss.serialize_index(at_once).tobytes()


def test_with_every_list_scanned_only_the_rounding_is_lost(index, vectors, monkeypatch):
    monkeypatch.setattr(dense, "PROBED_SHARE", 1.0)
    queries = np.random.default_rng(9).normal(size=(20, DIMENSION)).astype(np.float32)
    shares = [len(set(index.search(query, limit=20)[0]) & set(exact(vectors, query, 20))) / 20 for query in queries]
    assert np.mean(shares) >= 0.95


def test_products_at_places_are_those_of_a_search(index, vectors):
    found, products = index.search(vectors[9], limit=50)
    order = np.random.default_rng(1).permutation(50)
    assert index.products(vectors[9], found[order]) == pytest.approx(products[order], abs=1e-5)
    assert index.products(vectors[9], np.array([9, 3])) == pytest.approx(vectors[[9, 3]] @ vectors[9], abs=0.02)
    assert len(index.products(vectors[9], np.empty(0, np.int64))) == 0


@pytest.mark.parametrize("kept", [1, 7, 100])
def test_a_narrow_filter_loses_nothing_of_what_it_keeps(index, vectors, kept):
    allowed = np.random.default_rng(kept).choice(COUNT, kept, replace=False)
    query = vectors[5]
    found, _ = index.search(query, limit=kept, selection=only(*allowed))
    assert set(found) == set(allowed)
    best, _ = index.search(query, limit=1, selection=only(*allowed))
    assert best[0] in exact(vectors, query, 3, allowed)


def test_a_wide_filter_never_lets_anything_else_through(index, vectors):
    allowed = range(0, COUNT, 2)
    found, _ = index.search(vectors[1], limit=500, selection=only(*allowed))
    assert len(found)
    assert set(found) <= set(allowed)


def test_a_filter_has_as_many_more_lists_scanned_as_it_leaves_out(vectors, tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "IVF_FROM", 1)
    index = written(tmp_path, vectors)
    half = only(*range(0, COUNT, 2))
    found = {}
    for share in (0.1, 0.2):
        monkeypatch.setattr(dense, "PROBED_SHARE", share)
        found[share] = index.search(vectors[1], limit=COUNT, selection=half if share == 0.1 else None)[0]
    assert {place for place in found[0.2] if place % 2 == 0} == set(found[0.1])


def test_an_empty_filter_finds_nothing(index, vectors):
    found, products = index.search(vectors[0], limit=5, selection=only())
    assert len(found) == len(products) == 0


def test_more_is_not_given_than_there_is(kind, tmp_path):
    if kind == "inverted lists":
        pytest.skip("inverted lists are made of many vectors only")
    few = np.eye(3, DIMENSION, dtype=np.float32)
    found, _ = written(tmp_path, few).search(few[0], limit=50)
    assert sorted(found) == [0, 1, 2]


def test_the_same_vectors_make_the_same_files(kind, vectors, tmp_path):
    written(tmp_path / "first", vectors)
    written(tmp_path / "second", vectors)
    assert checksums(tmp_path / "first") == checksums(tmp_path / "second")


def test_nothing_but_the_index_is_left_in_its_folder(index, kind, tmp_path):
    due = {"index.faiss"} | ({"lists.bin", "sizes.npy"} if kind == "inverted lists" else set())
    assert {path.name for path in (tmp_path / "dense").iterdir()} == due


def test_an_index_can_be_moved_and_says_nothing(index, vectors, tmp_path, capfd):
    before = index.search(vectors[3], limit=10)
    (tmp_path / "dense").rename(tmp_path / "elsewhere")
    moved = DenseIndex(tmp_path / "elsewhere")
    assert moved.size == index.size == COUNT
    for one, other in zip(before, moved.search(vectors[3], limit=10), strict=True):
        np.testing.assert_array_equal(one, other)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_was_cut_off_is_noticed_when_it_is_opened(index, tmp_path):
    for file in (tmp_path / "dense").iterdir():
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(DAMAGE):
            DenseIndex(tmp_path / "dense")
        file.write_bytes(whole)


def test_threads_share_an_index(index, vectors):
    everything = only(*range(COUNT))
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda i: index.search(vectors[i], limit=1, selection=everything)[0][0], range(200)))
    assert found == list(range(200))


def test_an_empty_index_finds_nothing(tmp_path):
    found, _ = written(tmp_path, np.empty((0, DIMENSION), np.float32)).search(np.ones(DIMENSION, np.float32), limit=5)
    assert len(found) == 0


def test_a_search_computes_in_its_own_thread_whichever_that_is(index, vectors):
    def threads_of_a_search():
        index.search(vectors[0], limit=3)
        return faiss.omp_get_max_threads()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(threads_of_a_search).result() == 1
