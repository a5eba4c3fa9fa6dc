"""What is shown of a passage that was found: why it was, and which of its words to mark."""

from __future__ import annotations

from collections.abc import Mapping

from kb.index.words import WordQuery
from kb.model.hits import Hit, Why, WordPair
from kb.model.passages import Passage
from kb.model.works import Version
from kb.search.alignment import together
from kb.search.highlight import matched_words, matches, phrase_places
from kb.search.legs import Scored
from kb.text.language import Language

Wording = Mapping[Language, WordQuery]
"""What the words leg looks for in each language; empty where it was not asked."""


def shown(
    scored: Scored,
    passage: Passage,
    version: Version,
    wording: Wording,
    pairs: tuple[WordPair, ...] = (),
    phrases: tuple[str, ...] = (),
) -> Hit:
    """The hit of a passage, its rank still to be given; `pairs` are the words that answer the query across languages.

    Where `phrases` were asked for these are marked; in a passage that has them in its headings alone, its words are.
    """
    ranges = phrase_places(passage.text, phrases) if phrases else ()
    if wording and not ranges:
        ranges = matches(passage.text, wording[scored.language])
    same = tuple(pair for pair in pairs if pair.asked.casefold() == pair.found.casefold())
    ranges = together((*ranges, *(place for pair in same for place in pair.ranges)))
    why = Why(
        similarity=round(scored.similarity, 4),
        token_similarity=None if scored.tokens is None else round(scored.tokens, 4),
        word_score=round(scored.words, 4),
        words=matched_words(passage.text, ranges),
        legs=scored.legs,
        pairs=tuple(pair for pair in pairs if pair not in same),
    )
    marked = together((*ranges, *(place for pair in pairs for place in pair.ranges)))
    return Hit(0, passage, version, round(scored.probability, 4), why, marked)
