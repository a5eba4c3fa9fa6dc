"""Which words of a query the words leg looks for, and how much each counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from kb.index.words import WordQuery
from kb.model.hits import Query
from kb.search.countries import named_countries
from kb.text.language import Language
from kb.text.morphemes import morphemes
from kb.text.spelling import spellings
from kb.text.variants import writings
from kb.text.words import Term, stem, terms, year_term
from kb.text.years import years_in_query

IDENTIFIER_WEIGHT = 2.0
"""An identifier such as DS-920 names one thing: it outweighs its parts and most other words."""

CORRECTION_WEIGHT = 0.7
"""A word that may have been meant counts less than one that was typed."""

TRANSLATION_WEIGHT = 1.0
"""Of a word that the glossary gives in the other language."""

SYNONYM_WEIGHT = 0.2
"""Of a word that the glossary gives in the query's own language."""

VARIANT_WEIGHT = 0.7
"""Of another spelling of a word, next to the one that was typed: a passage has one of them, seldom both."""

MOST_CORRECTIONS = 4
"""A query with more unknown words than this is not misspelt but about something else."""

PAIR_WEIGHT = 0.1
"""Of a pair of Japanese characters next to a word: it finds what no dictionary holds, and ranks little."""

COUNTRY_WEIGHT = 0.3
"""Of a word that names a country: it says which documents are wanted, and those of Japan seldom say Japan."""

_HIRAGANA_ONLY = re.compile(r"^[\u3041-\u309f\u30fc]+$")
_HAS_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_MIXED_WEIGHT = 0.6
"""A bigram of a kanji and a hiragana often straddles two words."""

_HIRAGANA_WEIGHT = 0.3
"""A bigram of hiragana is mostly grammar. Both chosen on a development set: MRR@10 of words alone 0.88 to 0.91."""

_NUMBERED_NAME = re.compile(r"[A-Z]{2,}[-‐–./ ]?\d.*|[a-z]{2,}[-‐–]\d.*")
_YEAR = re.compile(r"(?:19|20)\d\d")

_ACRONYM = re.compile(r"^(?=.*[A-Z].*[A-Z])[A-Za-z0-9]+$")

STOP_WORDS = frozenset(
    (  # noqa: SIM905  easier to read than two hundred quotation marks
        "a about above after again all also am an and any are as at be because been before being below between both "
        "but by can could did do does doing down during each few for from further had has have having he her here hers "
        "him his how i if in into is it its just me more most must my no nor not of off on once only or other our out "
        "over own same shall she should so some such than that the their them then there these they this those through "
        "to too under until up very was we were what when where which while who whom why will with would you your"
    ).split()
)
"""English words that say nothing by themselves."""


def word_query(query: Query, language: Language) -> WordQuery:
    """What the words leg looks for among passages in `language`.

    In the query's own language that is every word that carries meaning. In the other language it is what is written
    alike in both: identifiers, acronyms, Japanese in an English query and English in a Japanese one. The glossary adds
    what it calls the same thing in either.
    """
    own = language == query.language
    weights: dict[str, float] = {}
    found = list(terms(query.text))
    for term in found:
        weight = _weight(term, query.text, alone=len(found) == 1)
        if not own and query.language == "en" and term.kind == "word" and not _is_acronym(term, query.text):
            weight = 0.0
        if weight:
            weights[term.value] = max(weight, weights.get(term.value, 0.0))
    weights |= {morpheme.term: 1.0 for morpheme in morphemes(query.text)}
    for value in _naming_countries(query.text, found):
        if value in weights:
            weights[value] *= COUNTRY_WEIGHT
    if own and query.corrected:
        for word in set(query.corrected.split()) - set(query.text.lower().split()):
            weights.setdefault(stem(word), CORRECTION_WEIGHT)
    runs = [_run(phrase) for phrase in query.phrases]
    prefixes = [run[0] for run in runs if _is_single(run)]
    if _is_single([term.value for term in found]):
        prefixes.append(found[0].value)
    for expansion in query.expansions:
        share = SYNONYM_WEIGHT if own else TRANSLATION_WEIGHT
        for number, name in enumerate(expansion.names[language]):
            words = list(_weighted(name))
            # one word of a variant alone, as user of user authentication, is not yet what was asked for
            whole = sum(weight for _, weight in words) if number else 1.0
            for value, weight in words:
                weights[value] = max(share * weight / max(whole, 1.0), weights.get(value, 0.0))
    variants = {term: weight for term, weight in _variants(query, own=own).items() if term not in weights}
    weights |= variants
    return WordQuery(
        {term: weight for term, weight in weights.items() if term not in prefixes},
        phrases=tuple(run for run in runs if not _is_single(run)),
        excluded=tuple(_run(phrase) for phrase in query.excluded if _says_all(phrase)),
        prefixes=tuple(dict.fromkeys(prefixes)),
        variants=frozenset(variants),
    )


