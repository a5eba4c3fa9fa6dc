"""What a query says of the documents it would like best."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.works import Country


@dataclass(frozen=True, slots=True)
class Period:
    """Years, both inclusive, None where it is open; a `fiscal` one runs from April and has the number it begins in."""

    first: int | None
    last: int | None
    fiscal: bool = False


@dataclass(frozen=True, slots=True)
class NamedPublisher:
    """A publisher that a query names: the words that do, and how the library's documents write it."""

    surface: str
    publishers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Preference:
    """Countries, publishers and years that a query names. A wish, never a condition: that is what filters are for."""

    countries: tuple[Country, ...] = ()
    publishers: tuple[NamedPublisher, ...] = ()
    period: Period | None = None


NO_PREFERENCE = Preference()
"""Of a query that names none of them."""
