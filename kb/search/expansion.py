"""Other words for what a query says, from the glossary: in the other language, and in its own.

「本人確認」 and "identity verification" share no letter, so the words leg finds across languages only what a glossary
tells it. Terms are recognised wherever they stand in the query, the longest first.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.model.hits import Expansion
from kb.text.glossary import Glossary, GlossaryTerm
from kb.text.language import HAN, KANA, Language
from kb.text.normalise import normalise, one_line
from kb.text.words import stem, terms

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Terms by the words of a surface, by its characters where it is Japanese, and by acronym as it is written."""

    by_words: Mapping[tuple[str, ...], GlossaryTerm]
    by_characters: Mapping[str, GlossaryTerm]
    by_acronym: Mapping[str, GlossaryTerm]
    beginnings: frozenset[str]
    most_words: int
    most_characters: int


def expand(text: str, glossary: Glossary) -> tuple[Expansion, ...]:
    """The glossary terms that normalised `text` holds, in their order, none inside a longer one."""
    lookup = _lookup(glossary.terms)
    found = sorted(
        [*_by_words(text, lookup), *_by_characters(text, lookup)],
        key=lambda match: (match[0][0] - match[0][1], match[0][0]),
    )
    kept: list[tuple[Place, GlossaryTerm]] = []
    for (start, end), term in found:
        if all(end <= other[0] or start >= other[1] for other, _ in kept):
            kept.append(((start, end), term))
    return tuple(_expansion(text[start:end], term) for (start, end), term in sorted(kept, key=lambda match: match[0]))


def is_term_word(word: str, glossary: Glossary) -> bool:
    """Whether an English word, in lower case, stands in some name of the glossary."""
    return stem(word) in _stems(glossary.terms)


@functools.lru_cache(maxsize=4)
def _stems(glossary: tuple[GlossaryTerm, ...]) -> frozenset[str]:
    return frozenset(
        term.value for each in glossary for surface in each.surfaces for term in terms(surface) if term.kind == "word"
    )


def _expansion(surface: str, term: GlossaryTerm) -> Expansion:
    return Expansion(
        surface=surface,
        term_id=term.id,
        names={language: _distinct(_surfaces(term, language)) for language in ("en", "ja")},
    )


def _surfaces(term: GlossaryTerm, language: Language) -> Sequence[str]:
    return (term.name(language), *term.variants(language), *term.acronyms)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(names)}.values())[::-1]


def _by_words(text: str, lookup: _Lookup) -> Iterator[tuple[Place, GlossaryTerm]]:
    words = [term for term in terms(text) if term.kind == "word"]
    for first, word in enumerate(words):
        term = lookup.by_acronym.get(text[word.start : word.end])
        if term is not None:
            yield (word.start, word.end), term
        for size in range(1, min(lookup.most_words, len(words) - first) + 1):
            run = words[first : first + size]
            term = lookup.by_words.get(tuple(_singular(text[each.start : each.end]) for each in run))
            if term is not None:
                yield (run[0].start, run[-1].end), term


def _by_characters(text: str, lookup: _Lookup) -> Iterator[tuple[Place, GlossaryTerm]]:
    for start in range(len(text)):
        if text[start : start + 2].casefold() in lookup.beginnings:
            for end in range(start + 2, min(start + lookup.most_characters, len(text)) + 1):
                term = lookup.by_characters.get(text[start:end].casefold())
                if term is not None:
                    yield (start, end), term


def _singular(word: str) -> str:
    """`word` as glossaries have it. A stem would not do: it takes digital for digitalisation."""
    plain = word.casefold().replace("’", "'").removesuffix("'s")
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith(("ss", "us", "is")) and len(plain) > 3 else plain


@functools.lru_cache(maxsize=4)
def _lookup(glossary: tuple[GlossaryTerm, ...]) -> _Lookup:
    by_words: dict[tuple[str, ...], GlossaryTerm] = {}
    by_characters: dict[str, GlossaryTerm] = {}
    by_acronym: dict[str, GlossaryTerm] = {}
    for term in glossary:
        by_acronym.update((acronym, term) for acronym in term.acronyms)
        for surface in term.surfaces:
            plain = one_line(normalise(surface))
            if HAN.search(plain) or KANA.search(plain):
                by_characters.setdefault(plain.casefold(), term)
            elif surface not in term.acronyms:
                words = tuple(_singular(plain[each.start : each.end]) for each in terms(plain) if each.kind == "word")
                if words:
                    by_words.setdefault(words, term)
    return _Lookup(
        by_words,
        by_characters,
        by_acronym,
        frozenset(surface[:2] for surface in by_characters),
        max(map(len, by_words), default=0),
        max(map(len, by_characters), default=0),
    )
