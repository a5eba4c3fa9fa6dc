"""Which documents a query would like best, as far as its words tell: of a country, a publisher, a time.

A wish and no condition. What fits is lifted by less than the legs usually differ, so that it decides between passages
that answer about equally well, and a passage that answers better stays ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kb.model.hits import Query
from kb.model.preference import NO_PREFERENCE, NamedPublisher, Preference
from kb.model.works import Version
from kb.search.countries import countries_in
from kb.search.legs import Lift, no_lift
from kb.search.period import fits, period_in

COUNTRY_BONUS = 0.35
PUBLISHER_BONUS = 0.35
PERIOD_BONUS = 0.35
"""Added to the log-odds of a passage whose document fits. The best and the last passage compared differ by about 7."""

MOST_BONUS = 0.7
"""All of them together."""

RECENCY_BONUS = 0.07
"""Of a document of the library's newest year, where the query names no years; falls to 0 over `RECENCY_YEARS`."""

RECENCY_YEARS = 10
"""Policies are superseded about as often. A document without a date is taken for one of middle age."""

_PARTS = re.compile(r"\s*[,、;()（）]\s*")
_NAMES_NOBODY = frozenset({"uk", "japan", "united kingdom", "英国", "日本"})


def understand_preference(query: Query, publishers: Iterable[str]) -> Preference:
    """What `query` says of the documents it would like; `publishers` are those of the library.

    A query about both countries prefers neither.
    """
    countries = countries_in(query.text)
    return Preference(
        countries=countries if len(countries) == 1 else (),
        publishers=_publishers(query, publishers),
        period=period_in(query.text, japanese=query.language == "ja"),
    )


def lifts(preference: Preference, versions: Mapping[str, Version], *, newest: int | None) -> tuple[Lift, Lift]:
    """What speaks for each version whatever is asked, and what the query would like; asking for years, it decides."""

    def prior(version_id: str) -> float:
        return recency(versions[version_id], newest=newest) if version_id in versions else 0.0

    def wish(version_id: str) -> float:
        return bonus(preference, versions[version_id]) if version_id in versions else 0.0

    return no_lift if preference.period else prior, no_lift if preference == NO_PREFERENCE else wish


def bonus(preference: Preference, version: Version) -> float:
    """What the passages of `version` are lifted by, 0 to `MOST_BONUS`."""
    return min(
        COUNTRY_BONUS * _fits_country(preference, version)
        + PUBLISHER_BONUS * any(_fits_publisher(publisher, version) for publisher in preference.publishers)
        + PERIOD_BONUS * _fits_period(preference, version),
        MOST_BONUS,
    )


def recency(version: Version, *, newest: int | None) -> float:
    """What they are lifted by for their year, 0 to `RECENCY_BONUS`; `newest` is the last year of the library."""
    if newest is None or version.metadata.year is None:
        return RECENCY_BONUS / 2
    return RECENCY_BONUS * min(max(1 - (newest - version.metadata.year) / RECENCY_YEARS, 0.0), 1.0)


def met_by(preference: Preference, versions: Iterable[Version]) -> Preference:
    """The part of `preference` that some of `versions` fit."""
    some = list(versions)
    return Preference(
        countries=preference.countries if any(_fits_country(preference, each) for each in some) else (),
        publishers=tuple(
            publisher for publisher in preference.publishers if any(_fits_publisher(publisher, each) for each in some)
        ),
        period=preference.period if any(_fits_period(preference, each) for each in some) else None,
    )


def _fits_country(preference: Preference, version: Version) -> bool:
    return bool(preference.countries) and version.metadata.country in (*preference.countries, "both")


def _fits_publisher(publisher: NamedPublisher, version: Version) -> bool:
    return version.metadata.publisher in publisher.publishers


def _fits_period(preference: Preference, version: Version) -> bool:
    return preference.period is not None and fits(
        preference.period, published=version.metadata.published, title=version.title
    )


def _publishers(query: Query, publishers: Iterable[str]) -> tuple[NamedPublisher, ...]:
    """Publishers by what the query calls them: a part of their name, or a name the glossary has for it."""
    called: dict[str, str] = {}
    for expansion in query.expansions:
        for names in expansion.names.values():
            called.update((name.casefold(), expansion.surface) for name in names)
    found: dict[str, set[str]] = {}
    for publisher in publishers:
        for part in _PARTS.split(publisher):
            surface = called.get(part.casefold()) or _found(part, query.text)
            if surface and part.casefold() not in _NAMES_NOBODY:
                found.setdefault(surface, set()).add(publisher)
    return tuple(NamedPublisher(surface, frozenset(names)) for surface, names in sorted(found.items()))


def _found(name: str, text: str) -> str:
    """`name` as it stands in `text`, as a whole word where it is in Latin letters and in the same case; else empty."""
    if len(name) < 2 or name not in text:
        return ""
    return name if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) else ""
