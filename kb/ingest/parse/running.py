"""Running headers, footers and page numbers: lines that repeat in the margins and belong to no page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.ingest.parse.layout import Line
from kb.text.normalise import squash

_MARGIN_SHARE = 0.13
_LEAST_PAGES = 3
_LEAST_SHARE = 0.2
_MOST_REMOVED = 0.5
"""Pages that are copies of each other repeat everything: more than this share is text, not margin."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.?|-|–|—|\[|\()?\s*(?:[0-9]{1,4}|[ivxlc]{1,6})\s*(?:(?:of|/)\s*[0-9]{1,4})?\s*(?:-|–|—|\]|\)|ページ|頁)?",
    re.IGNORECASE,
)


def without_margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Lines of each page without running headers, footers and page numbers.

    A line is running where it stands in the top or bottom margin at the same height on several pages, numbers aside.
    On the first page a running header stays: it often is the name of the series.
    """
    if len(pages) < 2:
        return [list(page) for page in pages]
    counts: Counter[tuple[str, int]] = Counter()
    for page, height in zip(pages, heights, strict=True):
        counts.update({key for line in page if (key := _key(line, height)) is not None})
    least = max(_LEAST_PAGES, round(_LEAST_SHARE * len(pages)))
    kept = [
        [line for line in page if not _is_running(line, height, counts, least=least, first=index == 0)]
        for index, (page, height) in enumerate(zip(pages, heights, strict=True))
    ]
    if _size(kept) < (1 - _MOST_REMOVED) * _size(pages):
        return [list(page) for page in pages]
    return kept


def _is_running(line: Line, height: float, counts: Counter[tuple[str, int]], *, least: int, first: bool) -> bool:
    key = _key(line, height)
    if key is None:
        return False
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    near = sum(counts[(key[0], key[1] + shift)] for shift in (-1, 0, 1))
    return near >= least and not first


def _key(line: Line, height: float) -> tuple[str, int] | None:
    """Text without its numbers and height on the page in steps of 4 points, None outside the margins."""
    middle = (line.top + line.bottom) / 2
    if _MARGIN_SHARE * height < middle < (1 - _MARGIN_SHARE) * height:
        return None
    return _DIGITS.sub("#", squash(line.text)), round(middle / 4)


def _size(pages: Sequence[Sequence[Line]]) -> int:
    return sum(len(line.text) for page in pages for line in page)
