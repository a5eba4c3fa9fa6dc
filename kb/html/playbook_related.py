"""What else there is on the subject of a playbook page: other pages, and passages of documents of both countries."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.element import el, spaced
from kb.html.playbook_links import Addresses
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.model.hits import Hit
from kb.model.passages import heading_end
from kb.playbook.around import Related


def related_section(t: Texts, related: Related, *, to: Addresses) -> Markup | None:
    """Pages and passages that are about the same as a page; nothing where none is known."""
    pages, passages = related
    if not pages and not passages:
        return None
    return el(
        "section",
        el("h2", t("playbook.related.title"), id="kb-related"),
        el(
            "div",
            _group(t("playbook.related.pages"), [_page(t, hit, to) for hit in pages]),
            _group(t("playbook.related.passages"), [_passage(t, hit) for hit in passages]),
            class_="kb-two",
        ),
        aria_labelledby="kb-related",
        class_="kb-related",
    )


def _group(title: str, items: Sequence[Markup]) -> Markup | None:
    return el("div", el("h3", title), el("ul", items, class_="kb-plain")) if items else None


def _page(t: Texts, hit: Hit, to: Addresses) -> Markup:
    version = hit.version
    href = to.page(t.language, version.slug)
    return el("li", el("a", version.title, href=href, data_nav=True, lang=version.metadata.language))


def _passage(t: Texts, hit: Hit) -> Markup:
    passage, version = hit.passage, hit.version
    href = addresses.screen(addresses.passage(passage.id), t.language)
    words = snippet(passage.text, (), passage.language, skip=heading_end(passage))
    return el(
        "li",
        el("a", version.title, href=href, lang=version.metadata.language),
        el(
            "p",
            spaced([labels.country_tag(t, version.metadata.country), labels.page_word(t, passage)]),
            class_="kb-facts",
        ),
        el("blockquote", el("p", words), lang=passage.language),
    )
