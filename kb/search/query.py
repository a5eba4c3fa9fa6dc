"""Understanding what was typed: language, phrases, exclusions, identifiers."""

from __future__ import annotations

import re

from kb.errors import QueryError
from kb.model.hits import Query
from kb.text.language import HAN, KANA, Language, language_of
from kb.text.normalise import normalise, one_line
from kb.text.words import terms

MOST_CHARACTERS = 1_000
"""Longest query; the model reads about this much, and a longer text is a document rather than a question."""

_QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?["“”„]([^"“”„]*)["“”„]')
_EXCLUDED = re.compile(r"(?<!\S)-(?=\S)([^\s\"“”]+)")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_ENGLISH_GLUE = re.compile(
    r"\b(the|a|an|is|are|was|were|does|do|did|of|in|on|for|to|and|or|with|by|from|at|as|what|which|who|when|where|why|how)\b",
    re.IGNORECASE,
)


def understand(raw: str) -> Query:
    """`raw` as a query; raises `QueryError` with a `reason` where there is nothing to search for.

    `"..."` must be found to the letter, `-word` or `-"..."` must not be found.
    """
    if len(raw) > MOST_CHARACTERS:
        raise QueryError(
            f"The question has {len(raw):,} characters; at most {MOST_CHARACTERS:,} can be searched for.",
            remedy="Shorten it to a question or a few words.",
            reason="query-too-long",
            length=len(raw),
            most=MOST_CHARACTERS,
        )
    text = one_line(normalise(raw))
    if not text:
        raise QueryError("Nothing was typed.", remedy="Type a question or a few words.", reason="query-empty")
    phrases: list[str] = []
    excluded: list[str] = []

    def take_quoted(match: re.Match[str]) -> str:
        inner = one_line(match.group(2))
        if inner:
            (excluded if match.group("minus") else phrases).append(inner)
        return " " if match.group("minus") else f" {inner} "

    def take_excluded(match: re.Match[str]) -> str:
        excluded.append(match.group(1))
        return " "

    text = one_line(_EXCLUDED.sub(take_excluded, _QUOTED.sub(take_quoted, text)))
    found = list(terms(text))
    if not found:
        raise QueryError(
            "There are no words to search for in this question.",
            remedy="Use letters or numbers, in English or Japanese.",
            reason="query-no-words",
        )
    return Query(
        raw=raw,
        text=text,
        language=query_language(text),
        phrases=tuple(p for p in phrases if any(True for _ in terms(p))),
        excluded=tuple(e for e in excluded if any(True for _ in terms(e))),
        identifiers=tuple(dict.fromkeys(t.value for t in found if t.kind == "identifier")),
    )


def query_language(text: str) -> Language:
    """Language of a query: an English sentence that names something in Japanese is still English."""
    if not (KANA.search(text) or HAN.search(text)):
        return "en"
    if not _HIRAGANA.search(text) and _ENGLISH_GLUE.search(text):
        return "en"
    return "ja" if _HIRAGANA.search(text) else language_of(text)
