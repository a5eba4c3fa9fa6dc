"""A search that found nothing, as it was kept: what was searched and found then, and what is found now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.playbook_proposals import proposal_list
from kb.i18n import Texts, date_text
from kb.model.hits import Hit
from kb.store.wiki_searches import FoundThen, KeptSearch


@dataclass(frozen=True, slots=True)
class ShownSearch:
    """A kept search; `revision` is that of the library now. `now` is what it finds today, None where nobody asked."""

    kept: KeptSearch
    revision: int
    now: Sequence[Hit] | None = None
    problem: Markup | None = None


def searches(t: Texts, shown: Sequence[ShownSearch]) -> Markup:
    """The page of the searches that a note in a cell names: one for each country it was noted for."""
    return el("div", el("h1", t("kept.title")), [_search(t, each) for each in shown])


def not_kept(t: Texts, query: str, on: str) -> Markup:
    """The page for a note whose search was not kept: it was written by hand, or comes from elsewhere."""
    search = addresses.screen(addresses.SEARCH, t.language, [("q", query)])
    return el(
        "div",
        el("h1", t("kept.missing")),
        el("p", t("kept.missing.text", query=query, date=date_text(t.language, on))),
        el("p", el("a", t("kept.missing.search"), href=search)),
    )


def _search(t: Texts, shown: ShownSearch) -> Markup:
    kept = shown.kept
    country = t(f"country.name.{kept.country}")
    date = date_text(t.language, kept.searched_on, era=True)
    rows = [("query", kept.query), ("also", kept.also)]
    terms = [(el("dt", t(f"kept.{name}")), el("dd", value)) for name, value in rows if value]
    since = "kept.same" if shown.revision == kept.revision else "kept.changed"
    return el(
        "section",
        el("p", t("kept.text", name=kept.searched_by, country=country, date=date), class_="kb-measure"),
        el("dl", terms, class_="kb-terms"),
        el("h2", t("kept.found"), id=f"found-{kept.id}"),
        _then(t, kept.found),
        el("h2", t("kept.now"), id=f"now-{kept.id}", tabindex="-1"),
        el("p", t(since)),
        shown.problem,
        _now(t, shown),
        class_="kb-kept",
    )


def _then(t: Texts, found: Sequence[FoundThen]) -> list[Markup]:
    if not found:
        return [el("p", t("kept.found.none"))]
    items = []
    for each in found:
        href = addresses.screen(addresses.passage(each.passage_id), t.language)
        where = spaced([el("a", each.title, href=href, lang=each.language), _page(t, each)])
        words = el("blockquote", el("p", f"{each.words}…"), lang=each.language, class_="kb-quotation")
        items.append(el("li", el("p", where), words))
    return [el("p", t("kept.found.text")), el("ol", items, class_="kb-proposals")]


def _page(t: Texts, found: FoundThen) -> str | None:
    return t("hit.page", page=str(found.page)) if found.page else None


def _now(t: Texts, shown: ShownSearch) -> Markup | None:
    kept = shown.kept
    if shown.now is None:
        href = addresses.writing(t.language, "search", str(kept.id), [("now", "1")], fragment=f"now-{kept.id}")
        button = el("a", t("kept.repeat"), href=href, role="button", class_="kb-button kb-button-plain")
        return el("p", button)
    known = [each.passage_id for each in kept.found]
    found = proposal_list(t, shown.now, language=t.language, known=known)
    return found or el("p", t("kept.found.none"))
