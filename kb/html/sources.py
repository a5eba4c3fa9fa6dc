"""Official sources: which of the catalogue the library holds, which it does not yet, and where the originals are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.hits import version_href
from kb.html.search_address import COUNTRIES
from kb.i18n import Texts, date_text, licence_text, same_publishers
from kb.model.hits import Filters
from kb.model.works import Country, DocumentType, Version, with_shared
from kb.sources.catalogue import OfficialSource
from kb.text.language import LANGUAGES

SECTION = "official-sources"
OWN_TYPES: frozenset[DocumentType] = frozenset(("briefing", "playbook"))
"""Kinds of the documents we write ourselves."""


def jump(t: Texts, sources: Sequence[OfficialSource], held: Mapping[str, Version]) -> Markup | None:
    """One line that says how much of the catalogue is held and leads to it."""
    if not sources:
        return None
    words = t("sources.jump", held=_held(sources, held), n=len(sources))
    return el("p", el("a", words, href=f"#{SECTION}"))


def own_only(
    t: Texts, sources: Sequence[OfficialSource], held: Mapping[str, Version], document_types: Iterable[str]
) -> Markup | None:
    """One line, leading to the catalogue, while a library of these kinds of document holds nothing but our own."""
    if not sources or _held(sources, held) or not OWN_TYPES.issuperset(document_types):
        return None
    href = addresses.screen(addresses.LIBRARY, t.language, fragment=SECTION)
    return el(
        "p", t("sources.own_only"), " ", el("a", t("sources.own_only.list"), href=href, data_nav=True), class_="kb-hint"
    )


def official_sources(t: Texts, sources: Sequence[OfficialSource], held: Mapping[str, Version]) -> Markup | None:
    """The catalogue: what the library lacks first, with whom to ask for it, then what it holds."""
    if not sources:
        return None
    missing = [source for source in sources if source.id not in held]
    present = [source for source in sources if source.id in held]
    titles = {source.id: source for source in sources}
    return el(
        "section",
        el("h2", t("sources.title"), id=SECTION, tabindex="-1"),
        el("p", t("sources.lead"), class_="kb-measure"),
        _group(t, "missing", missing, held, titles),
        _group(t, "held", present, held, titles),
        aria_labelledby=SECTION,
        class_="kb-official",
    )


def meeting(sources: Sequence[OfficialSource], filters: Filters) -> list[OfficialSource]:
    """The sources that meet the filters of the library; older editions only where those are asked for."""
    replaced = {source.supersedes for source in sources} | {source.id for source in sources if source.superseded_by}
    return [
        source for source in sources if not (filters.current_only and source.id in replaced) and _meets(source, filters)
    ]


def _meets(source: OfficialSource, filters: Filters) -> bool:
    year = source.year
    return (
        (not filters.countries or source.country in with_shared(filters.countries))
        and (not filters.languages or source.language in filters.languages)
        and (not filters.document_types or source.document_type in filters.document_types)
        and (not filters.publishers or source.publisher in same_publishers(filters.publishers))
        and (filters.year_from is None or (year is not None and year >= filters.year_from))
        and (filters.year_to is None or (year is not None and year <= filters.year_to))
    )


def _held(sources: Sequence[OfficialSource], held: Mapping[str, Version]) -> int:
    return sum(source.id in held for source in sources)


def _group(
    t: Texts,
    name: str,
    sources: Sequence[OfficialSource],
    held: Mapping[str, Version],
    titles: Mapping[str, OfficialSource],
) -> Markup | None:
    if not sources:
        return None
    how = t("sources.missing.how") if name == "missing" else None
    by_country = [(country, [each for each in sources if each.country == country]) for country in COUNTRIES]
    return el(
        "div",
        el("h3", t(f"sources.{name}", n=len(sources))),
        el("p", how, class_="kb-measure") if how else None,
        [_country(t, country, those, held, titles) for country, those in by_country if those],
    )


def _country(
    t: Texts,
    country: Country,
    sources: Sequence[OfficialSource],
    held: Mapping[str, Version],
    titles: Mapping[str, OfficialSource],
) -> Markup:
    items = [_source(t, source, held.get(source.id), titles) for source in sources]
    heading = el("h4", t(f"country.name.{country}"), class_=f"kb-country kb-country-{country}")
    return el("section", heading, el("ul", items, class_="kb-plain kb-sources"))


def _source(t: Texts, source: OfficialSource, version: Version | None, titles: Mapping[str, OfficialSource]) -> Markup:
    other = next(each for each in LANGUAGES if each != source.language)
    licence = licence_text(t.language, source.licence)
    facts = [
        el("span", source.publisher, lang=_publisher_language(source)) if source.publisher else None,
        date_text(t.language, source.published),
        t(f"type.{source.document_type}") if source.document_type != "other" else None,
        t(f"language.{source.language}"),
        el("span", licence, lang="en" if licence.isascii() else "ja") if licence else None,
    ]
    state = [t(f"sources.check.{source.check}") if source.check != "verified" else None, _newer(t, source, titles)]
    links = [_open(t, version), _original(t, source)]
    return el(
        "li",
        el("h5", source.title, lang=source.language),
        el("p", source.title_in(other), lang=other) if source.title_in(other) else None,
        el("p", spaced(facts), class_="kb-facts"),
        el("p", spaced(state), class_="kb-facts") if any(state) else None,
        el("ul", [el("li", link) for link in links if link], class_="kb-actions") if any(links) else None,
        id=f"source-{source.id}",
    )


def _publisher_language(source: OfficialSource) -> str:
    return "en" if source.publisher.isascii() else "ja"


def _newer(t: Texts, source: OfficialSource, titles: Mapping[str, OfficialSource]) -> Markup | None:
    """The edition that replaced this one, by its title where the catalogue shows it."""
    by = source.superseded_by or next((each.id for each in titles.values() if each.supersedes == source.id), "")
    if by not in titles:
        return el("span", t("edition.superseded")) if by else None
    newer = titles[by]
    title = el("a", newer.title, href=f"#source-{newer.id}", lang=newer.language)
    return el("span", t("sources.newer"), " ", title)


def _open(t: Texts, version: Version | None) -> Markup | None:
    if version is None:
        return None
    hidden = el("span", f" {version.title}", lang=version.metadata.language, class_="kb-hidden")
    return el("a", t("sources.open"), hidden, href=version_href(t, version), data_nav=True)


def _original(t: Texts, source: OfficialSource) -> Markup | None:
    if not source.url:
        return None
    new_tab = el("span", " " + t("action.new_tab", title=source.title), class_="kb-hidden")
    words = t("sources.original", site=urlsplit(source.url).hostname or "")
    return el("a", words, new_tab, href=source.url, target="_blank", rel="noopener noreferrer")
