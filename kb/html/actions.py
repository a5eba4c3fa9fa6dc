"""The small actions that stand under a hit, a passage and a heading."""

from __future__ import annotations

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts
from kb.model.passages import Passage
from kb.model.works import Version


def copy_link(t: Texts, address: str, *, of: str = "") -> Markup:
    """A button that copies the permanent `address`; `of` says to screen readers what it leads to."""
    return el(
        "button",
        el("span", t("action.copy"), data_label=True),
        el("span", f" {of}", class_="kb-hidden") if of else None,
        type="button",
        class_="kb-link-button",
        data_copy=address,
        data_copied=t("action.copied"),
    )


def open_file(t: Texts, version: Version, *, page: int | None = None) -> Markup | None:
    """A link to the page of the original in a new tab; nothing for formats a browser does not open by page."""
    if version.media_type != "application/pdf":
        return None
    words = t("action.open_page", page=str(page)) if page else t("action.open_file")
    return el(
        "a",
        words,
        el("span", " " + t("action.new_tab", title=version.title), class_="kb-hidden"),
        href=addresses.file(version, page=page),
        target="_blank",
        rel="noopener",
    )


def more_like(t: Texts, passage: Passage) -> Markup:
    """A link to the passages that say something similar."""
    href = addresses.screen(addresses.SEARCH, t.language, [("like", passage.id)])
    return el("a", t("action.more_like"), href=href, data_nav=True)
