"""Words that came and went, marked for the eye, for the ear and without colour."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts
from kb.text.difference import Segment
from kb.text.language import Language


def words(t: Texts, segments: Iterable[Segment], language: Language) -> Markup:
    """`segments` as paragraphs of running text in the `language` of the document."""
    lines: list[list[Markup | str]] = [[]]
    for segment in segments:
        for number, part in enumerate(segment.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(_marked(t, segment, part))
    return el("div", [el("p", line) for line in lines if line], lang=language, class_="kb-difference")


def _marked(t: Texts, segment: Segment, part: str) -> Markup | str:
    if segment.kind == "same" or not part.strip():
        return part
    said = el("span", f"{t(f'difference.{segment.kind}')} ", lang=t.language, class_="kb-hidden")
    return el("ins" if segment.kind == "added" else "del", said, part)
