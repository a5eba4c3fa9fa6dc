"""What a search takes and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.model.editions import Successor
from kb.model.passages import Passage
from kb.model.preference import NO_PREFERENCE, Preference
from kb.model.works import Country, DocumentType, Version
from kb.text.language import Language

Leg = Literal["dense", "words", "identifier"]

COUNTED_FROM = 0.02
"""A passage below this probability of relevance is not counted as found, though it may be shown."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on versions; an empty tuple or None means no condition. Years are inclusive."""

    countries: tuple[Country, ...] = ()
    publishers: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    document_types: tuple[DocumentType, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    current_only: bool = True
    work_id: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beyond the default is asked for."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A glossary term in a query: the words of the query, the term's id, its names by language, the first foremost."""

    surface: str
    term_id: str
    names: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood.

    `text` is what is searched for by meaning; `phrases` must stand in a passage to the letter; `excluded` must not.
    `corrected` is a spelling used in place of the one typed, if any. `expansions` are the glossary terms it holds.
    `preference` is what it says of the documents it would like.
    """

    raw: str
    text: str
    language: Language
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    corrected: str = ""
    expansions: tuple[Expansion, ...] = ()
    preference: Preference = NO_PREFERENCE


@dataclass(frozen=True, slots=True)
class WordPair:
    """A word of a query and the word of a passage in the other language that answers it.

    `ranges` are the characters of the passage's text where it stands; `cosine` says how near the two are, at best.
    """

    asked: str
    found: str
    ranges: tuple[tuple[int, int], ...]
    cosine: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found.

    `similarity` is the cosine of query and passage after subtracting what all texts of their languages share, None
    where meaning was not asked. `token_similarity` is the same of each token of the query and the token of the passage
    it matches best, on average; None where that was not compared. `words` are the words of the passage that match the
    query, as they stand there. `pairs` are those that answer it in the other language, where that was asked for.
    """

    similarity: float | None
    token_similarity: float | None
    word_score: float
    words: tuple[str, ...]
    legs: tuple[Leg, ...]
    pairs: tuple[WordPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found. `score` is an estimated probability of relevance, 0 to 1, comparable across languages."""

    rank: int
    passage: Passage
    version: Version
    score: float
    why: Why
    matches: tuple[tuple[int, int], ...] = ()
    """Character ranges of `passage.text` to mark, ascending and disjoint."""
    successor: Successor | None = None
    """What replaced the edition, where it is an older one and that was asked for."""

    @property
    def is_found(self) -> bool:
        """Whether it counts as found and is not merely nearest."""
        return self.score >= COUNTED_FROM


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits in order, with how many passages and documents were considered worth showing."""

    hits: tuple[Hit, ...]
    passage_count: int
    document_count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Everything one search found: merged, and in columns by language and by country of the document.

    A column holds its own best hits, ranks counted from 1, not a part of the merged list. A passage of a document about
    both countries stands in the column of the one that the heading above it names. `preferred` is the part of the
    query's preference that moved something: a document that fits it stands higher than it would.
    """

    query: Query
    merged: Ranking
    by_language: dict[Language, Ranking]
    by_country: dict[Country, Ranking]
    took_ms: float
    preferred: Preference = NO_PREFERENCE
