"""A page of a document as a picture, beside the text of a passage of it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import PictureError
from kb.html import addresses, notices
from kb.html.element import el
from kb.i18n import Texts
from kb.model.passages import Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Page `number` of a document: its picture, or why there is none."""

    number: int
    drawn: PagePicture | PictureError


def page_picture(t: Texts, shown: ShownPage, passage: Passage, version: Version) -> Markup:
    """The picture with what can be done about it; on the passage's own page the passage is boxed."""
    last = str(version.page_count or 1)
    return el(
        "section",
        el("h2", t("document.page", page=str(shown.number), last=last), id="page", tabindex="-1"),
        _picture(t, shown, shown.drawn, passage, version)
        if isinstance(shown.drawn, PagePicture)
        else el("div", notices.problem_lines(t, shown.drawn.code, shown.drawn.facts), class_="kb-notice"),
        _turn(t, shown, passage, version),
        aria_labelledby="page",
        class_="kb-picture",
    )


def show_page(t: Texts, passage: Passage, version: Version) -> Markup | None:
    """A link to the picture of the page a passage stands on; nothing for documents without such pages."""
    if version.media_type != "application/pdf" or not passage.page:
        return None
    of = t("picture.of", page=str(passage.page), title=version.title)
    href = addresses.passage_page(t.language, passage.id)
    return el("a", t("picture.show"), el("span", f" {of}", class_="kb-hidden"), href=href)


def _picture(t: Texts, shown: ShownPage, drawn: PagePicture, passage: Passage, version: Version) -> list[Markup | None]:
    own = shown.number == passage.page
    source = addresses.picture(version, shown.number, passage=passage.id if own else "")
    alternative = t("picture.alt.boxed" if drawn.boxed else "picture.alt", page=str(shown.number), title=version.title)
    image = el(
        "img",
        src=source,
        alt=alternative,
        width=drawn.width_px,
        height=drawn.height_px,
        loading="lazy",
        decoding="async",
    )
    note = ("picture.boxed" if drawn.boxed else "picture.not_found") if own else "picture.elsewhere"
    large = el(
        "a",
        t("picture.large"),
        el("span", " " + t("action.new_tab", title=version.title), class_="kb-hidden"),
        href=source,
        target="_blank",
        rel="noopener",
    )
    return [el("p", t(note), class_="kb-hint"), image, el("p", large, class_="kb-hint")]


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
        links.append(el("li", el("a", t(key), href=addresses.passage_page(t.language, passage.id, page=page))))
    return el("nav", el("ul", links), aria_label=t("document.pages"), class_="kb-pages")
