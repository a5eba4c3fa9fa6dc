"""Passages that a search found for a cell: their words, document and page, and the field that goes before each."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.blocks import is_structured
from kb.html.element import el, spaced
from kb.html.hits import version_href
from kb.html.signed_form import line_field
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.model.hits import Hit
from kb.model.passages import heading_end
from kb.text.language import Language


def proposal_list(
    t: Texts, hits: Sequence[Hit], *, language: Language, puts: bool = False, known: Sequence[str] | None = None
) -> Markup | None:
    """The passages, best first. `puts`: each with what puts it into the cell, in words of `language`.

    Those that are not among the `known` passages say that they are new.
    """
    if not hits:
        return None
    return el("ol", [_proposal(t, hit, language, puts, known) for hit in hits], class_="kb-proposals")


def _proposal(t: Texts, hit: Hit, language: Language, puts: bool, known: Sequence[str] | None) -> Markup:
    passage, version = hit.passage, hit.version
    href = version_href(t, version, page=passage.page, passage=passage.id)
    where = spaced([labels.section_path(passage), labels.page_word(t, passage)])
    words = snippet(
        passage.text, hit.matches, passage.language, skip=heading_end(passage), structured=is_structured(version)
    )
    is_new = known is not None and passage.id not in known
    link = el("a", t("citing.link"), href=addresses.screen(addresses.passage(passage.id), t.language))
    return el(
        "li",
        el("p", el("span", t("kept.new"), class_="kb-tag kb-tag-added")) if is_new else None,
        el("h4", el("a", version.title, href=href, lang=version.metadata.language)),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        el("p", where, class_="kb-where") if where else None,
        el("blockquote", el("p", words), lang=passage.language, class_="kb-quotation"),
        el("ul", el("li", link), class_="kb-actions"),
        _put(t, passage.id, version.title, language) if puts else None,
    )


def _put(t: Texts, passage_id: str, title: str, language: Language) -> Markup:
    of = el("span", f" {t('basket.of', title=title)}", class_="kb-hidden")
    button = el(
        "button", t("cells.put"), of, type="submit", name="put", value=passage_id, class_="kb-button kb-button-plain"
    )
    name = f"text-{passage_id}"
    return el("div", line_field(t, "cells.put.text", name, name, language=language), button, class_="kb-put")
