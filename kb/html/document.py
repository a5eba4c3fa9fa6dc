"""A document: what is known of it, its contents, and its text page by page with a passage marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from kb.html import actions, addresses, labels
from kb.html.blocks import BULLET, blocks, cells, is_structured
from kb.html.element import el, joined, spaced
from kb.html.hits import hit_list
from kb.html.pictures import show_page
from kb.i18n import Texts, date_text, licence_text, publisher_name, size_text
from kb.model.hits import Hit
from kb.model.passages import Page, Passage, PlacedHeading
from kb.model.receipts import Notice
from kb.model.references import Reference, references_in
from kb.model.works import Version
from kb.text.language import language_of

_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
Outline = Sequence[PlacedHeading]


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """Everything one view of a document shows. `editions` are all versions of its work, itself among them."""

    version: Version
    editions: Sequence[Version]
    outline: Outline
    page: Page
    page_count: int
    passage: Passage | None = None
    related: Sequence[Hit] = ()
    notices: Sequence[Notice] = ()


def document(t: Texts, shown: OpenDocument) -> Markup:
    """The screen of a document."""
    version = shown.version
    return el(
        "div",
        el("h1", version.title, lang=version.metadata.language),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        edition_notice(t, version, shown.editions),
        [
            el("p", t(f"notice.{each.code}", **each.facts), class_="kb-notice kb-notice-edition")
            for each in shown.notices
        ],
        document_actions(t, version),
        el(
            "div",
            el(
                "div",
                _contents(t, shown),
                el("section", el("h2", t("document.about")), metadata_list(t, version, shown.editions)),
                class_="kb-aside",
            ),
            el("div", _text(t, shown), reference_list(t, version), _related(t, shown), class_="kb-document-text"),
            class_="kb-reading",
        ),
    )


def edition_notice(t: Texts, version: Version, editions: Sequence[Version]) -> Markup | None:
    """Says that an edition is not the current one, and leads to the one that is."""
    if version.status == "current":
        return None
    current = next((each for each in editions if each.status == "current"), None)
    link = None
    if current is not None:
        href = addresses.document(t.language, current.id)
        link = el("a", t("document.newer"), href=href, data_nav=True)
    return el(
        "div",
        el("p", t(f"document.notice.{version.status}"), " ", link),
        class_="kb-notice kb-notice-edition",
    )


def document_actions(t: Texts, version: Version) -> Markup:
    """Official source, download and permanent link."""
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
    found = [official, file, actions.copy_link(t, addresses.work(version), of=version.title)]
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
        ("edition", t(f"edition.{version.status}")),
        ("pages", f"{version.page_count:,}" if version.page_count else None),
        ("passages", f"{version.passage_count:,}"),
        ("licence", licence_text(t.language, metadata.licence)),
        ("added", date_text(t.language, version.added_at)),
        ("others", _editions(t, others) if others else None),
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


def stands_in(passage: Passage, page: Page) -> bool:
    """Whether the page still has the words of the passage in their place; not so where it was read anew since."""
    return page.number == (passage.page or 1) and page.text[passage.start : passage.end] == passage.text


def quotation(passage: Passage, *, structured: bool = False) -> Markup:
    """The words of a passage by themselves; `structured` as in `page_text`."""
    shown = _blocks(_Marked(passage.text, 0, 0), structured=structured)
    return el("blockquote", shown, lang=passage.language, class_="kb-quotation")


def changed_notice(t: Texts) -> Markup:
    """Says that a passage is no longer what its page says."""
    return el("p", t("document.changed"), class_="kb-notice kb-notice-edition")


def page_text(page: Page, passage: Passage | None, *, structured: bool = False, outline: Outline = ()) -> Markup:
    """The text of a page in paragraphs; the characters of `passage` marked, the first of them with id `passage`.

    Where the text is `structured`, as that of Markdown is, its lists and tables look like lists and tables. Lines that
    the `outline` of the document names are headings, and have the ids that its contents lead to.
    """
    marked = _Marked(page.text, *((passage.start, passage.end) if passage else (0, 0)))
    top = min((each.level for each in outline), default=1)
    headings = {each.start: min(3 + each.level - top, 6) for each in outline if _stands_as_line(page, each)}
    shown = _blocks(marked, structured=structured, headings=headings)
    return el("div", shown, lang=page.language, class_="kb-text")


def _blocks(marked: _Marked, *, structured: bool, headings: Mapping[int, int] = MappingProxyType({})) -> list[Markup]:
    shown: list[Markup] = []
    for block in blocks(marked.text, structured=structured):
        if block.kind == "list":
            shown.append(el("ul", [el("li", marked.part(a + len(BULLET), b)) for a, b in block.lines]))
        elif block.kind == "table":
            rows = [[el("td", marked.part(a, b)) for a, b in cells(marked.text, line)] for line in block.lines]
            shown.append(el("div", el("table", el("tbody", [el("tr", row) for row in rows])), class_="kb-table"))
        else:
            shown += [_line(marked, a, b, headings.get(a)) for a, b in block.lines]
    return shown


def _stands_as_line(page: Page, heading: PlacedHeading) -> bool:
    """Whether a heading is on the page, as a line of its own."""
    before, line = page.text[: heading.start], page.text[heading.start :].partition("\n")[0]
    return heading.page == page.number and before[-1:] in ("", "\n") and line.strip() == heading.title


def _line(marked: _Marked, begin: int, after: int, level: int | None) -> Markup:
    """A paragraph, or a heading of that level."""
    words = marked.part(begin, after)
    return el(f"h{level}", words, id=_heading_id(begin), tabindex="-1") if level else el("p", words)


class _Marked:
    """Parts of a text, in order, with the characters from `start` to `end` marked."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self._start, self._end = text, start, end
        self._named = False

    def part(self, begin: int, after: int) -> list[str | Markup]:
        a, b = max(self._start, begin), min(self._end, after)
        if a >= b:
            return [self.text[begin:after]]
        identity = None if self._named else "passage"
        self._named = True
        mark = el("mark", self.text[a:b], class_="kb-passage", id=identity)
        return [self.text[begin:a], mark, self.text[b:after]]


