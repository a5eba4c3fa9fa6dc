"""The text of a page as it reads: paragraphs, lists, tables and headings, with a passage marked in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from kb.html.blocks import BULLET, blocks, cells
from kb.html.element import el
from kb.model.passages import Page, Passage, PlacedHeading

Outline = Sequence[PlacedHeading]


def quotation(passage: Passage, *, structured: bool = False) -> Markup:
    """The words of a passage by themselves; `structured` as in `page_text`."""
    shown = _blocks(_Marked(passage.text, 0, 0), structured=structured)
    return el("blockquote", shown, lang=passage.language, class_="kb-quotation")


def page_text(page: Page, passage: Passage | None, *, structured: bool = False, outline: Outline = ()) -> Markup:
    """The text of a page in paragraphs; the characters of `passage` marked, the first of them with id `passage`.

    Where the text is `structured`, as that of Markdown is, its lists and tables look like lists and tables. Lines that
    the `outline` of the document names are headings, and have the ids that its contents lead to.
    """
    marked = _Marked(page.text, *((passage.start, passage.end) if passage else (0, 0)))
    top = min((each.level for each in outline), default=1)
    headings = {each.start: min(3 + each.level - top, 6) for each in outline if stands_as_line(page, each)}
    shown = _blocks(marked, structured=structured, headings=headings)
    return el("div", shown, lang=page.language, class_="kb-text")


def _blocks(marked: _Marked, *, structured: bool, headings: Mapping[int, int] = MappingProxyType({})) -> list[Markup]:
    shown: list[Markup] = []
    for block in blocks(marked.text, structured=structured):
        if block.kind == "list":
            shown.append(el("ul", [el("li", marked.part(a + len(BULLET), b)) for a, b in block.lines]))
        elif block.kind == "table":
            rows = [[el("td", marked.part(a, b)) for a, b in cells(marked.text, line)] for line in block.lines]
            shown.append(el("div", el("table", el("tbody", [el("tr", row) for row in rows])), class_="kb-table"))
        else:
            shown += [_line(marked, a, b, headings.get(a)) for a, b in block.lines]
    return shown


def stands_as_line(page: Page, heading: PlacedHeading) -> bool:
    """Whether a heading is on the page, as a line of its own."""
    before, line = page.text[: heading.start], page.text[heading.start :].partition("\n")[0]
    return heading.page == page.number and before[-1:] in ("", "\n") and line.strip() == heading.title


def _line(marked: _Marked, begin: int, after: int, level: int | None) -> Markup:
    """A paragraph, or a heading of that level."""
    words = marked.part(begin, after)
    return el(f"h{level}", words, id=heading_id(begin), tabindex="-1") if level else el("p", words)


class _Marked:
    """Parts of a text, in order, with the characters from `start` to `end` marked."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self._start, self._end = text, start, end
        self._named = False

    def part(self, begin: int, after: int) -> list[str | Markup]:
        a, b = max(self._start, begin), min(self._end, after)
        if a >= b:
            return [self.text[begin:after]]
        identity = None if self._named else "passage"
        self._named = True
        mark = el("mark", self.text[a:b], class_="kb-passage", id=identity)
        return [self.text[begin:a], mark, self.text[b:after]]


def heading_id(start: int) -> str:
    """Id of the heading that begins at this character of its page."""
    return f"heading-{start}"
