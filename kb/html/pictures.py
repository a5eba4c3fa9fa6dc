"""A page of a document as a picture, beside the text of a passage of it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import PictureError
from kb.html import addresses, notices
from kb.html.element import el
from kb.html.page_text import page_text
from kb.html.receipt import ocr_notice
from kb.i18n import Texts
from kb.model.passages import Page, Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version

_USUAL_PX = (893, 1263)
"""Size of an A4 page, which holds the place of a picture until it is there."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Page `number` of a document: its picture, or why there is none, and its text where there is some.

    `query` are the words underlined in it; a `large` one is shown larger than the page is wide.
    """

    number: int
    drawn: PagePicture | PictureError
    text: Page | None = None
    query: str = ""
    large: bool = False


def page_picture(t: Texts, shown: ShownPage, passage: Passage, version: Version) -> Markup:
    """The picture with what can be done about it and the page's text; on its own page the passage is marked."""
    last = str(version.page_count or 1)
    return el(
        "section",
        el("h2", t("document.page", page=str(shown.number), last=last), id="page", tabindex="-1"),
        _picture(t, shown, shown.drawn, passage, version)
        if isinstance(shown.drawn, PagePicture)
        else el("div", notices.problem_lines(t, shown.drawn.code, shown.drawn.facts), class_="kb-notice"),
        _turn(t, shown, passage, version),
        _text(t, shown, passage),
        aria_labelledby="page",
        class_="kb-picture kb-picture-large" if shown.large else "kb-picture",
    )


def show_page(t: Texts, passage: Passage, version: Version) -> Markup | None:
    """A link to the picture of the page a passage stands on; nothing for documents without such pages."""
    if not _has_pictures(passage, version):
        return None
    of = t("picture.of", page=str(passage.page), title=version.title)
    href = addresses.passage_page(t.language, passage.id)
    return el("a", t("picture.show"), el("span", f" {of}", class_="kb-hidden"), href=href)


def picture_on_demand(t: Texts, passage: Passage, version: Version, *, name: str, query: str = "") -> Markup | None:
    """The picture where the passage is listed: it is fetched when it is opened, and not before.

    `name` tells the lists of one page apart. Nothing for documents without such pages.
    """
    if not _has_pictures(passage, version) or passage.page is None:
        return None
    page = str(passage.page)
    of = t("picture.of", page=page, title=version.title)
    image = el(
        "img",
        src=addresses.picture(version, passage.page, passage=passage.id, query=query),
        alt=t("picture.alt", page=page, title=version.title),
        width=_USUAL_PX[0],
        height=_USUAL_PX[1],
        loading="lazy",
        decoding="async",
    )
    beside = el("a", t("picture.beside"), href=addresses.passage_page(t.language, passage.id, query=query))
    return el(
        "details",
        el("summary", t("picture.show"), el("span", f" {of}", class_="kb-hidden")),
        image,
        el("p", beside, class_="kb-hint"),
        id=f"page-{name}-{passage.id}",
        class_="kb-page-shown",
    )


def _has_pictures(passage: Passage, version: Version) -> bool:
    return version.media_type == "application/pdf" and bool(passage.page)


def _picture(t: Texts, shown: ShownPage, drawn: PagePicture, passage: Passage, version: Version) -> list[Markup | None]:
    own = shown.number == passage.page
    boxed = passage.id if own else ""
    alternative = t("picture.alt.boxed" if drawn.boxed else "picture.alt", page=str(shown.number), title=version.title)
    image = el(
        "img",
        src=addresses.picture(version, shown.number, passage=boxed, query=shown.query, large=shown.large),
        alt=alternative,
        width=drawn.width_px,
        height=drawn.height_px,
        loading="lazy",
        decoding="async",
    )
    missing = "picture.not_found.ocr" if passage.source == "ocr" else "picture.not_found"
    note = t(("picture.boxed" if drawn.boxed else missing) if own else "picture.elsewhere")
    if drawn.underlined:
        note = f"{note} {t('picture.underlined')}" if t.language == "en" else note + t("picture.underlined")
    return [
        el("p", note, class_="kb-hint"),
        el("div", image, tabindex="0", role="group", aria_label=alternative, class_="kb-picture-scroll")
        if shown.large
        else image,
        _sizes(t, shown, passage, version, boxed),
    ]


def _sizes(t: Texts, shown: ShownPage, passage: Passage, version: Version, boxed: str) -> Markup:
    """Links to the other size, on this page and by itself."""
    page = shown.number if shown.number != passage.page else None
    other = addresses.passage_page(t.language, passage.id, page=page, query=shown.query, large=not shown.large)
    alone = el(
        "a",
        t("picture.large"),
        el("span", " " + t("action.new_tab", title=version.title), class_="kb-hidden"),
        href=addresses.picture(version, shown.number, passage=boxed, query=shown.query, large=True),
        target="_blank",
        rel="noopener",
    )
    links = [el("a", t("picture.zoom.out" if shown.large else "picture.zoom.in"), href=other), alone]
    return el("ul", [el("li", link) for link in links], class_="kb-actions")


def _turn(t: Texts, shown: ShownPage, passage: Passage, version: Version) -> Markup | None:
    """Links to the pages before and after, and back to the passage's own, which no other link then leads to."""
    steps = {"document.previous": shown.number - 1, "document.next": shown.number + 1}
    steps = {key: to for key, to in steps.items() if 1 <= to <= (version.page_count or 1)}
    if passage.page and shown.number != passage.page:
        steps = {key: to for key, to in steps.items() if to != passage.page} | {"picture.back": passage.page}
    if not steps:
        return None
    links = []
    for key, to in steps.items():
        page = to if to != passage.page else None
        href = addresses.passage_page(t.language, passage.id, page=page, query=shown.query, large=shown.large)
        links.append(el("li", el("a", t(key), href=href)))
    return el("nav", el("ul", links), aria_label=t("document.pages"), class_="kb-pages")


def _text(t: Texts, shown: ShownPage, passage: Passage) -> Markup | None:
    """The words of the page, for whoever cannot see the picture; open where no other words stand beside it."""
    if shown.text is None:
        return None
    own = shown.number == passage.page
    marked = passage if own and passage.stands_in(shown.text) else None
    words = page_text(shown.text, marked) if shown.text.text.strip() else el("p", t("document.empty_page"))
    return el(
        "details",
        el("summary", t("picture.text", page=str(shown.number))),
        ocr_notice(t, shown.text),
        words,
        id="page-text",
        open=not own,
        class_="kb-page-text",
    )
