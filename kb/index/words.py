"""The words leg: BM25 over our own terms, one tantivy index for each language.

Only this module imports tantivy. Text reaches it already cut into terms (`kb.text.words`), joined by spaces, so that
one tokenizer serves every engine and a match can always be shown. Japanese is there twice: as pairs of characters,
which find whatever is typed, and as the words of a dictionary, which rank.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import tantivy
from numpy.typing import NDArray

from kb.model.passages import Passage
from kb.text.morphemes import dictionary_version, morphemes
from kb.text.words import TERMS, Term, terms

HEADING_WEIGHT = 0.4
"""Weight of a term in the title or section path next to one in the passage itself."""

Field = Literal["body", "heading"]
FIELD_WEIGHTS: Mapping[Field, float] = {"body": 1.0, "heading": HEADING_WEIGHT}

_WRITER_BYTES = 64_000_000
_LENGTHS = "lengths.json"


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What the words leg looks for.

    `weights` are terms that may occur, each with its weight; `phrases` runs of terms that must occur; `excluded` runs
    that must not; `prefixes` single characters that must begin some term. `variants` are those of `weights` that stand
    for another one of them, so that no passage is expected to hold both.
    """

    weights: Mapping[str, float]
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    variants: frozenset[str] = frozenset()

    @property
    def expected(self) -> WordQuery:
        """The same without variants: what an ideal passage holds."""
        if not self.variants:
            return self
        return replace(self, weights={t: w for t, w in self.weights.items() if t not in self.variants})

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is looked for."""
        return not (self.weights or self.phrases or self.prefixes)


@dataclass(frozen=True, slots=True)
class WordEntry:
    """One passage as the words leg keeps it: its number, its version's number in the build, its two texts as terms."""

    row: int
    version: int
    body: tuple[str, ...]
    heading: tuple[str, ...]
    surface: tuple[str, ...]

    def terms(self, field: Field) -> tuple[str, ...]:
        """Terms of one of its texts."""
        return self.body if field == "body" else self.heading


def word_entry(row: int, version: int, title: str, passage: Passage) -> WordEntry:
    """Terms of a passage and of the headings above it."""
    body = list(terms(passage.text))
    heading = "\n".join((title, *passage.section))
    return WordEntry(
        row,
        version,
        body=_in_order(body, passage.text),
        heading=_in_order(terms(heading), heading),
        surface=tuple(passage.text[t.start : t.end].lower() for t in body if t.kind == "word"),
    )


def _in_order(found: Iterable[Term], text: str) -> tuple[str, ...]:
    """Terms as they follow one another; identifiers and morphemes after all others: none stands inside a phrase."""
    in_order = sorted(found, key=lambda term: term.kind == "identifier")
    return (*(term.value for term in in_order), *(morpheme.term for morpheme in morphemes(text)))


def terms_version() -> str:
    """How words are cut: a build that was cut otherwise is made again, or its words would not be those of a query."""
    return f"{TERMS}, {dictionary_version()}"


def write_words(folder: Path, entries: Iterable[WordEntry]) -> None:
    """Write the words of one language into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lengths = dict.fromkeys(FIELD_WEIGHTS, 0)
    writer = tantivy.Index(_schema(), path=str(folder)).writer(_WRITER_BYTES, num_threads=1)
    for entry in entries:
        document = tantivy.Document()
        document.add_integer("row", entry.row)
        document.add_text("version", str(entry.version))
        document.add_text("body", " ".join(entry.body))
        document.add_text("heading", " ".join(entry.heading))
        document.add_text("surface", " ".join(entry.surface))
        writer.add_document(document)
        lengths = {field: total + len(entry.terms(field)) for field, total in lengths.items()}
    writer.commit()
    writer.wait_merging_threads()
    (folder / _LENGTHS).write_text(json.dumps(lengths), encoding="utf-8")


class WordIndex:
    """The words of one language of a published build; read only, safe to share between threads.

    `lengths` is the number of terms of all passages together, by field.
    """

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self.lengths: Mapping[Field, int] = json.loads((folder / _LENGTHS).read_text(encoding="utf-8"))
        self._schema = _schema()
        self._searcher = index.searcher()
        self._vocabulary: Mapping[str, int] | None = None

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str, field: Field = "body") -> int:
        """In how many passages a term occurs."""
        return int(self._searcher.doc_freq(field, term))

    def vocabulary(self) -> Mapping[str, int]:
        """Words as they are written, lower case, with the number of passages each occurs in; read once."""
        if self._vocabulary is None:
            self._vocabulary = dict(self._searcher.terms_with_prefix("surface", ""))
        return self._vocabulary

    def search(
        self, query: WordQuery, *, limit: int, versions: Sequence[int] | None = None, without: Sequence[int] = ()
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Best rows and their BM25 scores, best first, ties by row.

        `versions` restricts the search to these version numbers, `without` leaves these out.
        """
        if query.is_empty:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found = self._searcher.search(self._compile(query, versions, without), limit=limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        by_score = sorted(((-score, int(row or 0)) for (score, _), row in zip(found, rows, strict=True)))
        return (
            np.array([row for _, row in by_score], np.int64),
            np.array([-score for score, _ in by_score], np.float32),
        )

    def _compile(self, query: WordQuery, versions: Sequence[int] | None, without: Sequence[int]) -> tantivy.Query:
        must, must_not, should = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
        clauses = [
            (should, tantivy.Query.boost_query(self._term(field, term), weight * field_weight))
            for term, weight in query.weights.items()
            for field, field_weight in FIELD_WEIGHTS.items()
            if weight > 0  # a match that scores nothing would still be a match
        ]
        clauses += [(must, self._phrase(run)) for run in query.phrases]
        clauses += [(must, tantivy.Query.regex_query(self._schema, "body", f"{prefix}.?")) for prefix in query.prefixes]
        # tantivy takes a query of should and must-not clauses as it stands: at least one of the former has to match
        clauses += [(must_not, self._phrase(run)) for run in query.excluded]
        if without:
            clauses.append((must_not, self._of_versions(without)))
        if not (query.phrases or query.prefixes or versions is not None):
            return tantivy.Query.boolean_query(clauses)
        if query.weights and not (query.phrases or query.prefixes):
            clauses = [(must, tantivy.Query.boolean_query(clauses))]
        if versions is not None:
            clauses.append((must, tantivy.Query.const_score_query(self._of_versions(versions), 0.0)))
        return tantivy.Query.boolean_query(clauses)

    def _of_versions(self, versions: Sequence[int]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "version", [str(v) for v in versions])

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term)

    def _phrase(self, run: Sequence[str]) -> tantivy.Query:
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = [
            (
                tantivy.Occur.Should,
                self._term(field, run[0])
                if len(run) == 1
                else tantivy.Query.phrase_query(self._schema, field, list(run)),
            )
            for field in FIELD_WEIGHTS
        ]
        return tantivy.Query.boolean_query(parts)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=False, indexed=True, fast=True)
    builder.add_text_field("version", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("heading", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("surface", tokenizer_name="whitespace", index_option="basic")
    return builder.build()
