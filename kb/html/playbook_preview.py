"""How a text of a playbook page will look, with what in it leads nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts
from kb.playbook.checking import Remark
from kb.playbook.render import Heading, Rendered
from kb.text.language import Language


def preview(t: Texts, rendered: Rendered, remarks: Sequence[Remark], language: Language, *, title: str) -> Markup:
    """What leads nowhere, then the page as readers will see it."""
    sections = [el("section", _heading(heading), html) for heading, html in rendered.sections]
    return el(
        "div",
        remark_list(t, remarks),
        el("p", title, lang=language, class_="kb-preview-title") if title else None,
        el("article", rendered.lead, sections, lang=language, class_="kb-text"),
        class_="kb-preview",
    )


def remark_list(t: Texts, remarks: Sequence[Remark]) -> Markup:
    """What leads nowhere, each with what to do; a sentence where nothing does."""
    if not remarks:
        return el("p", t("writing.remarks.none"), class_="kb-hint")
    return el(
        "div",
        el("p", t("writing.remarks", n=len(remarks))),
        el("ul", [el("li", _remark(t, each)) for each in remarks]),
        class_="kb-notice kb-notice-problem",
    )


def _remark(t: Texts, remark: Remark) -> Markup:
    words = t(f"writing.remark.{remark.kind}", target=remark.target, fragment=remark.fragment)
    if remark.kind != "wanted":
        return el("span", words)
    href = addresses.writing(t.language, "new", parameters=[("slug", remark.target)])
    return el("span", words, " ", el("a", t("writing.remark.begin"), href=href, target="_blank", rel="noopener"))


def _heading(heading: Heading) -> Markup:
    title = el(f"h{heading.level}", heading.title, heading.marks, id=heading.id)
    return el("div", title, class_="kb-heading")
