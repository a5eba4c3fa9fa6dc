"""The map: what is alike lies near, in both languages, always the same, and every document can be pointed at."""

from __future__ import annotations

import numpy as np
import pytest

from kb.library import map as maps
from kb.library import meaning
from kb.library.map import layout, nearest
from kb.library.meaning import document_map

DIMENSION = 48


def subjects(count: int, members: int) -> tuple[np.ndarray, list[str], list[int]]:
    """Unit vectors of `count` subjects, half of the `members` of each in either language; each has a direction."""
    chance = np.random.default_rng(7)
    centres = chance.normal(size=(count, DIMENSION))
    apart = {"en": chance.normal(size=DIMENSION), "ja": chance.normal(size=DIMENSION)}
    languages = ["en" if i % 2 else "ja" for i in range(count * members)]
    about = [i // members for i in range(count * members)]
    vectors = np.stack(
        [
            centres[s] + 0.5 * apart[k] + 0.3 * chance.normal(size=DIMENSION)
            for s, k in zip(about, languages, strict=True)
        ]
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), languages, about


def test_documents_on_one_subject_are_neighbours_in_either_language():
    vectors, languages, about = subjects(6, 8)
    places = layout(vectors, languages)
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(distances, np.inf)
    closest = distances.argmin(axis=1)
    assert np.mean([about[i] == about[j] for i, j in enumerate(closest)]) > 0.9
    of_other_language = np.where(np.array(languages)[:, None] != np.array(languages), distances, np.inf).argmin(axis=1)
    assert np.mean([about[i] == about[j] for i, j in enumerate(of_other_language)]) > 0.9


def test_the_same_library_gives_the_same_map():
    vectors, languages, _ = subjects(4, 6)
    assert np.array_equal(layout(vectors, languages), layout(vectors.copy(), list(languages)))


def test_documents_stay_in_the_picture_and_apart():
    vectors, languages, _ = subjects(3, 40)
    places = layout(vectors, languages)
    assert places.min() >= 0
    assert places.max() <= 1
    distances = np.linalg.norm((places[:, None] - places) * [maps._ASPECT, 1], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert distances.min() > 0.8 * maps._GAP


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_few_documents_are_a_map_too(count):
    vectors, languages, _ = subjects(1, 6)
    places = layout(vectors[:count], languages[:count])
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


def test_equal_documents_are_no_fault():
    vectors, _, _ = subjects(1, 1)
    places = layout(np.repeat(vectors, 12, axis=0), ["en"] * 12)
    assert np.isfinite(places).all()


def test_of_a_large_library_the_rest_is_placed_among_its_nearest(monkeypatch):
    monkeypatch.setattr(maps, "MOST_LAID_OUT", 40)
    vectors, languages, about = subjects(4, 20)
    order = np.random.default_rng(1).permutation(len(vectors))
    places = layout(vectors[order], [languages[i] for i in order])
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(distances, np.inf)
    assert np.mean([about[order[i]] == about[order[j]] for i, j in enumerate(distances.argmin(axis=1))]) > 0.85


def test_the_nearest_are_told_by_meaning_and_never_the_document_itself(monkeypatch):
    monkeypatch.setattr(maps, "_BLOCK_ROWS", 7)
    vectors, languages, about = subjects(5, 6)
    found = nearest(vectors, languages, 3)
    assert found.shape == (30, 3)
    assert all(i not in row for i, row in enumerate(found))
    assert np.mean([about[i] == about[j] for i, row in enumerate(found) for j in row]) > 0.9


def test_a_library_is_laid_out_once(make_library, monkeypatch):
    library = make_library()
    first = document_map(library.store, library.builds)
    assert set(first.places) == {version.id for version in library.store.versions.list()}
    meaning._map.cache_clear()
    monkeypatch.setattr(meaning, "layout", lambda *_: pytest.fail("it was laid out again"))
    assert document_map(library.store, library.builds) == first


def test_a_damaged_map_is_drawn_again(make_library):
    library = make_library()
    first = document_map(library.store, library.builds)
    (library.settings.index_path / "overview" / "map.json").write_text('{"made_from": 1')
    meaning._map.cache_clear()
    assert document_map(library.store, library.builds) == first


def test_an_empty_library_has_an_empty_map_and_one_without_index_none(make_library):
    empty, none = make_library({}), make_library(build=False)
    assert document_map(empty.store, empty.builds).places == {}
    assert document_map(none.store, none.builds) is None
