"""Everything a search link restores: words, filters, view, how many hits, and the passage others are like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast, get_args

from kb.html import addresses
from kb.model.hits import Filters
from kb.model.works import Country, DocumentType
from kb.text.language import LANGUAGES, Language

View = Literal["auto", "columns", "list"]
"""`auto`: side by side where there is room, one list where there is not."""

STEP = 10
MOST_HITS = 100
COUNTRIES: tuple[Country, ...] = get_args(Country)
DOCUMENT_TYPES: tuple[DocumentType, ...] = get_args(DocumentType)

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """A search as its address says it. What an address says wrongly is left out, never an error."""

    text: str = ""
    filters: Filters = Filters()  # noqa: RUF009  frozen
    view: View = "auto"
    limit: int = STEP
    like: str = ""

    def href(self, language: Language) -> str:
        """Address of this search in `language`."""
        return addresses.screen(addresses.SEARCH, language, self.parameters())

    def parameters(self) -> list[tuple[str, str]]:
        """This search as parameters, those at their default left out."""
        view = "" if self.view == "auto" else self.view
        shown = str(self.limit) if self.limit != STEP else ""
        return [
            *(("q", self.text), ("like", self.like)),
            *filter_parameters(self.filters),
            *(("view", view), ("n", shown)),
        ]

    def more(self) -> SearchAddress:
        """The same search with ten more hits."""
        return replace(self, limit=min(self.limit + STEP, MOST_HITS))


def search_address(parameters: Mapping[str, Sequence[str]]) -> SearchAddress:
    """The search that the parameters of an address describe."""
    view = _first(parameters, "view")
    limit = _number(_first(parameters, "n"))
    return SearchAddress(
        text=_first(parameters, "q").strip(),
        filters=filters_of(parameters),
        view=cast(View, view) if view in get_args(View) else "auto",
        limit=min(max(limit or STEP, STEP), MOST_HITS),
        like=_first(parameters, "like"),
    )


def filters_of(parameters: Mapping[str, Sequence[str]]) -> Filters:
    """The filters that the parameters of an address describe."""
    return Filters(
        countries=_known(parameters.get("country", ()), COUNTRIES),
        publishers=tuple(publisher for publisher in parameters.get("publisher", ()) if publisher),
        languages=_known(parameters.get("language", ()), LANGUAGES),
        document_types=_known(parameters.get("type", ()), DOCUMENT_TYPES),
        year_from=_number(_first(parameters, "from")),
        year_to=_number(_first(parameters, "to")),
        current_only=_first(parameters, "older") != "1",
    )


def filter_parameters(filters: Filters) -> list[tuple[str, str]]:
    """Filters as parameters of an address."""
    return [
        *(("country", country) for country in filters.countries),
        *(("publisher", publisher) for publisher in filters.publishers),
        *(("language", language) for language in filters.languages),
        *(("type", kind) for kind in filters.document_types),
        ("from", str(filters.year_from or "")),
        ("to", str(filters.year_to or "")),
        ("older", "" if filters.current_only else "1"),
    ]


def _first(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = parameters.get(name, ())
    return values[0] if values else ""


def _number(value: str) -> int | None:
    digits = value.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= 4 else None


def _known(values: Iterable[str], allowed: Sequence[_Word]) -> tuple[_Word, ...]:
    return tuple(word for word in allowed if word in set(values))
