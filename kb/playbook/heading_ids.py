"""Ids of headings, which the addresses of sections end with: one rule for all that needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_EXPLICIT = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_RESERVED = re.compile(r"content|root|(?:contents|notes)-title|kb-.*|(?:note|cite)-\d+(?:-\d+)*")
"""Ids of the page around the text, of its notes and citations."""


def split(text: str) -> tuple[str, str]:
    """The words of a heading that reads `text`, and the id that it names itself, or empty."""
    start = text.rfind("{#")
    explicit = _EXPLICIT.fullmatch(text, start) if start >= 0 else None
    return (text[:start].strip(), explicit[1]) if explicit else (text.strip(), "")


def ids(headings: Sequence[tuple[str, str]]) -> Sequence[str]:
    """Ids of the headings of a page, given as `split` gives them.

    An id that is written out (`{#id}`) is kept before others get theirs from their words or their number. Where an id
    is taken a number is added; one that the page needs itself gets `section-` in front.
    """
    taken = _Ids()
    own = {number: taken.free(explicit) for number, (_, explicit) in enumerate(headings) if explicit}
    return [own.get(number) or taken.free(_from_words(title, number + 1)) for number, (title, _) in enumerate(headings)]


def is_reserved(heading_id: str) -> bool:
    """Whether the page around the text has use for this id itself."""
    return _RESERVED.fullmatch(heading_id) is not None


class _Ids:
    """Ids that are taken. The last number of each is remembered: a thousand equal headings are a thousand steps."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def free(self, wanted: str) -> str:
        base = f"section-{wanted}" if is_reserved(wanted) else wanted
        unique, number = base, self._last.get(base, 1)
        while unique in self._taken:
            number += 1
            unique = f"{base}-{number}"
        self._last[base] = number
        self._taken.add(unique)
        return unique


def _from_words(title: str, number: int) -> str:
    return _NOT_SLUG.sub("-", title.lower()).strip("-") or f"section-{number}"
