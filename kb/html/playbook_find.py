"""Passages to cite on a playbook page: those of both countries, each with the mark that cites it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses, labels, notices
from kb.html.blocks import is_structured
from kb.html.element import el, spaced
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.model.hits import Hit
from kb.model.passages import heading_end
from kb.model.works import Country

GROUPS: tuple[Country, ...] = ("uk", "jp", "both", "other")
"""Countries in the order in which their passages stand; the first two are always there."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for evidence gave: hits by country, the day (ISO 8601) it was made, or why it could not be."""

    query: str = ""
    groups: Sequence[tuple[Country, Sequence[Hit]]] = ()
    searched_on: str = ""
    error: KbError | None = None


def find_page(t: Texts, found: Found) -> Markup:
    """The search on a page of its own, for writers without scripts."""
    return el(
        "div",
        el("h1", t("writing.find.title")),
        el("p", t("writing.find.lead"), class_="kb-lead"),
        el(
            "form",
            el("input", type="hidden", name="lang", value=t.language),
            el("label", t("writing.find.label"), for_="kb-q"),
            el("p", t("writing.find.hint"), class_="kb-hint", id="kb-q-hint"),
            el(
                "div",
                el("input", type="search", id="kb-q", name="q", value=found.query, aria_describedby="kb-q-hint"),
                el("button", t("writing.find.button"), type="submit", class_="kb-button"),
                class_="kb-search-row",
            ),
            method="get",
            action=f"{addresses.WRITING}/find",
            role="search",
            class_="kb-search",
        ),
        find_results(t, found),
    )


def find_results(t: Texts, found: Found) -> Markup | None:
    """What was found: one group for each country, also where it has nothing."""
    if found.error is not None:
        return notices.problem(t, found.error)
    if not found.query:
        return None
    shown = [_group(t, found, country, hits) for country, hits in found.groups if hits or country in ("uk", "jp")]
    return el("div", shown, class_="kb-find")


def _group(t: Texts, found: Found, country: Country, hits: Sequence[Hit]) -> Markup:
    heading = el("h2", t(f"country.name.{country}"), id=f"kb-find-{country}")
    if not hits:
        mark = f"[[none:{found.searched_on}|{_plain(found.query)}]]"
        return el(
            "section",
            heading,
            el("p", t("writing.find.none")),
            el("p", _insert(t, mark, "writing.find.say"), el("code", mark), class_="kb-mark-up"),
            aria_labelledby=f"kb-find-{country}",
            class_=f"kb-column kb-column-{country}",
        )
    return el(
        "section",
        heading,
        el("ol", [_hit(t, hit) for hit in hits], class_="kb-hits"),
        aria_labelledby=f"kb-find-{country}",
        class_=f"kb-column kb-column-{country}",
    )


def _hit(t: Texts, hit: Hit) -> Markup:
    passage, version = hit.passage, hit.version
    mark = f"[[cite:{passage.id}]]"
    quote = snippet(
        passage.text, hit.matches, passage.language, skip=heading_end(passage), structured=is_structured(version)
    )
    where = spaced([labels.section_path(passage), labels.page_word(t, passage)])
    href = addresses.in_language(addresses.passage(passage.id), t.language)
    return el(
        "li",
        el("h3", el("a", version.title, href=href, target="_blank", lang=version.metadata.language)),
        el("p", labels.facts_line(t, version), class_="kb-facts"),
        el("p", where, class_="kb-where") if where else None,
        el("blockquote", el("p", quote), lang=passage.language),
        el(
            "p",
            _insert(t, mark, "writing.find.cite", of=version.title),
            el("code", mark),
            class_="kb-mark-up",
        ),
        class_="kb-hit",
    )


def _insert(t: Texts, mark: str, key: str, *, of: str = "") -> Markup:
    """A button that puts `mark` where the cursor is; the script shows it."""
    hidden = el("span", f" {of}", class_="kb-hidden") if of else None
    return el(
        "button", t(key), hidden, type="button", hidden=True, data_insert=mark, class_="kb-button kb-button-plain"
    )


def _plain(query: str) -> str:
    """A query as it can stand in double brackets within a table."""
    return " ".join("".join(" " if char in "[]|\\" else char for char in query).split())
