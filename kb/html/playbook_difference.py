"""What differs between two texts of a playbook page: values first, then the blocks that changed, word by word."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from kb.html.difference import words
from kb.html.element import el
from kb.i18n import Texts, has_text
from kb.library.paragraphs import ComparedParagraph
from kb.playbook.comparing import ComparedField, ComparedTexts
from kb.text.difference import Segment
from kb.text.difference import difference as word_difference
from kb.text.language import Language


def difference(t: Texts, texts: ComparedTexts, language: Language) -> Markup:
    """Everything that differs; blocks that are the same are only counted."""
    if texts.is_same:
        return el("p", t("changes.none"))
    blocks = []
    for is_same, group in groupby(texts.blocks, key=lambda each: each.kind == "same"):
        found = list(group)
        if is_same:
            blocks.append(el("p", t("history.unchanged", n=len(found)), class_="kb-hint"))
        else:
            blocks += [_block(t, each, language) for each in found if not each.is_trace]
    marks = [el("ins", t("changes.key.added")), " ", el("del", t("changes.key.removed"))]
    return el(
        "div",
        el("p", t("changes.key"), t("changes.key.colon"), marks, class_="kb-hint kb-difference"),
        el("dl", [_field(t, each, language) for each in texts.fields], class_="kb-terms") if texts.fields else None,
        el("div", blocks, class_="kb-changed-blocks"),
    )


def _block(t: Texts, each: ComparedParagraph, language: Language) -> Markup:
    side = each.after or each.before
    assert side is not None
    segments = each.segments
    if not segments:
        kind = each.kind if each.kind in ("added", "removed") else "same"
        segments = (Segment("added" if kind == "added" else "removed" if kind == "removed" else "same", side.text),)
    label = el("p", t("changes.kind.moved"), class_="kb-hint") if each.kind == "moved" else None
    return el("div", label, words(t, segments, language), class_=f"kb-changed-block kb-changed-{each.kind}")


def _field(t: Texts, each: ComparedField, language: Language) -> tuple[Markup, Markup]:
    key = f"writing.field.{each.name}"
    name = t(key) if has_text(key) else each.name
    return el("dt", name), el("dd", words(t, word_difference(each.before, each.after), language))
