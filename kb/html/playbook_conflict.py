"""Two people changed the same words of a playbook page: what each wrote, and what the other changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import difference
from kb.html.element import el
from kb.i18n import Texts, date_text, has_text
from kb.library.paragraphs import ComparedParagraph
from kb.model.playbook import Revision
from kb.playbook.comparing import ComparedTexts
from kb.playbook.merged import MergedPiece
from kb.text.difference import Segment
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Conflict:
    """The `places` where two edits differ, what the other one changed, and the values it gave to fields both changed.

    `revision` is the other one.
    """

    places: Sequence[MergedPiece]
    changed: ComparedTexts
    values: Mapping[str, str]
    revision: Revision


def conflict(t: Texts, found: Conflict, language: Language) -> Markup:
    """What happened, each place to decide about, and all that the other one changed."""
    revision = found.revision
    facts = {
        "author": revision.author,
        "date": date_text(t.language, revision.made_at),
        "time": revision.made_at[11:16],
    }
    return el(
        "section",
        el(
            "div",
            el("h2", t("writing.conflict.title")),
            el("p", t("writing.conflict.text", **facts)),
            el("p", t("writing.conflict.remedy")),
            role="alert",
            class_="kb-summary",
        ),
        [_place(t, number, piece, language) for number, piece in enumerate(found.places, 1)],
        el(
            "details",
            el("summary", t("writing.conflict.changed", author=revision.author)),
            el("p", t("writing.conflict.why", summary=revision.summary)) if revision.summary else None,
            [_field(t, each.name, each.before, each.after, language) for each in found.changed.fields],
            [_block(t, each, language) for each in found.changed.blocks if not each.is_same],
            open=not found.places,
        ),
        class_="kb-conflict",
    )


def theirs(t: Texts, value: str) -> Markup:
    """What the other one entered in a field that both changed."""
    return Markup("") + (t("writing.conflict.value", value=value) if value else t("writing.conflict.emptied"))


def _place(t: Texts, number: int, piece: MergedPiece, language: Language) -> Markup:
    sides = [
        el(
            "div",
            el("h4", t(f"writing.conflict.{name}")),
            el("pre", text.strip() or t("writing.conflict.removed"), lang=language if text.strip() else None),
            el(
                "button",
                t(f"writing.conflict.keep.{name}"),
                type="button",
                hidden=True,
                data_both=piece.both.strip(),
                data_keep=text.strip(),
                class_="kb-button kb-button-plain",
            ),
        )
        for name, text in (("mine", piece.mine), ("theirs", piece.theirs))
    ]
    return el("div", el("h3", t("writing.conflict.place", number=number)), el("div", sides, class_="kb-two"))


def _field(t: Texts, name: str, before: str, after: str, language: Language) -> Markup:
    label = t(f"writing.field.{name}") if has_text(f"writing.field.{name}") else name
    segments = [Segment("removed", before), Segment("added", after)]
    return el("div", el("h4", label), difference.words(t, [each for each in segments if each.text], language))


def _block(t: Texts, each: ComparedParagraph, language: Language) -> Markup:
    if each.segments:
        segments: Sequence[Segment] = each.segments
    elif each.after is None or each.is_trace:
        segments = [Segment("removed", each.before.text if each.before else "")]
    else:
        segments = [Segment("added", each.after.text)]
    return el("div", difference.words(t, segments, language), class_="kb-changed")
