"""What collects a passage as evidence: the button under it, and the passages of a page, each with its button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts
from kb.model.passages import Passage
from kb.text.language import Language
from kb.text.normalise import one_line

_FIRST_WORDS: Mapping[Language, int] = {"en": 140, "ja": 70}
"""Characters of a passage by which one knows it again."""


def button(t: Texts, passage_id: str, *, of: str, is_collected: bool = False) -> Markup:
    """Adds a passage to the reader's evidence, or takes it out; `of` says to screen readers what it stands in.

    A plain form, so that it works without scripts; with them the reader stays where they are.
    """
    return el(
        "form",
        el("input", type="hidden", name="passage", value=passage_id),
        el(
            "button",
            el("span", t("basket.added" if is_collected else "basket.add"), data_label=True),
            el("span", f" {t('basket.of', title=of)}", class_="kb-hidden"),
            class_="kb-link-button",
        ),
        method="post",
        action=addresses.basket_change(t.language, "remove" if is_collected else "add"),
        class_="kb-inline-form",
        data_basket=passage_id,
        data_add=t("basket.add"),
        data_added=t("basket.added"),
        data_said_add=t("basket.said.added"),
        data_said_remove=t("basket.said.removed"),
    )


def page_passages(t: Texts, passages: Sequence[Passage], *, title: str) -> Markup | None:
    """The passages of a page of a document, each with its link and button."""
    if not passages:
        return None
    items = [
        el(
            "li",
            el("span", _beginning(each), lang=each.language),
            el("ul", el("li", _link(t, each)), el("li", button(t, each.id, of=title)), class_="kb-actions"),
        )
        for each in passages
    ]
    return el(
        "details",
        el("summary", t("basket.page_passages")),
        el("ol", items, class_="kb-plain"),
        id="page-passages",
        class_="kb-page-passages",
    )


def _link(t: Texts, passage: Passage) -> Markup:
    return el("a", t("hit.open"), href=addresses.screen(addresses.passage(passage.id), t.language))


def _beginning(passage: Passage) -> str:
    words, most = one_line(passage.text), _FIRST_WORDS[passage.language]
    return words if len(words) <= most else f"{words[:most].rstrip()}…"
