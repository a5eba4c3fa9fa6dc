from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.embedding.batching import batches

LENGTHS = st.lists(st.integers(2, 512), max_size=200)


@given(LENGTHS, st.integers(1, 4096))
def test_every_text_is_in_one_batch(lengths: list[int], most: int) -> None:
    assert sorted(place for batch in batches(lengths, max_tokens=most) for place in batch) == list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 4096))
def test_a_batch_stays_within_its_tokens_unless_one_text_is_longer(lengths: list[int], most: int) -> None:
    for batch in batches(lengths, max_tokens=most):
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= most


@given(LENGTHS)
def test_batches_go_from_long_to_short(lengths: list[int]) -> None:
    order = [lengths[place] for batch in batches(lengths) for place in batch]
    assert order == sorted(lengths, reverse=True)
