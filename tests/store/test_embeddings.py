from __future__ import annotations

import numpy as np

from kb.store import embeddings


def test_vectors_are_found_by_model_and_text(store):
    vectors = np.eye(3, 8, dtype=np.float32)
    with store.database.write() as connection:
        embeddings.save(connection, "m1", ["a", "b", "c"], vectors)
        embeddings.save(connection, "m2", ["a"], vectors[2:])
    with store.database.read() as connection:
        found = embeddings.find(connection, "m1", ["a", "c", "nowhere"])
        assert found.keys() == {"a", "c"}
        np.testing.assert_array_equal(found["c"], vectors[2])
        assert embeddings.counts(connection) == {"m1": 3, "m2": 1}


def test_a_vector_that_is_held_stays(store):
    with store.database.write() as connection:
        embeddings.save(connection, "m", ["a"], np.ones((1, 4)))
        embeddings.save(connection, "m", ["a"], np.zeros((1, 4)))
    with store.database.read() as connection:
        assert embeddings.find(connection, "m", ["a"])["a"].sum() == 4


def test_more_texts_than_fit_one_statement_are_found(store):
    hashes = [f"h{i}" for i in range(1300)]
    with store.database.write() as connection:
        embeddings.save(connection, "m", hashes, np.ones((1300, 2)))
    with store.database.read() as connection:
        assert len(embeddings.find(connection, "m", hashes)) == 1300
