"""What a refusal says by itself is what the catalogue says in English."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

import kb.errors
from kb.errors import KbError, UnreadableDocumentError
from kb.i18n import catalogue, has_text, text
from kb.ingest.parse import refusals
from kb.ingest.parse.parsed import Limits
from kb.ingest.parse.wire import error_from_wire, error_to_wire

LIMITS = Limits(max_pages=5_000, max_characters=40_000_000)
REFUSALS: list[UnreadableDocumentError] = [
    refusals.empty(),
    refusals.wordless(),
    refusals.unsupported(".xlsx"),
    refusals.mistaken(suffix=".pdf", looks_like="HTML"),
    refusals.mistaken(suffix=".pdf", looks_like=""),
    refusals.program(),
    refusals.damaged("detail"),
    refusals.broken_off("detail"),
    refusals.encrypted(),
    refusals.no_text_layer(12),
    refusals.garbled(7),
    refusals.too_many_pages(9_000, LIMITS),
    refusals.too_much_text(LIMITS),
    refusals.too_slow(60),
    refusals.too_big_in_memory(900),
    refusals.too_large(50),
    refusals.too_large_unpacked(400),
]


def codes() -> Iterator[str]:
    for _, kind in inspect.getmembers(kb.errors, inspect.isclass):
        if issubclass(kind, KbError):
            yield kind.code


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: str(error.facts.get("reason", error.code)))
def test_a_refusal_says_what_the_catalogue_says(error: UnreadableDocumentError) -> None:
    key = f"error.{error.facts.get('reason', error.code)}"
    assert text("en", key, **error.facts) == error.message
    assert text("en", f"{key}.remedy", **error.facts) == error.remedy
    assert text("ja", key, **error.facts).endswith("。")


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: str(error.facts.get("reason", error.code)))
def test_a_refusal_crosses_the_pipe_unchanged(error: UnreadableDocumentError) -> None:
    crossed = error_from_wire(error_to_wire(error))
    assert type(crossed) is type(error)
    assert (crossed.message, crossed.remedy, crossed.facts) == (error.message, error.remedy, error.facts)


@pytest.mark.parametrize("code", sorted(set(codes())))
def test_every_code_has_a_sentence_and_a_remedy_that_need_no_facts(code: str) -> None:
    assert text("en", f"error.{code}").endswith(".")
    assert text("ja", f"error.{code}.remedy").endswith("。")


def test_sentences_keep_to_the_style_of_the_house() -> None:
    for key, entry in catalogue().items():
        if key.startswith(("error.", "notice.garbled", "notice.unreadable", "notice.xfa")):
            assert "!" not in entry.en + entry.ja, key
            assert "please" not in entry.en.lower(), key
            assert "！" not in entry.ja, key


def test_notices_have_sentences() -> None:
    assert all(has_text(f"notice.{code}") for code in ("garbled-pages", "unreadable-pages", "xfa-form"))
    assert text("en", "notice.garbled-pages", pages="3", n=1) == (
        "The text of page 3 cannot be understood and was left out."
    )
