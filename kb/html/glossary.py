"""The glossary: every term in both languages side by side, in the order of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from urllib.parse import urlsplit

from markupsafe import Markup

from kb.html import actions, addresses
from kb.html.element import el
from kb.html.search_address import SearchAddress
from kb.i18n import Texts
from kb.sources.catalogue import OfficialSource
from kb.text.glossary import Glossary, GlossaryTerm, surface_key
from kb.text.gojuon import gojuon_key, gojuon_row
from kb.text.language import LANGUAGES, Language

Sources = Mapping[str, OfficialSource]
"""The catalogue of official sources by id, in whose words a term may name its source."""


def glossary(
    t: Texts, held: Glossary, words: str, *, sources: Sources = MappingProxyType({}), action: str = addresses.GLOSSARY
) -> Markup:
    """The page. `words` narrow it to the terms that hold them; `action` is the address that the filter box leads to."""
    shown = _ordered(matching(held.terms, words), t.language)
    groups = [(letter, list(terms)) for letter, terms in groupby(shown, lambda term: _letter(t, term))]
    return el(
        "div",
        el("h1", t("glossary.title")),
        el("p", t("glossary.lead"), class_="kb-lead"),
        _filter(t, words, action),
        el("p", summary(t, len(shown), words), " ", _all(t, action) if words else None, id="found", class_="kb-count"),
        _letters(t, [letter for letter, _ in groups]) if len(groups) > 1 else None,
        [_group(t, letter, terms, sources) for letter, terms in groups],
        None if shown else _nothing(t, words),
    )


def summary(t: Texts, n: int, words: str) -> str:
    """How many terms are shown, in a few words."""
    return t("glossary.found", n=n, words=words) if words else t("glossary.count", n=n)


def matching(terms: Iterable[GlossaryTerm], words: str) -> list[GlossaryTerm]:
    """Terms that hold each of `words` in one of their names, acronyms or definitions."""
    wanted = surface_key(words).split()
    return [term for term in terms if all(word in _haystack(term) for word in wanted)]


def _haystack(term: GlossaryTerm) -> str:
    return surface_key("\n".join((*term.surfaces, term.definition_en, term.definition_ja)))


def _ordered(terms: Iterable[GlossaryTerm], language: Language) -> list[GlossaryTerm]:
    if language == "ja":
        return sorted(terms, key=lambda term: gojuon_key(term.ja))
    return sorted(terms, key=lambda term: (not surface_key(term.en)[:1].isdigit(), surface_key(term.en)))


def _letter(t: Texts, term: GlossaryTerm) -> str:
    if t.language == "ja":
        return gojuon_row(term.ja)
    first = surface_key(term.en)[:1].upper()
    return first if first.isalpha() else ""


def _filter(t: Texts, words: str, action: str) -> Markup:
    return el(
        "form",
        el("input", type="hidden", name="lang", value=t.language),
        el("label", t("glossary.filter"), for_="term"),
        el(
            "div",
            el(
                "input",
                type="search",
                id="term",
                name="q",
                value=words,
                autocomplete="off",
                spellcheck="false",
                enterkeyhint="search",
            ),
            el("button", t("glossary.button"), type="submit", class_="kb-button"),
            class_="kb-search-row",
        ),
        action=action,
        method="get",
        role="search",
        data_nav=True,
        data_stay=True,
        class_="kb-search",
    )


def _all(t: Texts, action: str) -> Markup:
    return el("a", t("glossary.all"), href=addresses.screen(action, t.language), data_nav=True)


def _nothing(t: Texts, words: str) -> Markup:
    if not words:
        return el("p", t("glossary.empty"), class_="kb-notice")
    href = SearchAddress(text=words).href(t.language)
    link = el("a", t("glossary.none.search", words=words), href=href, data_nav=True)
    return el("div", el("p", t("glossary.none")), el("p", link), class_="kb-notice")


def _letters(t: Texts, letters: Sequence[str]) -> Markup:
    items = [el("li", el("a", _named(t, letter), href=f"#{_anchor(letter)}")) for letter in letters]
    return el("nav", el("ul", items), aria_label=t("glossary.letters"), class_="kb-letters")


def _named(t: Texts, letter: str) -> str:
    return t("glossary.row", row=letter) if letter else t("glossary.rest")


def _anchor(letter: str) -> str:
    """Ids of terms begin with no underscore, so that a letter is never taken for a term."""
    return f"_{ord(letter):x}" if letter else "_0"


def _group(t: Texts, letter: str, terms: Sequence[GlossaryTerm], sources: Sources) -> Markup:
    heading = el("h2", _named(t, letter), id=_anchor(letter), tabindex="-1")
    return el("section", heading, [_term(t, term, *_source_of(t, term, sources)) for term in terms], class_="kb-letter")


@lru_cache(maxsize=2_048)  # hundreds of terms on every run of the screen
def _term(t: Texts, term: GlossaryTerm, source_title: str, source_url: str) -> Markup:
    """One term; the reader's language stands first, and only its name is the heading."""
    own, other = t.language, next(each for each in LANGUAGES if each != t.language)
    links = [
        el("a", t("glossary.search"), _of(term, own), href=SearchAddress(text=term.name(own)).href(own), data_nav=True),
        _source(t, term, source_title, source_url),
        actions.copy_link(t, addresses.glossary(term.id), of=term.name(own)),
    ]
    return el(
        "section",
        el("div", _side(term, own, heading=True), _side(term, other), class_="kb-two"),
        el("ul", [el("li", link) for link in links if link], class_="kb-actions"),
        id=term.id,
        class_="kb-term",
    )


def _side(term: GlossaryTerm, language: Language, *, heading: bool = False) -> Markup:
    """Name, definition and other spellings in one language; acronyms stand with the reader's own."""
    also = (*(term.acronyms if heading else ()), *term.variants(language))
    words = ("、" if language == "ja" else ", ").join(also)
    return el(
        "div",
        el("h3" if heading else "p", term.name(language), class_="kb-term-name"),
        el("p", term.definition(language)) if term.definition(language) else None,
        el("p", Texts(language)("glossary.also", words=words), class_="kb-facts") if also else None,
        lang=language,
    )


def _of(term: GlossaryTerm, language: Language) -> Markup:
    return el("span", f" {term.name(language)}", class_="kb-hidden")


def _source_of(t: Texts, term: GlossaryTerm, sources: Sources) -> tuple[str, str]:
    """Where a term comes from: title and address of a publication of the catalogue, or site and address of a page."""
    known = sources.get(term.source)
    if known:
        return known.title_in(t.language) or known.title, known.url
    return urlsplit(term.source).hostname or "", term.source


def _source(t: Texts, term: GlossaryTerm, title: str, url: str) -> Markup | None:
    if not url.startswith(("https://", "http://")):
        return None
    new_tab = el("span", " " + t("action.new_tab", title=term.name(t.language)), class_="kb-hidden")
    return el("a", t("glossary.source", title=title), new_tab, href=url, target="_blank", rel="noopener noreferrer")
