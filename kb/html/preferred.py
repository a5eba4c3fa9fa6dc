"""What a search put forward because the query named it, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts
from kb.model.preference import Period, Preference
from kb.text.language import language_of


def preferred(t: Texts, preference: Preference) -> Markup | None:
    """Which documents came first where several answered; nothing where no wish moved anything."""
    what = list(_documents(t, preference))
    if not what:
        return None
    before, after = t("results.preferred", documents="\n").split("\n")
    return el("p", before, Markup(t("results.preferred.between")).join(what), after, class_="kb-hint")


def _documents(t: Texts, preference: Preference) -> Iterator[Markup]:
    for country in preference.countries:
        yield el("span", t("results.preferred.country", country=t(f"country.in.{country}")))
    for publisher in preference.publishers:
        before, after = t("results.preferred.publisher", publisher="\n").split("\n")
        name = el("span", publisher.surface, lang=language_of(publisher.surface, t.language))
        yield el("span", before, name, after)
    if preference.period is not None:
        yield el("span", _years(t, preference.period))


def _years(t: Texts, period: Period) -> str:
    if period.first is None:
        return t("results.preferred.until", year=_year(t, period, period.last))
    if period.last is None:
        return t("results.preferred.since", year=_year(t, period, period.first))
    if period.first == period.last:
        return t("results.preferred.year", year=_year(t, period, period.first))
    first, last = _year(t, period, period.first), _year(t, period, period.last)
    return t("results.preferred.years", first=first, last=last)


def _year(t: Texts, period: Period, year: int | None) -> str:
    return t("results.preferred.fiscal" if period.fiscal else "results.preferred.calendar", year=str(year))
