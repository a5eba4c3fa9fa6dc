"""What every embedder must do, tried on the real default model in both its forms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.embedding.embedder import Embedder
from kb.embedding.fast import OpenVinoEmbedder

TEXTS = [
    "Public services should work for everyone.",
    "ガバメントクラウドは、政府の共通クラウド基盤である。",
    "本人確認",
    "A longer paragraph. " * 30,
    "",
]


def test_rows_are_unit_vectors_in_the_order_of_the_texts(either: Embedder) -> None:
    rows = either.embed_passages(TEXTS)
    assert rows.shape == (len(TEXTS), either.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(TEXTS, rows, strict=True):
        assert either.embed_passages([text])[0] @ row > 0.9999


def test_no_texts_give_no_rows(either: Embedder) -> None:
    assert either.embed_passages([]).shape == (0, either.dimension)
    assert either.embed_queries([]).shape == (0, either.dimension)
    assert either.count_tokens([]) == []


def test_a_query_alone_is_the_query_among_others(either: Embedder) -> None:
    together = either.embed_queries(TEXTS)
    assert either.embed_query(TEXTS[1]).vector.shape == (either.dimension,)
    assert either.embed_query(TEXTS[1]).vector @ together[1] > 0.9999


def test_a_query_and_a_passage_of_the_same_words_differ(either: Embedder) -> None:
    assert either.embed_query(TEXTS[0]).vector @ either.embed_passages(TEXTS[:1])[0] < 0.999


def test_a_query_finds_its_passage_in_the_other_language(either: Embedder) -> None:
    likeness = either.embed_passages(TEXTS[:3]) @ either.embed_query("What is Government Cloud?").vector
    assert int(likeness.argmax()) == 1


def test_a_remembered_query_cannot_be_altered(either: Embedder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        either.embed_query("確認").vector[0] = 1.0


def test_text_beyond_the_limit_is_not_seen(either: Embedder) -> None:
    long = "行政手続" * 600
    assert either.count_tokens([long])[0] > either.max_tokens
    rows = either.embed_passages([long, long + "。まったく別のこと"])
    assert rows[0] @ rows[1] > 0.9999


def test_tokens_are_counted_without_special_tokens(either: Embedder) -> None:
    assert either.count_tokens(["", "本人確認", "how much protein per day"]) == [0, 3, 5]


def test_progress_ends_with_all_texts(either: Embedder) -> None:
    told: list[int] = []
    either.embed_passages(TEXTS, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == len(TEXTS)


def test_several_threads_may_ask_at_once(either: Embedder) -> None:
    alone = either.embed_queries(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: either.embed_queries([TEXTS[number % 5]])[0], range(12)))
    for number, row in enumerate(together):
        assert row @ alone[number % 5] > 0.9999


@given(order=st.permutations(range(len(TEXTS))))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_vector_does_not_depend_on_the_order_of_texts(fast: OpenVinoEmbedder, order: list[int]) -> None:
    rows = fast.embed_passages(TEXTS)
    again = fast.embed_passages([TEXTS[number] for number in order])
    assert np.allclose(again, rows[order], atol=1e-4)


def test_tokens_that_say_nothing_are_left_out(either: Embedder) -> None:
    told: dict[int, np.ndarray] = {}
    either.embed_passages(["本人確認", "A, B.", "…!?", ""], on_tokens=told.__setitem__)
    assert {place: states.shape for place, states in told.items()} == {
        0: (2, either.dimension),
        1: (2, either.dimension),
        2: (0, either.dimension),
        3: (0, either.dimension),
    }
    assert either.embed_query("本人確認").tokens.shape == (2, either.dimension)


def test_a_token_is_itself_alone_and_among_other_texts(either: Embedder) -> None:
    together: dict[int, np.ndarray] = {}
    either.embed_queries(TEXTS, on_tokens=together.__setitem__)
    alone = either.embed_query(TEXTS[1]).tokens
    assert np.allclose(together[1], alone, atol=5e-2)


def test_both_forms_give_the_same_tokens(fast: OpenVinoEmbedder, reference: Embedder) -> None:
    for text in TEXTS[:3]:
        one, other = fast.embed_query(text).tokens, reference.embed_query(text).tokens
        assert one.shape == other.shape
        cosines = (one * other).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
        assert cosines.min() > 0.999


SPANNED = [
    "How is identity verified online?",
    "本人確認の方法は、DS-920 による。",
    " café  naïve\nＡＩ の利用 ",
    "A, B. …!?",
    "",
]


def test_every_token_of_a_query_says_where_it_stands(either: Embedder) -> None:
    for text in SPANNED:
        query = either.embed_query(text)
        assert len(query.spans) == len(query.tokens)
        assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in query.spans)
        assert list(query.spans) == sorted(query.spans)
    words = ["How", "is", "identity", "ver", "ified", "online"]
    assert [SPANNED[0][start:end] for start, end in either.embed_query(SPANNED[0]).spans] == words


def test_a_passage_has_a_span_for_exactly_the_tokens_that_are_kept(either: Embedder) -> None:
    texts = [*SPANNED, "行政手続における本人確認。" * 300]
    told: dict[int, np.ndarray] = {}
    either.embed_passages(texts, on_tokens=told.__setitem__)
    spans = either.passage_spans(texts)
    assert [len(each) for each in spans] == [len(told[place]) for place in range(len(texts))]
    assert max(end for _, end in spans[-1]) < len(texts[-1])
    assert [texts[1][start:end] for start, end in spans[1]][:2] == ["本人", "確認"]


def test_both_forms_give_the_same_spans(fast: OpenVinoEmbedder, reference: Embedder) -> None:
    assert fast.passage_spans(SPANNED) == reference.passage_spans(SPANNED)
