"""The late leg: codes that keep the order of float32, a kernel that says what the definition says."""

import numpy as np
import pytest

from kb.index.tokens import (
    STRETCH_TOKENS,
    TokenIndex,
    as_codes,
    code_width,
    encode,
    query_tokens,
    similarities,
    write_tokens,
)

DIMENSION = 64


@pytest.fixture
def draw():
    source = np.random.default_rng(3)
    return lambda count: source.normal(size=(count, DIMENSION)).astype(np.float32)


def exact(query, passage):
    def unit(rows):
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return float((unit(query) @ unit(passage).T).max(axis=1).mean())


def test_codes_rank_passages_as_the_vectors_themselves_do(draw):
    query = draw(6)
    passages = [np.concatenate((query + share * draw(6), draw(30))) for share in (0.3, 0.8, 1.5, 4.0)]
    mean = np.zeros(DIMENSION, np.float32)
    found = similarities(query_tokens(query, mean), [encode(passage, mean) for passage in passages]).passage
    assert list(np.argsort(-found)) == [0, 1, 2, 3]
    assert np.abs(found - [exact(query, passage) for passage in passages]).max() < 0.1


def test_the_mean_of_each_side_is_subtracted(draw):
    offset = 50 * np.ones(DIMENSION, np.float32)
    query, passage, zero = draw(5), draw(20), np.zeros(DIMENSION, np.float32)
    plain = similarities(query_tokens(query, zero), [encode(passage, zero)]).passage
    moved = similarities(query_tokens(query + offset, offset), [encode(passage - offset, -offset)]).passage
    assert moved == pytest.approx(plain, abs=1e-3)


def test_a_passage_or_a_query_without_tokens_is_the_least_similar(draw):
    zero, none = np.zeros(DIMENSION, np.float32), np.zeros((0, DIMENSION), np.float32)
    passages = [encode(none, zero), encode(draw(4), zero), encode(none, zero)]
    for found in similarities(query_tokens(draw(3), zero), passages):
        assert found[0] == found[2] == -1 < found[1]
    for found in similarities(query_tokens(none, zero), passages):
        assert found.tolist() == [-1, -1, -1]


def test_the_score_of_a_passage_does_not_depend_on_its_neighbours(draw):
    zero = np.zeros(DIMENSION, np.float32)
    query, passages = query_tokens(draw(4), zero), [encode(draw(count), zero) for count in (1, 17, 200)]
    together = similarities(query, passages)
    for number, passage in enumerate(passages):
        alone = similarities(query, [passage])
        assert together.passage[number] == pytest.approx(alone.passage[0], abs=1e-6)
        assert together.stretch[number] == pytest.approx(alone.stretch[0], abs=1e-6)


def test_what_matches_side_by_side_counts_more_than_what_matches_all_over_a_passage(draw):
    zero, asked, rest = np.zeros(DIMENSION, np.float32), draw(4), draw(4 * STRETCH_TOKENS)
    near, apart = rest.copy(), rest.copy()
    near[:4] = asked
    apart[[0, STRETCH_TOKENS, 2 * STRETCH_TOKENS, 3 * STRETCH_TOKENS]] = asked
    found = similarities(query_tokens(asked, zero), [encode(near, zero), encode(apart, zero)])
    assert found.passage[0] == pytest.approx(found.passage[1], abs=0.02)
    assert found.stretch[0] > found.stretch[1] + 0.3


@pytest.mark.parametrize("count", [1, 7, 48, 71, 72, 73, 500])
def test_no_stretch_is_better_than_the_whole_passage(draw, count):
    zero, query, passage = np.zeros(DIMENSION, np.float32), draw(5), draw(count)
    found = similarities(query_tokens(query, zero), [encode(passage, zero)])
    assert found.stretch[0] <= found.passage[0] + 1e-6
    if count <= STRETCH_TOKENS:
        assert found.stretch[0] == pytest.approx(found.passage[0], abs=1e-6)


@pytest.mark.parametrize("dimension", [64, 384, 386])
def test_turning_keeps_lengths_and_four_components_fit_a_byte(dimension):
    states = np.random.default_rng(1).normal(size=(10, dimension)).astype(np.float32)
    turned = query_tokens(states, np.zeros(dimension, np.float32))
    assert np.linalg.norm(turned, axis=1) == pytest.approx(1, abs=1e-4)
    codes = encode(states, np.zeros(dimension, np.float32))
    assert codes.shape == (10, code_width(dimension))
    assert codes.dtype == np.uint8
    assert (as_codes(codes.tobytes(), dimension) == codes).all()


def test_codes_are_the_same_on_every_machine():
    states = np.sin(np.arange(3 * 8, dtype=np.float32)).reshape(3, 8)
    assert encode(states, np.zeros(8, np.float32)).tolist() == [[173, 164], [82, 104], [150, 91]]


def test_codes_are_read_back_in_the_order_of_the_build(tmp_path, draw):
    zero = np.zeros(DIMENSION, np.float32)
    written = [encode(draw(count), zero) for count in (3, 0, 7)]
    write_tokens(tmp_path / "tokens", (codes.tobytes() for codes in written), DIMENSION)
    index = TokenIndex(tmp_path / "tokens", DIMENSION)
    assert index.size == 3
    assert [codes.tolist() for codes in index.of([2, 0, 1])] == [written[i].tolist() for i in (2, 0, 1)]


def test_a_truncated_file_of_codes_is_damage(tmp_path, draw):
    write_tokens(tmp_path / "tokens", [encode(draw(3), np.zeros(DIMENSION, np.float32)).tobytes()], DIMENSION)
    file = tmp_path / "tokens" / "codes.bin"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ValueError, match="bytes"):
        TokenIndex(tmp_path / "tokens", DIMENSION)


def test_no_passages_make_an_empty_index(tmp_path):
    write_tokens(tmp_path / "tokens", [], DIMENSION)
    assert TokenIndex(tmp_path / "tokens", DIMENSION).size == 0
