"""What a search found: side by side by country, or as one list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, joined
from kb.html.hits import hit_list, version_href
from kb.html.preferred import preferred
from kb.html.search_address import COUNTRIES, MOST_HITS, SearchAddress, View
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.model.hits import Filters, Hit, Query, Ranking, SearchResult
from kb.model.passages import Passage
from kb.model.works import Country, Version, with_shared
from kb.text.language import LANGUAGES
from kb.text.normalise import one_line

_SIDES: tuple[Country, ...] = ("uk", "jp")
_SHARED: tuple[Country, ...] = ("both", "other")
_NEAREST = 3
"""Passages shown where none counts as found."""
_QUOTATION_MARK = re.compile(r'["“”„＂]')
_NOTHING = Ranking((), 0, 0)


def summary(t: Texts, result: SearchResult) -> str:
    """How much was found, in one sentence."""
    found = result.merged
    if not found.hits:
        return t("results.none.title")
    if not found.passage_count:
        return t("results.weak")
    documents = t("results.documents", n=found.document_count)
    return t("results.found", passages=t("results.passages", n=found.passage_count), documents=documents)


def results(t: Texts, address: SearchAddress, result: SearchResult, *, remark: Markup | None = None) -> Markup:
    """The whole answer to a search: how much, in which view, the passages and more of them.

    `remark` is on what the library holds.
    """
    corrected = result.query.corrected
    parts = [
        el("h2", summary(t, result), id="results", tabindex="-1"),
        el("p", t("results.corrected", words=corrected), class_="kb-hint") if corrected else None,
        _also_searched(t, result.query),
        preferred(t, result.preferred),
        remark,
    ]
    if not result.merged.hits:
        return el("section", parts, nothing(t, address), aria_labelledby="results")
    parts.append(_views(t, address))
    if address.view in ("auto", "columns"):
        narrow = "kb-wide" if address.view == "auto" else ""
        parts.append(el("div", columns(t, result.by_country, address), class_=narrow))
    if address.view in ("auto", "list"):
        narrow = "kb-narrow" if address.view == "auto" else ""
        parts.append(el("div", _ranked(t, result.merged, name="list", heading="h3", with_country=True), class_=narrow))
    return el("section", parts, _more(t, address, result), aria_labelledby="results")


def _also_searched(t: Texts, query: Query) -> Markup | None:
    """What the glossary calls in the other language what was asked for; each leads to its entry."""
    other = next(language for language in LANGUAGES if language != query.language)
    names = {expansion.names[other][0]: expansion.term_id for expansion in query.expansions}
    if not names:
        return None
    links = [el("a", name, href=addresses.glossary(term_id), lang=other) for name, term_id in names.items()]
    return el("p", t("results.also"), " ", Markup(t("results.also.between")).join(links), class_="kb-hint")


def columns(t: Texts, found: Mapping[Country, Ranking], address: SearchAddress, *, related: bool = False) -> Markup:
    """The two countries side by side; below them what belongs to both or neither, or above if only that answers.

    Where neither has anything of its own, one sentence says so and the shared sources have the page.
    """
    wanted = [country for country in COUNTRIES if country in (with_shared(address.filters.countries) or COUNTRIES)]
    sides = [country for country in _SIDES if country in wanted]
    shared = [country for country in _SHARED if country in wanted and found.get(country, _NOTHING).hits]
    if sides and shared and not any(found.get(country, _NOTHING).hits for country in sides):
        top = el("p", t("results.column.neither"), class_="kb-nothing")
    else:
        alone = " kb-columns-one" if len(sides) == 1 else ""
        columns = [_column(t, country, found.get(country, _NOTHING), address, related=related) for country in sides]
        top = el("div", columns, class_=f"kb-columns{alone}")
    below = [_column(t, country, found[country], address) for country in shared]
    return (
        el("div", below, top) if _answers_in(found, shared) and not _answers_in(found, sides) else el("div", top, below)
    )


def _answers_in(found: Mapping[Country, Ranking], countries: Sequence[Country]) -> bool:
    """Whether anything counts as found in the columns of `countries`."""
    return any(found.get(country, _NOTHING).passage_count for country in countries)


def related(t: Texts, source: Passage, version: Version, hits: Sequence[Hit]) -> Markup:
    """Passages like `source`, which is quoted first, by country."""
    groups: dict[Country, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.version.metadata.country, []).append(hit)
    found = {
        country: Ranking(tuple(group), len(group), len({hit.version.id for hit in group}))
        for country, group in groups.items()
    }
    href = version_href(t, version, page=source.page, passage=source.id)
    return el(
        "section",
        el("h2", t("results.related"), id="results", tabindex="-1"),
        el(
            "blockquote",
            el("p", snippet(source.text, (), source.language), lang=source.language),
            el("footer", el("a", version.title, href=href, data_nav=True, lang=version.metadata.language)),
            class_="kb-quotation",
        ),
        columns(t, found, SearchAddress(), related=True)
        if hits
        else el("p", t("results.related_none"), class_="kb-notice"),
        aria_labelledby="results",
    )


def nothing(t: Texts, address: SearchAddress) -> Markup:
    """Nothing was found at all: what to try."""
    tries = [t("results.none.words"), t("results.none.language")]
    links = []
    unquoted = one_line(_QUOTATION_MARK.sub(" ", address.text))
    if unquoted and unquoted != address.text:
        href = replace(address, text=unquoted).href(t.language)
        links.append(el("li", el("a", t("results.none.phrases"), href=href, data_nav=True)))
    if address.filters.is_narrowed:
        href = replace(address, filters=Filters()).href(t.language)
        links.append(el("li", el("a", t("results.none.filters"), href=href, data_nav=True)))
    if address.filters.current_only:
        wider = replace(address, filters=replace(address.filters, current_only=False))
        links.append(el("li", el("a", t("results.none.older"), href=wider.href(t.language), data_nav=True)))
    return el("div", el("ul", links, [el("li", each) for each in tries]), class_="kb-nothing")


def _column(t: Texts, country: Country, ranking: Ranking, address: SearchAddress, *, related: bool = False) -> Markup:
    heading = f"country-{country}"
    count = t(
        "results.in",
        passages=t("results.passages", n=ranking.passage_count),
        documents=t("results.documents", n=ranking.document_count),
    )
    title = el(
        "h3",
        el("span", t(f"country.name.{country}")),
        el("span", f" · {count}", class_="kb-column-count") if ranking.passage_count else None,
        id=heading,
    )
    where = t(f"country.in.{country}")
    weak = None
    if ranking.hits and not ranking.passage_count:
        weak = el("p", t("results.column.weak", country=where), class_="kb-nothing")
    nothing = el("p", t("results.related_none"), class_="kb-nothing") if related else _empty_column(t, where, address)
    body = _ranked(t, ranking, name=country, heading="h4") if ranking.hits else nothing
    return el("section", title, weak, body, aria_labelledby=heading, class_=f"kb-column kb-column-{country}")


def _ranked(t: Texts, ranking: Ranking, *, name: str, heading: str, with_country: bool = False) -> Markup:
    """Hits in order, with a line between those that count as found and the others that are merely nearest."""
    all_found = ranking.passage_count >= len(ranking.hits)
    found = tuple(hit for hit in ranking.hits if all_found or hit.is_found)
    less = tuple(hit for hit in ranking.hits if not (all_found or hit.is_found))
    if not found:
        found, less = less[:_NEAREST], ()
    return joined(
        [
            hit_list(t, found, name=name, heading=heading, with_country=with_country),
            el("p", t("results.less"), class_="kb-less") if less else None,
            hit_list(t, less, name=f"{name}-less", heading=heading, with_country=with_country) if less else None,
        ]
    )


def _empty_column(t: Texts, where: str, address: SearchAddress) -> Markup:
    links = []
    if address.filters.is_narrowed:
        href = replace(address, filters=Filters()).href(t.language)
        links.append(el("li", el("a", t("results.none.filters"), href=href, data_nav=True)))
    links.append(el("li", t("results.column.words")))
    return el("div", el("p", t("results.column.none", country=where)), el("ul", links), class_="kb-nothing")


def _views(t: Texts, address: SearchAddress) -> Markup:
    views: tuple[tuple[View, str], ...] = (("columns", "results.view.columns"), ("list", "results.view.list"))
    return el(
        "nav",
        el("span", t("results.view.label")),
        el("ul", [el("li", _view(t, address, view, t(key))) for view, key in views]),
        aria_label=t("results.view.label"),
        class_="kb-views",
    )


def _view(t: Texts, address: SearchAddress, view: View, words: str) -> Markup:
    current = address.view == view
    href = replace(address, view=view).href(t.language)
    return el(
        "a",
        words,
        href=href,
        data_nav=True,
        data_stay=True,
        id=f"view-{view}",
        aria_current="true" if current else None,
        class_=f"kb-view kb-view-{view}" + (" kb-view-auto" if address.view == "auto" else ""),
    )


def _more(t: Texts, address: SearchAddress, result: SearchResult) -> Markup | None:
    shown = [result.merged, *result.by_country.values()]
    if address.limit >= MOST_HITS or all(len(ranking.hits) < address.limit for ranking in shown):
        return None
    link = el(
        "a",
        t("results.more"),
        href=address.more().href(t.language),
        data_nav=True,
        id="more",
        class_="kb-more-link",
    )
    return el("p", link)
