"""What asking a question gives: an outcome with a name, and sentences that are quotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from kb.model.hits import Expansion, WordPair
from kb.model.passages import Passage
from kb.model.works import Country, Version
from kb.text.language import Language

Outcome = Literal["answered", "one-country", "weak", "superseded", "none", "unclear", "blocked"]
"""What became of a question.

`answered`: for both countries. `one-country`: for one, and the other has nothing that answers. `weak`: shown, but it
may not answer. `superseded`: only editions that were replaced answer. `none`: nothing answers. `unclear`: there is
nothing to look for in the question. `blocked`: a question that is not taken, such as one with a telephone number.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

ANSWERING: tuple[Outcome, ...] = ("answered", "one-country")
"""Outcomes that claim to answer the question."""

SILENT: tuple[Outcome, ...] = ("none", "unclear", "blocked")
"""Outcomes that show no answer; the nearest passages are shown all the same where there are any."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence, or a few that belong together, to the letter as the page has them.

    `page_text[start:end] == text` holds for the page of `passage` as it was read. `country` is the side on which it
    stands, which for a document about both countries is the one that its headings name. `score` is the estimated
    probability, 0 to 1, that it answers. `marks` are the character ranges of `text` that decided, ascending and
    disjoint; `pairs` are words of the question with those of `text`, in the other language, that answer them.
    """

    text: str
    passage: Passage
    version: Version
    country: Country
    start: int
    end: int
    score: float
    marks: tuple[tuple[int, int], ...] = ()
    pairs: tuple[WordPair, ...] = ()

    @property
    def page(self) -> int | None:
        """Number of the page in the file, None where the document has no pages."""
        return self.passage.page

    @property
    def language(self) -> Language:
        """Language of the words quoted."""
        return self.passage.language


@dataclass(frozen=True, slots=True)
class Side:
    """What one country's documents say: quotations in an order that reads well, and how likely they answer, 0 to 1."""

    quotations: tuple[Quotation, ...]
    confidence: float
    answers: bool
    """Whether that is enough to be called an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its outcome and the evidence, by country.

    `reason` tells apart why a question was `unclear` or `blocked`: a catalogue key, with the `facts` it names.
    `corrected` is the spelling that was searched for beside the one typed. `terms` are those of the glossary that the
    question holds, also searched for in the other language. `follow_ups` are headings of the evidence, to ask on with.
    `asked_at` is ISO 8601 in UTC, `id` the name under which it is stored; both are empty before it is.
    """

    question: str
    language: Language
    outcome: Outcome
    sides: Mapping[Country, Side]
    reason: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    corrected: str = ""
    terms: tuple[Expansion, ...] = ()
    follow_ups: tuple[str, ...] = ()
    id: str = ""
    asked_at: str = ""

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """Every quotation, those of the United Kingdom first."""
        return tuple(each for side in self.sides.values() for each in side.quotations)
