"""The body in the other language beside the one that is being written, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts
from kb.model.playbook import PageHeading
from kb.playbook.render import Heading, Rendered
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Beside:
    """The other body: its title, its text, and the headings that the one being written lacks."""

    language: Language
    title: str
    rendered: Rendered
    missing: Sequence[PageHeading]


def beside(t: Texts, other: Beside) -> Markup:
    """The other body, with what is missing named first and a way from each heading to its counterpart."""
    sections = [el("section", _heading(t, heading), html) for heading, html in other.rendered.sections]
    text = el("article", other.rendered.lead, sections, lang=other.language, class_="kb-text")
    own = text.replace(Markup(' id="'), Markup(' id="kb-other-')).replace(Markup('href="#'), Markup('href="#kb-other-'))
    return el(
        "div",
        missing(t, other),
        el("p", other.title, lang=other.language, class_="kb-preview-title"),
        own,
        class_="kb-preview",
    )


def missing(t: Texts, other: Beside) -> Markup | None:
    """The sections that only the other body has, each with the heading to write; nothing where none is missing."""
    if not other.missing:
        return None
    items = [
        el(
            "li",
            el("span", each.title, lang=other.language),
            " ",
            el("code", f"{{#{each.id}}}"),
            " ",
            el(
                "button",
                t("writing.beside.insert"),
                el("span", f" {each.title}", lang=other.language, class_="kb-hidden"),
                type="button",
                hidden=True,
                data_insert=f"\n\n{'#' * each.level} {each.title} {{#{each.id}}}\n\n",
                class_="kb-link-button",
            ),
        )
        for each in other.missing
    ]
    return el(
        "div",
        el("p", t("writing.beside.missing", n=len(items), name=t(f"language.{other.language}"))),
        el("ul", items),
        class_="kb-notice kb-notice-problem",
    )


def _heading(t: Texts, heading: Heading) -> Markup:
    title = el(f"h{heading.level}", heading.title, heading.marks, id=heading.id)
    button = el(
        "button",
        t("writing.beside.go"),
        el("span", f" {heading.title}", class_="kb-hidden"),
        type="button",
        hidden=True,
        data_heading=heading.id,
        lang=t.language,
        class_="kb-link-button",
    )
    return el("div", title, button, class_="kb-heading")