def _editions(t: Texts, others: Sequence[Version]) -> Markup:
    items = []
    for each in others:
        link = el(
            "a",
            each.title,
            href=addresses.document(t.language, each.id),
            data_nav=True,
            lang=each.metadata.language,
        )
        facts = spaced([t(f"language.{each.metadata.language}"), each.metadata.published, t(f"edition.{each.status}")])
        items.append(el("li", link, " ", el("span", facts, class_="kb-hint")))
    return el("ul", items, class_="kb-plain")


def _contents(t: Texts, shown: OpenDocument) -> Markup | None:
    if not shown.outline:
        return None
    top = min(each.level for each in shown.outline)
    paged = shown.page_count > 1
    items = [
        el(
            "li",
            el("a", each.title, href=_heading_address(t, shown, each), data_nav=not _stands_as_line(shown.page, each)),
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
    if _stands_as_line(shown.page, heading):
        return f"#{_heading_id(heading.start)}"
    return addresses.document(t.language, shown.version.id, page=heading.page)


def _heading_id(start: int) -> str:
    return f"heading-{start}"


def _text(t: Texts, shown: OpenDocument) -> Markup:
    paged = shown.page_count > 1
    title = t("document.page", page=str(shown.page.number), last=str(shown.page_count))
    passage = shown.passage
    marked = passage if passage and stands_in(passage, shown.page) else None
    structured = is_structured(shown.version)
    here = [
        show_page(t, passage, shown.version) if passage else None,
        actions.open_file(t, shown.version, page=shown.page.number),
        actions.copy_link(t, addresses.passage(passage.id), of=t("document.passage")) if passage else None,
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
        el("p", t("document.marked"), class_="kb-hint") if marked else None,
        el("div", changed_notice(t), quotation(passage, structured=structured), id="passage")
        if passage and not marked
        else None,
        page_text(shown.page, marked, structured=structured, outline=shown.outline)
        if shown.page.text.strip()
        else el("p", t("document.empty_page")),
        _turn(t, shown) if paged else None,
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
