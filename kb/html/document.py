"""A document: what is known of it, its contents, and its text page by page with a passage marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import actions, addresses, fates, labels
from kb.html.basket_button import button, page_passages
from kb.html.blocks import is_structured
from kb.html.cited_by import cited_by
from kb.html.editions import changes_link, edition_list, edition_notice
from kb.html.element import el, joined, spaced
from kb.html.hits import hit_list
from kb.html.metadata_form import edit_link
from kb.html.page_text import Outline, heading_id, page_text, quotation, stands_as_line
from kb.html.pictures import show_page
from kb.html.receipt import ocr_notice, reading_notices, receipt_block
from kb.i18n import Texts, date_text, licence_text, publisher_name, size_text
from kb.model.citing import CitingPage
from kb.model.editions import Successor
from kb.model.fates import Fates
from kb.model.hits import Hit
from kb.model.passages import Page, Passage, PlacedHeading
from kb.model.receipts import Receipt
from kb.model.references import Reference, references_in
from kb.model.works import Version
from kb.text.language import language_of

_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """Everything one view of a document shows. `editions` are all versions of its work, itself among them.

    `fates` is what has become of the words of `passage`; `passages` are those of the page, and `cited_by` are the pages
    of the playbook that cite the document.
    """

    version: Version
    editions: Sequence[Version]
    outline: Outline
    page: Page
    page_count: int
    passage: Passage | None = None
    related: Sequence[Hit] = ()
    receipt: Receipt | None = None
    successor: Successor | None = None
    predecessor: Version | None = None
    fates: Fates | None = None
    passages: Sequence[Passage] = ()
    cited_by: Sequence[CitingPage] = ()


def document(t: Texts, shown: OpenDocument) -> Markup:
    """The screen of a document."""
    version = shown.version
    return el(
        "div",
        el("h1", version.title, lang=version.metadata.language),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        edition_notice(t, version, shown.successor),
        reading_notices(t, shown.receipt),
        document_actions(t, version, predecessor=shown.predecessor),
        el(
            "div",
            el(
                "div",
                _contents(t, shown),
                el(
                    "section",
                    el("h2", t("document.about")),
                    metadata_list(t, version, shown.editions),
                    el("p", edit_link(t, version)),
                ),
                cited_by(t, shown.cited_by),
                receipt_block(t, shown.receipt) if shown.receipt else None,
                class_="kb-aside",
            ),
            el("div", _text(t, shown), reference_list(t, version), _related(t, shown), class_="kb-document-text"),
            class_="kb-reading",
        ),
    )


def document_actions(t: Texts, version: Version, *, predecessor: Version | None = None) -> Markup:
    """Official source, download, what changed since the edition before, permanent link, and the way to withdraw it."""
    source = version.metadata.source_url
    official = None
    if source.startswith(("https://", "http://")):
        new_tab = el("span", " " + t("action.new_tab", title=version.title), class_="kb-hidden")
        official = el("a", t("document.source"), new_tab, href=source, target="_blank", rel="noopener noreferrer")
    file = el(
        "a",
        t("document.file", kind=addresses.file_ending(version).upper(), size=size_text(version.size_bytes)),
        href=addresses.file(version),
        target="_blank",
        rel="noopener",
    )
    changed = changes_link(t, predecessor, version, key="changes.link.since") if predecessor else None
    copy = actions.copy_link(t, addresses.work(version), of=version.title)
    keeping = el("a", t("keeping.link"), href=addresses.keeping(t.language, version.id))
    found = [official, file, changed, copy, None if version.slug else keeping]
    return el("ul", [el("li", each) for each in found if each], class_="kb-actions")


def metadata_list(t: Texts, version: Version, editions: Sequence[Version]) -> Markup:
    """What is known of a version, as terms and descriptions."""
    metadata = version.metadata
    others = [each for each in editions if each.id != version.id]
    rows: list[tuple[str, Markup | str | None]] = [
        ("publisher", publisher_name(t.language, metadata.publisher)),
        ("country", t(f"country.name.{metadata.country}")),
        ("type", t(f"type.{metadata.document_type}")),
        ("published", date_text(t.language, metadata.published, era=True)),
        ("language", t(f"language.{metadata.language}")),
        ("edition", spaced([metadata.edition, t(f"edition.{version.status}")])),
        ("pages", f"{version.page_count:,}" if version.page_count else None),
        ("passages", f"{version.passage_count:,}"),
        ("licence", licence_text(t.language, metadata.licence)),
        ("added", date_text(t.language, version.added_at)),
        ("others", edition_list(t, version, others) if others else None),
    ]
    return el(
        "dl",
        [(el("dt", t(f"document.term.{name}")), el("dd", value)) for name, value in rows if value],
        class_="kb-terms",
    )


def reference_list(t: Texts, version: Version) -> Markup | None:
    """The publications a document says it rests on, each with where it is, whose, when and under which licence."""
    listed = references_in(version.metadata.extra)
    if not listed:
        return None
    return el(
        "section",
        el("h2", t("document.references"), id="sources"),
        el("ol", [el("li", _reference(t, each)) for each in listed], class_="kb-references"),
        aria_labelledby="sources",
    )


def _reference(t: Texts, reference: Reference) -> list[Markup]:
    language = language_of(reference.title)
    title: Markup = el("span", reference.title, lang=language)
    if reference.url.startswith(("https://", "http://")):
        new_tab = el("span", " " + t("action.new_tab", title=reference.title), class_="kb-hidden")
        href = reference.url
        title = el("a", title, new_tab, href=href, target="_blank", rel="noopener noreferrer")
    date, licence = reference.date, licence_text(t.language, reference.licence)
    facts = [
        el("span", reference.publisher, lang=language_of(reference.publisher)) if reference.publisher else None,
        date_text(t.language, date)
        if _ISO_DATE.fullmatch(date)
        else el("span", date, lang=language_of(date, language)),
        t("document.reference.licence", licence=licence) if licence else None,
    ]
    return [title, el("p", spaced(facts), class_="kb-facts")]


def _contents(t: Texts, shown: OpenDocument) -> Markup | None:
    if not shown.outline:
        return None
    top = min(each.level for each in shown.outline)
    paged = shown.page_count > 1
    items = [
        el(
            "li",
            el("a", each.title, href=_heading_address(t, shown, each), data_nav=not stands_as_line(shown.page, each)),
            el("span", " " + t("hit.page", page=str(each.page)), class_="kb-hint") if paged else None,
            class_=f"kb-level-{min(each.level - top + 2, 4)}",
        )
        for each in shown.outline
    ]
    return el(
        "nav",
        el("h2", t("contents.title"), id="contents-title"),
        el("ol", items, lang=shown.version.metadata.language),
        aria_labelledby="contents-title",
        class_="kb-contents",
    )


def _heading_address(t: Texts, shown: OpenDocument, heading: PlacedHeading) -> str:
    if stands_as_line(shown.page, heading):
        return f"#{heading_id(heading.start)}"
    return addresses.document(t.language, shown.version.id, page=heading.page)


def _text(t: Texts, shown: OpenDocument) -> Markup:
    paged = shown.page_count > 1
    title = t("document.page", page=str(shown.page.number), last=str(shown.page_count))
    passage = shown.passage
    marked = passage if passage and passage.stands_in(shown.page) else None
    structured = is_structured(shown.version)
    here = [
        show_page(t, passage, shown.version) if passage else None,
        actions.open_file(t, shown.version, page=shown.page.number),
        actions.copy_link(t, addresses.passage(passage.id), of=t("document.passage")) if passage else None,
        button(t, passage.id, of=shown.version.title) if passage else None,
    ]
    return el(
        "section",
        el("h2", title if paged else t("document.text"), id="page", tabindex="-1"),
        el(
            "div",
            _turn(t, shown) if paged else None,
            el("ul", [el("li", each) for each in here if each], class_="kb-actions") if any(here) else None,
            class_="kb-bar",
        ),
        ocr_notice(t, shown.page),
        el("p", t("document.marked"), class_="kb-hint") if marked else None,
        el(
            "div",
            fates.here(t, shown.fates.here, passage) if shown.fates else None,
            quotation(passage, structured=structured),
            id="passage",
        )
        if passage and not marked
        else None,
        page_text(shown.page, marked, structured=structured, outline=shown.outline)
        if shown.page.text.strip()
        else el("p", t("document.empty_page")),
        page_passages(t, shown.passages, title=shown.version.title),
        _turn(t, shown) if paged else None,
        fates.there(t, shown.fates, passage) if passage and shown.fates else None,
    )


def _turn(t: Texts, shown: OpenDocument) -> Markup:
    number = shown.page.number
    steps = [("document.previous", number - 1)] if number > 1 else []
    steps += [("document.next", number + 1)] if number < shown.page_count else []
    links = [
        el("li", el("a", t(key), href=addresses.document(t.language, shown.version.id, page=to), data_nav=True))
        for key, to in steps
    ]
    return el("nav", el("ul", links), aria_label=t("document.pages"), class_="kb-pages")


def _related(t: Texts, shown: OpenDocument) -> Markup | None:
    if shown.passage is None or not shown.related:
        return None
    return el(
        "section",
        el("h2", t("document.related" if shown.version.metadata.country in ("uk", "jp") else "document.related_any")),
        joined(hit_list(t, shown.related, name="related", with_country=True)),
    )
