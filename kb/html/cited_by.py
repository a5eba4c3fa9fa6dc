"""Which pages of the playbook cite a document or a passage."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts
from kb.model.citing import CitingPage


def cited_by(t: Texts, pages: Sequence[CitingPage]) -> Markup | None:
    """The pages, each in the language of the reader where it cites in both; nothing where no page does."""
    if not pages:
        return None
    chosen: dict[str, CitingPage] = {}
    for page in pages:
        if page.slug not in chosen or page.language == t.language:
            chosen[page.slug] = page
    return el(
        "section",
        el("h2", t("citing.cited_by"), id="cited-by"),
        el("ul", [el("li", _page(t, each)) for each in chosen.values()]),
        aria_labelledby="cited-by",
        class_="kb-cited-by",
    )


def _page(t: Texts, page: CitingPage) -> list[Markup | str]:
    address = addresses.playbook_screen(page.language, page.slug, fragment=page.heading)
    words = (
        t("playbook.link.heading", page=page.title, heading=page.heading_title) if page.heading_title else page.title
    )
    shown: list[Markup | str] = [el("a", words, href=address, lang=page.language)]
    if page.language != t.language:
        shown.append(el("span", f" {t('citing.in', language=t(f'language.{page.language}'))}", class_="kb-hint"))
    return shown
