"""Searches that find a document, tried when it has been added: the proof for its reader that it can be found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kb.embedding.embedder import Embedder
from kb.errors import KbError
from kb.index.builds import Builds
from kb.index.reader import IndexReader
from kb.model.hits import Filters
from kb.model.passages import Passage, PlacedHeading
from kb.model.receipts import Receipt, Sample
from kb.search.engine import SearchEngine
from kb.search.wording import STOP_WORDS
from kb.settings import Settings
from kb.store import Store
from kb.text.glossary import GlossaryFile
from kb.text.language import Language, language_of
from kb.text.normalise import one_line, squash

SAMPLES = 3
_TRIED = 9
"""Phrases that are searched for at most: each search costs some 50 ms."""
_LOOKED_AT = 10
"""A search finds a document that has a passage among so many."""
_MOST_PASSAGES = 200
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]+(?: [A-Za-z][A-Za-z'’-]+)+")
_JAPANESE_RUN = re.compile(r"(?:[\u4e00-\u9fff々]|[ァ-ヶー・]){4,16}")
_NUMBERING = re.compile(
    r"^(?:(?:第?[0-9一二三四五六七八九十]+[章節条項部編]|[0-9][0-9.]*|[IVX]+[.)]|[(（]?[0-9a-zア-ン][)）.])[\s.、．:：]+)+"
)
_FEWEST_WORDS, _MOST_WORDS = 2, 3
_HEADING_CHARACTERS: Mapping[Language, tuple[int, int]] = {"en": (8, 60), "ja": (4, 30)}
_HEADING_WEIGHT = 3.0
"""A heading is what people look for more often than a phrase that stands as often in the text."""


class SampleSearches:
    """Tries searches for documents of one library, and notes on their receipts which of them find them.

    Handed to the worker, which calls it with each document it has saved; the search sees it at once, from the tail.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: SearchEngine | None = None

    def __call__(self, store: Store, embedder: Embedder, receipt: Receipt) -> Mapping[str, str]:
        """Add samples to the newest receipt of the version that `receipt` is about; proposes nothing."""
        if not receipt.version_id or receipt.outcome not in ("added", "updated"):
            return {}
        if self._engine is None:
            builds = Builds(self._settings.index_path)
            reader = IndexReader(store, builds, embedder.model_id, lambda each: store.versions.get(each).title)
            self._engine = SearchEngine(store, reader, embedder, GlossaryFile(self._settings.glossary_path))
        store.receipts.add_samples(receipt.version_id, find_samples(store, self._engine, receipt.version_id))
        return {}


def find_samples(store: Store, engine: SearchEngine, version_id: str) -> Sequence[Sample]:
    """At most three searches that find a version, with the rank of its best passage; none while nothing is indexed."""
    version = store.versions.get(version_id)
    phrases = telling_phrases(
        store.passages.list(version_id)[:_MOST_PASSAGES],
        store.versions.outline(version_id),
        version.metadata.language,
        beside=version.title,
    )
    found: list[Sample] = []
    for phrase in phrases[:_TRIED]:
        try:
            hits = engine.search(phrase, filters=Filters(), limit=_LOOKED_AT).merged.hits
        except KbError:  # a phrase that nobody can search for, or no index yet: no sample of it
            continue
        rank = next((hit.rank for hit in hits if hit.version.id == version_id and hit.is_found), 0)
        if rank:
            found.append(Sample(phrase, version.metadata.language, rank))
        if len(found) == SAMPLES:
            break
    return found


def telling_phrases(
    passages: Sequence[Passage], outline: Sequence[PlacedHeading], language: Language, *, beside: str = ""
) -> list[str]:
    """Phrases in `language` that say what a document is about, the most telling first, none inside another one.

    `beside` is its title, which says nothing new.
    """
    known = squash(beside).casefold()
    weights: Counter[str] = Counter()
    for passage in passages:
        if passage.language == language:
            for run in dict.fromkeys(_runs(passage.text, language)):
                weights[run] += 1
    scores = {run: count * _size(run, language) ** 0.5 for run, count in weights.items()}
    for heading in outline:
        title = one_line(_NUMBERING.sub("", heading.title))
        least, most = _HEADING_CHARACTERS[language]
        if least <= len(title) <= most and language_of(title) == language and _says_something(title, language):
            scores[title] = scores.get(title, 0.0) + _HEADING_WEIGHT * _size(title, language) ** 0.5
    ordered = sorted(scores, key=lambda run: (-scores[run], run))
    chosen: list[str] = []
    for run in ordered:
        plain = squash(run).casefold()
        if plain not in known and not any(
            plain in (other := squash(each).casefold()) or other in plain for each in chosen
        ):
            chosen.append(run)
        if len(chosen) == 3 * _TRIED:
            break
    return chosen


def _runs(text: str, language: Language) -> Iterator[str]:
    """Phrases of a passage: Japanese compounds, English words in a row of which none is grammar."""
    if language == "ja":
        yield from (match.group().strip("・").rstrip("及又等上各") for match in _JAPANESE_RUN.finditer(text))
        return
    for match in _LATIN_RUN.finditer(text):
        run: list[str] = []
        for word in [*match.group().split(), ""]:
            if word and word.lower() not in STOP_WORDS:
                run.append(word)
                continue
            parts = [run[at : at + _MOST_WORDS] for at in range(0, len(run), _MOST_WORDS)]
            yield from (" ".join(part) for part in parts if len(part) >= _FEWEST_WORDS)
            run = []


def _size(run: str, language: Language) -> int:
    return len(run) if language == "ja" else len(run.split())


def _says_something(title: str, language: Language) -> bool:
    return language == "ja" or sum(word.lower() not in STOP_WORDS for word in title.split()) >= _FEWEST_WORDS
