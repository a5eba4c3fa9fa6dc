"""A passage at its permanent address: the quotation, where it stands, and whether that edition is current."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import actions, addresses, labels
from kb.html import fates as views
from kb.html.basket_button import button
from kb.html.blocks import is_structured
from kb.html.cited_by import cited_by
from kb.html.document import document_actions, metadata_list, reference_list
from kb.html.editions import edition_notice
from kb.html.element import el, spaced
from kb.html.hits import version_href
from kb.html.page_text import quotation
from kb.html.pictures import ShownPage, page_picture
from kb.html.receipt import ocr_label
from kb.i18n import Texts
from kb.model.citing import CitingPage
from kb.model.editions import Successor
from kb.model.fates import Fates
from kb.model.passages import Passage, PlacedHeading
from kb.model.works import Version


def passage(
    t: Texts,
    shown: Passage,
    version: Version,
    *,
    fates: Fates,
    successor: Successor | None = None,
    picture: ShownPage | None = None,
    context: Markup | None = None,
    is_collected: bool = False,
    citing: Sequence[CitingPage] = (),
) -> Markup:
    """The page behind `/c/<passage id>`, with what has become of its words since.

    The `picture` of a page stands beside the words, where there is one; elsewhere they stand in their `context`.
    `is_collected` says that the passage is in the reader's basket of evidence, `citing` are the pages that cite it.
    """
    href = version_href(t, version, page=shown.page, passage=shown.id)
    links = [
        el("a", t("passage.open"), href=href),
        actions.open_file(t, version, page=shown.page),
        actions.copy_link(t, addresses.passage(shown.id), of=version.title),
        button(t, shown.id, of=version.title, is_collected=is_collected),
    ]
    words = el(
        "div",
        el(
            "p",
            spaced([labels.section_path(shown), labels.page_word(t, shown), ocr_label(t, shown)]),
            class_="kb-where",
        ),
        views.here(t, fates.here, shown),
        context or quotation(shown, structured=is_structured(version)),
        el("ul", [el("li", link) for link in links if link], class_="kb-actions"),
        views.there(t, fates, shown),
        cited_by(t, citing),
    )
    return el(
        "div",
        el("p", t("passage.kicker"), class_="kb-back"),
        el("h1", version.title, lang=version.metadata.language),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        edition_notice(t, version, successor),
        el("div", page_picture(t, picture, shown, version), words, class_=_beside(picture)) if picture else words,
    )


def _beside(picture: ShownPage) -> str:
    return "kb-page-below" if picture.large else "kb-page-beside"


def work(
    t: Texts,
    version: Version,
    editions: Sequence[Version],
    outline: Sequence[PlacedHeading],
    *,
    successor: Successor | None = None,
    predecessor: Version | None = None,
    citing: Sequence[CitingPage] = (),
) -> Markup:
    """The page behind `/d/<work id>`: what is known of a document, what stands in it and what cites it."""
    contents = None
    if outline:
        items = [
            el("li", el("a", each.title, href=addresses.document(t.language, version.id, page=each.page)))
            for each in outline
        ]
        contents = el(
            "section",
            el("h2", t("contents.title")),
            el("ol", items, lang=version.metadata.language, class_="kb-plain"),
        )
    return el(
        "div",
        el("p", t("passage.work"), class_="kb-back"),
        el("h1", version.title, lang=version.metadata.language),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        edition_notice(t, version, successor),
        el("p", el("a", t("passage.open"), href=version_href(t, version))),
        document_actions(t, version, predecessor=predecessor),
        el("section", el("h2", t("document.about")), metadata_list(t, version, editions)),
        cited_by(t, citing),
        reference_list(t, version),
        contents,
    )
