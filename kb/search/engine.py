"""The search of one library: a query in, ranked passages of both languages out."""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Embedder, QueryVectors, Spans
from kb.index.reader import IndexReader
from kb.index.snapshot import Snapshot
from kb.index.tokens import cosines
from kb.model.hits import COUNTED_FROM, Filters, Hit, Query, Ranking, SearchResult, WordPair
from kb.model.passages import Passage, embedded_text
from kb.model.works import Country, Version
from kb.search.alignment import Word, align, shifted, words
from kb.search.coverage import country_of, lists_sources
from kb.search.diversity import LOOKED_AT, spread
from kb.search.expansion import expand, is_term_word
from kb.search.highlight import holds_any, holds_phrases
from kb.search.holdings import Holdings
from kb.search.legs import Gathered, Scored, gather, rank
from kb.search.merge import merge, shares
from kb.search.preference import lifts, met_by, understand_preference
from kb.search.query import understand
from kb.search.related import nearest
from kb.search.shown import Wording, shown
from kb.search.wording import correct, decisive, said_of_documents, word_query
from kb.store import Store, embeddings
from kb.text.glossary import GlossaryFile
from kb.text.language import LANGUAGES, Language

COLUMNS: tuple[Country, ...] = ("uk", "jp", "both", "other")

WORDS_CACHE = 2_000
"""Passages whose words are remembered: some 20 MB. To cut one into words takes four times as long as to compare it."""

_PASSAGES_OF_PAGES = 4
"""Passages that are looked at for each page that is shown: the nearest stand in the same few pages."""

EXPLAINED = 3
"""Hits at the head of a list of which it is said which words answer, however unlikely they are to be relevant."""


