"""Which words of a page a query is about, for pages that are shown outside a search."""

from __future__ import annotations

from dataclasses import replace

from kb.errors import QueryError
from kb.search.expansion import expand
from kb.search.highlight import matches, phrase_places
from kb.search.query import understand
from kb.search.wording import word_query
from kb.text.glossary import Glossary
from kb.text.language import Language

MOST_CHARACTERS = 200
"""Of a query whose words are marked; the address of a picture is no place for a longer one."""
_MOST_WORDS = 40


def words_of(query: str, text: str, language: Language, glossary: Glossary) -> tuple[str, ...]:
    """Words of `text` that `query` asks for, each once, as they stand there; none for what cannot be searched for.

    A phrase in quotation marks counts where it stands to the letter; the glossary adds what it calls the same thing in
    the language of the text.
    """
    if len(query) > MOST_CHARACTERS:
        return ()
    try:
        understood = understand(query)
    except QueryError:
        return ()
    ranges = phrase_places(text, understood.phrases) if understood.phrases else ()
    if not ranges:
        expansions = () if understood.phrases else expand(understood.text, glossary)
        ranges = matches(text, word_query(replace(understood, expansions=expansions), language))
    return tuple(dict.fromkeys(text[start:end] for start, end in ranges))[:_MOST_WORDS]