def decisive(query: Query) -> tuple[str, ...]:
    """Terms without which a passage is second best, whatever it means.

    These are names with a number as offices write them (`DS-920`, `CP 1252`, but no year), and the whole of a query of
    two Japanese characters, which is too short for its meaning to be told from others.
    """
    found = list(terms(query.text))
    if len(found) <= 2 and found[0].kind == "cjk" and len(found[0].value) == 2 == len(query.text):
        return (found[0].value,)
    return tuple(
        term.value
        for term in found
        if term.kind == "identifier"
        and _NUMBERED_NAME.fullmatch(query.text[term.start : term.end])
        and not _YEAR.fullmatch(term.value.partition("#")[2])
    )


def correct(
    query: Query,
    vocabulary: Callable[[], Mapping[str, int]],
    *,
    frequency: Callable[[str], int],
    spared: Callable[[str], bool] = lambda _: False,
) -> str:
    """`query.text` with English words that no passage knows replaced by the likeliest one; empty where none is.

    `vocabulary` gives the words as written with their counts and is asked only where a word is unknown; `frequency`
    counts the passages that hold a stem: a new form of a known word is no mistake. What is `spared`, as a word of the
    glossary, is none either, nor what stands in quotation marks. A word of 4 or 5 letters may differ
    by one edit, a longer one by two (Damerau); the nearest wins, then the most frequent.
    """
    if query.language != "en":
        return ""
    words, changed = query.text.split(), 0
    quoted = {word for phrase in query.phrases for word in phrase.lower().split()}
    for i, word in enumerate(words):
        if changed == MOST_CORRECTIONS:
            break
        plain = word.strip(".,;:!?()'’").lower()
        if len(plain) < 4 or not plain.isascii() or not plain.isalpha() or plain in quoted:
            continue
        if frequency(stem(plain)) or spared(plain):
            continue
        edits = 1 if len(plain) < 6 else 2
        known = vocabulary()
        found = extract(plain, known.keys(), scorer=OSA.distance, score_cutoff=edits, limit=20)
        near = [(distance, -known[word], word) for word, distance, _ in found if len(word) >= 4]
        if near:
            words[i] = min(near)[2]
            changed += 1
    return " ".join(words) if changed else ""


def _variants(query: Query, *, own: bool) -> dict[str, float]:
    """Terms of other spellings of the query's words, with their weights; years count in both languages.

    No bigram of a katakana and a long vowel mark: it stands in hundreds of words (ター in センター).
    """
    others = list(writings(query.text))
    if own and query.language == "en":
        others += spellings(query.text)
    weights: dict[str, float] = {}
    for other in others:
        for value, weight in _weighted(other, english=own):
            if not (len(value) == 2 and value.endswith("ー")):
                weights[value] = max(VARIANT_WEIGHT * weight, weights.get(value, 0.0))
    for named in years_in_query(query.text, japanese=query.language == "ja"):
        weights.setdefault(str(named.year), VARIANT_WEIGHT)
        weights.setdefault(year_term(named.year, fiscal=named.fiscal), VARIANT_WEIGHT * IDENTIFIER_WEIGHT)
        weights.setdefault(year_term(named.year, fiscal=not named.fiscal), VARIANT_WEIGHT)
    return weights