class SearchEngine:
    """Searches one library. Deterministic, safe to share between threads."""

    def __init__(self, store: Store, reader: IndexReader, embedder: Embedder, glossary: GlossaryFile) -> None:
        self._store = store
        self._reader = reader
        self._embedder = embedder
        self._glossary = glossary
        self._holdings = Holdings(store)
        self._words = functools.lru_cache(maxsize=WORDS_CACHE)(self._read_words)

    def search(self, text: str, *, filters: Filters, limit: int, aligned: bool = False) -> SearchResult:
        """The best `limit` passages: merged, by language and by country of their documents.

        `aligned` marks, in passages of the other language, the words that answer those of the query.

        Raises `QueryError` for a text that cannot be searched for and `IndexUnavailableError` without an index.
        """
        started = time.perf_counter()
        snapshot = self._reader.snapshot()
        query = self._understood(text, snapshot)
        vectors = self._embedder.embed_query(query.text)  # as typed: a wrong guess misleads, a slip hardly does
        versions = self._holdings.versions(snapshot.revision)
        wording = _wording(query)
        ranked = self._ranked(snapshot, query, vectors, wording, filters, limit)
        merged = merge(ranked, self.least(query))
        by_language: dict[Language, list[Scored]] = {language: [] for language in LANGUAGES}
        for scored in merged:
            by_language[versions[scored.version_id].metadata.language].append(scored)
        by_country = self._by_country(merged, versions, filters)
        lists = [merged, *by_language.values(), *by_country.values()]
        passages = self._store.passages.by_row(sorted({scored.row for some in lists for scored in some[:limit]}))

        pairs: Mapping[int, tuple[WordPair, ...]] = {}
        if aligned:
            explained = [s for some in (merged, *by_country.values()) for s in _explained(some[:limit])]
            pairs = self._pairs(snapshot, query, vectors, explained, passages, versions)
        hits: dict[int, Hit] = {}  # a passage stands in up to three lists and is marked once

        def hit(rank: int, scored: Scored) -> Hit:
            if scored.row not in hits:
                hits[scored.row] = shown(
                    scored,
                    passages[scored.row],
                    versions[scored.version_id],
                    wording,
                    pairs.get(scored.row, ()),
                    query.phrases,
                )
            return replace(hits[scored.row], rank=rank)

        def ranking(some: Sequence[Scored]) -> Ranking:
            counted = [scored for scored in some if scored.probability >= COUNTED_FROM]
            held = [scored for scored in some[:limit] if scored.row in passages]  # others were deleted meanwhile
            return Ranking(
                hits=tuple(hit(rank, scored) for rank, scored in enumerate(held, 1)),
                passage_count=len(counted),
                document_count=len({scored.version_id for scored in counted}),
            )

        return SearchResult(
            query=query,
            merged=ranking(merged),
            by_language={language: ranking(scored) for language, scored in by_language.items()},
            by_country={country: ranking(scored) for country, scored in by_country.items()},
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            preferred=met_by(query.preference, [versions[s.version_id] for s in merged[:limit] if s.raised]),
        )

    def gathered(self, text: str, *, limit: int) -> tuple[Query, Mapping[Language, Gathered]]:
        """A query as understood, and what the legs bring for it in each language, to fit and to examine the ranking."""
        snapshot = self._reader.snapshot()
        query = self._understood(text, snapshot)
        vectors = self._embedder.embed_query(query.text)
        return query, self._gathered(snapshot, query, vectors, _wording(query), Filters(), limit)

    def least(self, query: Query) -> Mapping[Language, float]:
        """Least share of each language in the merged list of an understood query."""
        return shares(query, self._holdings.origins(self._reader.snapshot().revision))

    def related(self, passage_id: str, *, limit: int) -> tuple[Hit, ...]:
        """Passages of other works on the same subject, of either language, best first; raises `NotFoundError`."""
        stored = self._store.passages.stored(passage_id)
        passage = stored.passage
        version = self._store.versions.get(passage.version_id)
        snapshot = self._reader.snapshot()
        vector = self._vector(stored.text_hash, embedded_text(version.title, passage))
        versions = self._holdings.versions(snapshot.revision)
        own = {v.id for v in versions.values() if v.work_id == version.work_id}
        others = frozenset(v.id for v in versions.values() if v.status == "current") - own
        return self._shown(nearest(snapshot, vector, passage.language, versions=others, limit=limit), versions)

    def related_to_page(self, slug: str, language: Language, *, limit: int) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """Other pages of the playbook, and passages of documents, on the subject of a page; best first.

        The subject is the mean of what its passages say. Empty where search does not know the page yet.
        """
        snapshot = self._reader.snapshot()
        versions = self._holdings.versions(snapshot.revision)
        current = [each for each in versions.values() if each.status == "current"]
        own = next((each for each in current if (each.slug, each.metadata.language) == (slug, language)), None)
        said = (
            [
                self._vector(stored.text_hash, embedded_text(own.title, stored.passage))
                for stored in (self._store.passages.stored(each.id) for each in self._store.passages.list(own.id))
            ]
            if own
            else []
        )
        if not said:
            return (), ()
        mean = np.mean(said, axis=0)
        subject = (mean / (float(np.linalg.norm(mean)) or 1.0)).astype(np.float32)
        pages = frozenset(each.id for each in current if each.slug and each.slug != slug)
        documents = frozenset(each.id for each in current if not each.slug)
        near = nearest(snapshot, subject, language, versions=pages, limit=_PASSAGES_OF_PAGES * limit)
        first = {versions[each.version_id].slug: each for each in reversed(near)}
        best = sorted(first.values(), key=lambda scored: (-scored.similarity, scored.row))[:limit]
        passages = nearest(snapshot, subject, language, versions=documents, limit=limit)
        return self._shown(best, versions), self._shown(passages, versions)

    def _shown(self, best: Sequence[Scored], versions: Mapping[str, Version]) -> tuple[Hit, ...]:
        passages = self._store.passages.by_row([scored.row for scored in best])
        return tuple(
            replace(shown(scored, passages[scored.row], versions[scored.version_id], {}), rank=rank)
            for rank, scored in enumerate((scored for scored in best if scored.row in passages), 1)
        )

    def _understood(self, text: str, snapshot: Snapshot) -> Query:
        query = understand(text)
        english = snapshot.leaves["en"]
        query = replace(
            query,
            corrected=correct(
                query,
                english.vocabulary,
                frequency=english.frequency,
                spared=lambda word: is_term_word(word, self._glossary.usable()),
            ),
            expansions=() if query.phrases else expand(query.text, self._glossary.usable()),
        )
        return replace(query, preference=understand_preference(query, self._holdings.origins(snapshot.revision)))

    def _ranked(
        self, snapshot: Snapshot, query: Query, vectors: QueryVectors, wording: Wording, filters: Filters, limit: int
    ) -> Mapping[Language, Sequence[Scored]]:
        """Passages of each language as a reader sees them in a column."""
        versions = self._holdings.versions(snapshot.revision)
        newest = self._holdings.newest_year(snapshot.revision)
        prior, wish = lifts(query.preference, versions, newest=newest)
        names_number = any("#" in term for term in decisive(query))
        gathered = self._gathered(snapshot, query, vectors, wording, filters, limit)
        compared = [row for found in gathered.values() for row in found.rows[: found.compared].tolist()]
        listed = frozenset(row for row, path in self._store.passages.sections(compared).items() if lists_sources(path))
        ranked = {
            language: [
                scored
                for scored in rank(
                    found, query.language, names_number=names_number, prior=prior, wish=wish, listed=listed
                )
                if scored.version_id in versions  # else it was deleted since the snapshot
            ]
            for language, found in gathered.items()
        }
        if query.phrases or query.excluded:
            ranked = {language: self._fitting(query, scored, versions) for language, scored in ranked.items()}
        if filters.work_id:
            return ranked
        pages = self._store.passages.pages([s.row for scored in ranked.values() for s in scored[:LOOKED_AT]])
        return {language: spread(scored, pages) for language, scored in ranked.items()}

    def _gathered(
        self, snapshot: Snapshot, query: Query, vectors: QueryVectors, wording: Wording, filters: Filters, limit: int
    ) -> Mapping[Language, Gathered]:
        allowed = self._holdings.allowed(snapshot.revision, filters)
        asked = _without_countries(query.text, vectors)
        return {
            language: gather(
                snapshot,
                language,
                asked,
                query.language,
                wording[language],
                decisive=decisive(query),
                limit=limit,
                versions=allowed,
            )
            for language in LANGUAGES
        }

    def _pairs(
        self,
        snapshot: Snapshot,
        query: Query,
        vectors: QueryVectors,
        found: Sequence[Scored],
        passages: Mapping[int, Passage],
        versions: Mapping[str, Version],
    ) -> Mapping[int, tuple[WordPair, ...]]:
        """By row, the words that answer the query in those of `found` that are in the other language."""
        asked = words(query.text, vectors.spans)
        turned = snapshot.query_tokens(vectors.tokens, query.language)
        pairs: dict[int, tuple[WordPair, ...]] = {}
        for scored in found:
            if scored.language == query.language or scored.row in pairs or scored.row not in passages:
                continue
            passage = passages[scored.row]
            embedded = embedded_text(versions[scored.version_id].title, passage)
            spans, all_words = self._words(embedded)
            codes = snapshot.codes(scored.language, np.array([scored.row], np.int64))[0]
            if len(codes) != len(spans):  # codes of a model whose tokenizer cannot tell where a token stands
                continue
            pairs[scored.row] = align(
                query.text,
                asked,
                passage.text,
                shifted(all_words, len(embedded) - len(passage.text)),
                cosines(turned, codes),
            )
        return pairs

    def _read_words(self, embedded: str) -> tuple[Spans, Sequence[Word]]:
        spans = self._embedder.passage_spans([embedded])[0]
        return spans, words(embedded, spans)

    def _by_country(
        self, merged: Sequence[Scored], versions: Mapping[str, Version], filters: Filters
    ) -> dict[Country, list[Scored]]:
        """What was found by country; passages of documents about both go where their headings say.

        Not where the search is for documents of some countries: then the document's own country is what counts.
        """
        shared = (
            [] if filters.countries else [s.row for s in merged if versions[s.version_id].metadata.country == "both"]
        )
        sections = self._store.passages.sections(shared)
        by_country: dict[Country, list[Scored]] = {country: [] for country in COLUMNS}
        for scored in merged:
            country = versions[scored.version_id].metadata.country
            by_country[country_of(country, sections.get(scored.row, ()))].append(scored)
        return by_country

    def _fitting(self, query: Query, found: Sequence[Scored], versions: Mapping[str, Version]) -> list[Scored]:
        """Those of `found` that hold every phrase to the letter and nothing excluded.

        Word search only knows stems, and meaning knows neither.
        """
        passages = self._store.passages.by_row([scored.row for scored in found])
        return [  # what holds the phrases to the letter is found, however unlikely it is to answer
            scored._replace(probability=max(scored.probability, COUNTED_FROM)) if query.phrases else scored
            for scored in found
            if scored.row in passages
            and holds_phrases(passages[scored.row], query.phrases)
            and not holds_any(passages[scored.row], versions[scored.version_id].title, query.excluded)
        ]

    def _vector(self, hashed: str, text: str) -> NDArray[np.float32]:
        """Vector of a passage: the one that is kept, else a new one."""
        with self._store.database.read() as connection:
            held = embeddings.find(connection, self._embedder.model_id, [hashed])
        return held[hashed].astype(np.float32) if held else self._embedder.embed_passages([text])[0]


def _explained(ranked: Sequence[Scored]) -> list[Scored]:
    """Those of a list that count as found, and the first few in any case."""
    return [scored for rank, scored in enumerate(ranked) if rank < EXPLAINED or scored.probability >= COUNTED_FROM]


def _wording(query: Query) -> Wording:
    return {language: word_query(query, language) for language in LANGUAGES}


def _without_countries(text: str, vectors: QueryVectors) -> QueryVectors:
    """`vectors` without the tokens that name a country, where the query says more than that."""
    named = said_of_documents(text)
    if not named or len(vectors.spans) != len(vectors.tokens):
        return vectors
    kept = [all(end <= first or start >= last for first, last in named) for start, end in vectors.spans]
    return replace(vectors, tokens=vectors.tokens[kept], spans=())
