"""Headings of a page and the ids their addresses end with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

_EXPLICIT_ID = re.compile(r"\{#([a-z0-9][a-z0-9-]*)\}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_RESERVED = re.compile(r"content|root|(?:contents|notes)-title|kb-.*|(?:note|cite)-\d+(?:-\d+)*")
"""Ids of the page around the text, of its notes and citations."""


_NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: its level (2 to 6), text and the id its address ends with.

    `marks` are the numbers of sources and footnotes that stand in it.
    """

    level: int
    title: str
    id: str
    marks: Markup = _NOTHING


def is_reserved(heading_id: str) -> bool:
    """Whether the page around the text has use for this id itself."""
    return _RESERVED.fullmatch(heading_id) is not None


def named(headings: Sequence[tuple[Token, Token]]) -> Sequence[Heading]:
    """Headings given as their opening and inline tokens, each with its own id.

    An id that is written out (`{#id}`) is kept before others get theirs from their words or their number. Where an id
    is taken a number is added; one that the page needs itself gets `section-` in front.
    """
    found = [(opening, *_title(inline)) for opening, inline in headings]
    taken = _Ids()
    ids = {i: taken.free(explicit) for i, (_, _, explicit) in enumerate(found) if explicit}
    return [
        Heading(max(2, int(opening.tag[1:])), title, ids.get(i) or taken.free(_from_words(title, i + 1)))
        for i, (opening, title, _) in enumerate(found)
    ]


def demote(tokens: Sequence[Token]) -> None:
    """Headings inside of something else have no address; the first level is the page's own all the same."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"


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


def _title(inline: Token) -> tuple[str, str]:
    children = inline.children or []
    text = "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children).strip()
    start = text.rfind("{#") if children and children[-1].type == "text" else -1
    explicit = _EXPLICIT_ID.fullmatch(text, start) if start >= 0 else None
    return (text[:start].strip(), explicit[1]) if explicit else (text, "")


def _from_words(title: str, number: int) -> str:
    return _NOT_SLUG.sub("-", title.lower()).strip("-") or f"section-{number}"
