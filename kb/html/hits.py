"""One document found by a search: its best passage in full view, its other passages below."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from kb.html import actions, addresses, labels
from kb.html.basket_button import button
from kb.html.blocks import is_structured
from kb.html.editions import superseded_by
from kb.html.element import el, joined, spaced
from kb.html.pictures import picture_on_demand
from kb.html.receipt import ocr_label
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.model.hits import Hit, WordPair
from kb.model.passages import heading_end
from kb.model.works import Version
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import one_line

_MOST_CHARACTERS = 120
"""Of the words that are marked in a picture."""
_CLOSE, _NEAR = 0.3, 0.05
"""Estimated probability of relevance from which a passage is called very close, and close."""


def by_document(hits: Iterable[Hit]) -> list[list[Hit]]:
    """Hits gathered by the version they stand in, in the order of the best hit of each."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.version.id, []).append(hit)
    return list(groups.values())


def hit_list(t: Texts, hits: Iterable[Hit], *, name: str, heading: str = "h3", with_country: bool = False) -> Markup:
    """Hits as an ordered list of documents, titles as `heading`. `name` tells the lists of one page apart."""
    groups = by_document(hits)
    items = [_document(t, group, heading=heading, with_country=with_country, name=name) for group in groups]
    return el("ol", items, class_="kb-hits")


def version_href(t: Texts, version: Version, *, page: int | None = None, passage: str = "") -> str:
    """Where a title leads: to the playbook for its pages, else to the document, at the passage."""
    if version.slug:
        return addresses.playbook_screen(t.language, version.slug)
    return addresses.document(t.language, version.id, page=page, passage=passage)


def _document(t: Texts, group: Sequence[Hit], *, heading: str, with_country: bool, name: str) -> Markup:
    first, rest = group[0], group[1:]
    version, passage = first.version, first.passage
    href = version_href(t, version, page=passage.page, passage=passage.id)
    more = None
    if rest:
        more = el(
            "details",
            el("summary", t("hit.more", n=len(rest))),
            el("ol", [el("li", _passage(t, hit, name=name)) for hit in rest], class_="kb-more"),
            id=f"more-{name}-{passage.id}",
        )
    return el(
        "li",
        el(heading, el("a", version.title, href=href, data_nav=True, lang=version.metadata.language)),
        el("p", labels.facts_line(t, version, with_country=with_country), class_="kb-facts"),
        el("p", superseded_by(t, first.successor), class_="kb-superseded") if first.successor else None,
        _passage(t, first, name=name, titled=False),
        more,
        class_="kb-hit",
    )


def _passage(t: Texts, hit: Hit, *, name: str, titled: bool = True) -> Markup:
    passage, version = hit.passage, hit.version
    where = [joined(labels.section_path(passage)), joined(labels.page_word(t, passage))]
    label = ocr_label(t, passage)
    if titled:
        href = version_href(t, version, page=passage.page, passage=passage.id)
        where = [el("a", spaced(where) or joined(t("hit.open")), href=href, data_nav=True)]
    return el(
        "div",
        el("p", spaced([*where, label]), class_="kb-where") if spaced([*where, label]) else None,
        el(
            "blockquote",
            el(
                "p",
                snippet(
                    passage.text,
                    hit.matches,
                    passage.language,
                    skip=heading_end(passage),
                    notes=_notes(t, hit.why.pairs),
                    structured=is_structured(version),
                ),
            ),
            lang=passage.language,
        ),
        el(
            "ul",
            [
                el("li", action)
                for action in (
                    actions.open_file(t, version, page=passage.page),
                    actions.copy_link(t, addresses.passage(passage.id), of=version.title),
                    actions.more_like(t, passage),
                    button(t, passage.id, of=version.title),
                )
                if action
            ],
            class_="kb-actions",
        ),
        picture_on_demand(t, passage, version, name=name, query=_words(hit)),
        _why(t, hit, name),
    )


def _words(hit: Hit) -> str:
    """Words of the passage that answer the query in either language, for the picture of its page."""
    words = dict.fromkeys([*hit.why.words, *(pair.found for pair in hit.why.pairs)])
    return one_line(" ".join(words))[:_MOST_CHARACTERS].strip()


def _notes(t: Texts, pairs: Sequence[WordPair]) -> list[tuple[int, int, str]]:
    """Of each word that answers one of the query, which."""
    return sorted((start, end, t("hit.answers", word=pair.asked)) for pair in pairs for start, end in pair.ranges)


def _pairs(t: Texts, pairs: Sequence[WordPair], language: Language) -> Markup:
    """Words of the query, each with the words of a passage in `language` that answer it."""
    other = next(each for each in LANGUAGES if each != language)
    answers: dict[str, list[Markup]] = {}
    for pair in pairs:
        answers.setdefault(pair.asked, []).append(el("span", pair.found, lang=language))
    lines = [
        el(
            "li",
            el("span", asked, lang=other),
            el("span", " → ", aria_hidden="true"),
            el("span", f" {t('why.pairs.answered')} ", class_="kb-hidden"),
            functools.reduce(lambda first, second: Markup(t("why.pairs.two", first=first, second=second)), found),
        )
        for asked, found in answers.items()
    ]
    return el("li", t("why.pairs"), el("ul", lines))


def _why(t: Texts, hit: Hit, name: str) -> Markup:
    why = hit.why
    words = list(dict.fromkeys(why.words))
    shown = el("span", ", ".join(words), lang=hit.passage.language)
    lines: list[Markup] = [el("li", t("why.words"), " ", shown) if words else el("li", t("why.no_words"))]
    if why.pairs:
        lines.append(_pairs(t, why.pairs, hit.passage.language))
    if why.similarity is not None:
        closeness = "close" if hit.score >= _CLOSE else "near" if hit.score >= _NEAR else "far"
        lines.append(el("li", t(f"why.meaning.{closeness}", similarity=f"{why.similarity:.2f}")))
    if why.token_similarity is not None:
        lines.append(el("li", t("why.tokens", similarity=f"{why.token_similarity:.2f}")))
    if "identifier" in why.legs:
        lines.append(el("li", t("why.identifier")))
    lines.append(el("li", t(f"why.edition.{hit.version.status}")))
    return el(
        "details",
        el("summary", t("why.title")),
        el("ul", lines),
        id=f"why-{name}-{hit.passage.id}",
        class_="kb-why",
    )
