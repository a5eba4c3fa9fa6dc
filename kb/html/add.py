"""What the page for adding documents says before anything is added."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts


def intro(t: Texts, *, max_upload_mb: int, max_pages: int) -> Markup:
    """Title, what can be added, and the limits."""
    limits = [
        t("add.limit.kinds"),
        t("add.limit.size", size=max_upload_mb, pages=max_pages),
        t("add.limit.text"),
        t("add.limit.public"),
    ]
    return el(
        "div",
        el("h1", t("add.title")),
        el("p", t("add.lead"), class_="kb-lead"),
        el("ul", [el("li", limit) for limit in limits], class_="kb-limits"),
    )


def about(t: Texts) -> Markup:
    """Heads the questions about the documents, all of which may stay open."""
    return el("div", el("h2", t("add.about")), el("p", t("add.about_hint"), class_="kb-hint"))


def no_file(t: Texts) -> Markup:
    """The form was sent without a file."""
    return el("div", el("p", t("add.no_file")), class_="kb-notice kb-notice-problem", role="alert")
