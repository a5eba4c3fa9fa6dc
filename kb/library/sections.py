"""A document as its sections and their paragraphs, whatever passages it was cut into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.model.passages import Page, PlacedHeading

_NUMBER = re.compile(
    r"(?:第?[\d〇一二三四五六七八九十百]+(?:[.-]\d+)*[章節条項部編]"
    r"|(?:annex|appendix|chapter|part|section)\s+[\dA-Za-z]{1,3}\b"
    r"|\d{1,2}(?:[.-]\d{1,2})+"
    r"|[(（]?[\d①-⑳ivxⅰ-ⅿⅠ-Ⅻア-ン]{1,4}[)）.．、]"
    r"|\d{1,2}(?![\d年月日%]))[\s.:．：、)）]*",
    re.IGNORECASE,
)
"""The number in front of a heading, as both governments write it."""
_ENDS = tuple(".!?:;。！？」』)）】:：|")
_BEGINS = re.compile(r"\s*(?:[-•・●○◆■□※*☐☑(（【「『]|\d+[.)]|第?\d+[章節条])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its words, and the page and character where it begins. It may end on a later page."""

    text: str
    page: int
    start: int

    @property
    def key(self) -> str:
        """Its words without white space: equal where readers see no difference."""
        return bare(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between one heading and the next.

    `path` are the headings above it, outermost first, its own last; empty for what stands before the first heading.
    `parent` is the number of the section of the heading above its own, None at the top.
    """

    path: tuple[str, ...]
    parent: int | None
    page: int
    start: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def title(self) -> str:
        """Its own heading; empty for what stands before the first one."""
        return self.path[-1] if self.path else ""

    @property
    def key(self) -> str:
        """Its words without white space, its heading left out."""
        return "".join(paragraph.key for paragraph in self.paragraphs)


def bare(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


def title_key(title: str) -> str:
    """`title` as it is told from others: without its number, spaces and capitals."""
    return bare(_NUMBER.sub("", title.strip(), count=1) or title).casefold()


def sections_of(pages: Sequence[Page], outline: Sequence[PlacedHeading]) -> list[Section]:
    """Sections of a document in reading order, empty ones too. A paragraph that a page breaks is one paragraph."""
    found: list[Section] = []
    above: list[tuple[int, int]] = []
    path: tuple[str, ...] = ()
    page, start = (pages[0].number if pages else 1), 0
    paragraphs: list[Paragraph] = []

    def close() -> None:
        if path or paragraphs:
            parent = above[-2][1] if len(above) > 1 else None
            found.append(Section(path, parent, page, start, tuple(paragraphs)))

    for each in pages:
        headings = sorted((h for h in outline if h.page == each.number), key=lambda h: h.start)
        ends = [heading.start for heading in headings] + [len(each.text)]
        _add(paragraphs, each, 0, ends[0])
        for heading, end in zip(headings, ends[1:], strict=True):
            close()
            above = [(level, number) for level, number in above if level < heading.level]
            above.append((heading.level, len(found)))
            path = (*(found[number].title for _, number in above[:-1]), heading.title)
            page, start, paragraphs = each.number, heading.start, []
            _add(paragraphs, each, _after(each.text, heading), end)
    close()
    return found


def _after(text: str, heading: PlacedHeading) -> int:
    """Where the text of a section goes on after its heading, which need not stand in the text."""
    line = text[heading.start :].partition("\n")[0]
    return heading.start + len(line) if bare(line) == bare(heading.title) else heading.start


def _add(paragraphs: list[Paragraph], page: Page, begin: int, end: int) -> None:
    """Add the lines of a page from `begin` to `end`; the first may be the rest of what the page before began."""
    for line in page.text[begin:end].split("\n"):
        if line.strip():
            last = paragraphs[-1] if paragraphs else None
            if last is not None and last.page == page.number - 1 and _goes_on(last.text, line):
                joint = "" if page.language == "ja" else " "
                paragraphs[-1] = Paragraph(f"{last.text.rstrip()}{joint}{line.strip()}", last.page, last.start)
            else:
                paragraphs.append(Paragraph(line.strip(), page.number, begin + len(line) - len(line.lstrip())))
        begin += len(line) + 1


def _goes_on(before: str, after: str) -> bool:
    """Whether a line at the top of a page finishes the sentence at the foot of the page before."""
    if before.rstrip().endswith(_ENDS) or _BEGINS.match(after):
        return False
    first = after.lstrip()[:1]
    return first.islower() or ("\u3041" <= first <= "\u9fff" and len(before) > 25)