def said_of_documents(text: str) -> list[tuple[int, int]]:
    """Where `text` names a country, characters `[start, end)`; none where it says nothing else.

    A country says which documents are wanted. Those of Japan seldom say "Japan", and those that do are about relations.
    """
    named = named_countries(text)

    def is_outside(start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in named)

    says_more = any(
        term.kind == "identifier" or (term.kind == "word" and text[term.start : term.end].lower() not in STOP_WORDS)
        for term in terms(text)
        if is_outside(term.start, term.end)
    ) or any(
        not _HIRAGANA_ONLY.match(text[morpheme.start : morpheme.end])
        for morpheme in morphemes(text)
        if is_outside(morpheme.start, morpheme.end)
    )
    return named if says_more else []


def _naming_countries(text: str, found: Sequence[Term]) -> set[str]:
    """Terms and morphemes that only serve to name a country."""
    named = said_of_documents(text)
    places = [(term.value, term.start, term.end) for term in found]
    places += [(morpheme.term, morpheme.start, morpheme.end) for morpheme in morphemes(text)]
    inside = {value for value, start, end in places if any(first <= start and end <= last for first, last in named)}
    return inside - {value for value, start, end in places if all(end <= f or start >= n for f, n in named)}


def _weighted(text: str, *, english: bool = True) -> Iterator[tuple[str, float]]:
    """Terms and morphemes of `text` that carry meaning, with their weights."""
    for term in terms(text):
        weight = _weight(term, text, alone=False)
        if weight and (english or term.kind != "word"):
            yield term.value, weight
    yield from ((morpheme.term, 1.0) for morpheme in morphemes(text))


def _weight(term: Term, text: str, *, alone: bool) -> float:
    if term.kind == "identifier":
        return 0.0 if _first_word(term, text) in STOP_WORDS else IDENTIFIER_WEIGHT
    if term.kind == "word":
        return 0.0 if text[term.start : term.end].lower() in STOP_WORDS and not alone else 1.0
    if len(term.value) == 1:
        return 1.0 if alone else 0.0
    if _HIRAGANA_ONLY.match(term.value):
        return 1.0 if alone else PAIR_WEIGHT * _HIRAGANA_WEIGHT
    return PAIR_WEIGHT * (_MIXED_WEIGHT if _HAS_HIRAGANA.search(term.value) else 1.0)


def _first_word(term: Term, text: str) -> str:
    return re.split(r"[\W\d_]", text[term.start : term.end].lower(), maxsplit=1)[0]


def _is_acronym(term: Term, text: str) -> bool:
    return _ACRONYM.match(text[term.start : term.end]) is not None


def _is_single(run: Sequence[str]) -> bool:
    """Whether a run is one Japanese character, which stands inside bigrams and so has to be looked for as a prefix."""
    return len(run) == 1 and len(run[0]) == 1 and not run[0].isascii()


def _run(phrase: str) -> tuple[str, ...]:
    """Terms of a phrase as they follow one another in a passage.

    Without identifiers, which stand apart there, and without a Japanese character alone at the end, which is part of a
    bigram where the text goes on: a passage that holds the phrase holds this run, though not always the reverse.
    """
    run = [term for term in terms(phrase) if term.kind != "identifier"]
    if len(run) > 1 and run[-1].kind == "cjk" and len(run[-1].value) == 1:
        run = run[:-1]
    return tuple(term.value for term in run)


def _says_all(phrase: str) -> bool:
    """Whether the run of a phrase accounts for all of it, so that a passage with the run surely holds the phrase."""
    found = [term for term in terms(phrase) if term.kind != "identifier"]
    lone = found[-1].kind == "cjk" and len(found[-1].value) == 1
    return not lone or (len(found) > 1 and found[-2].end == found[-1].end)
