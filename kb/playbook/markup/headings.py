"""Headings of a page: their words, their marks and the ids their addresses end with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from kb.playbook.heading_ids import ids, split

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


def named(headings: Sequence[tuple[Token, Token]]) -> Sequence[Heading]:
    """Headings given as their opening and inline tokens, each with its own id."""
    titles = [_title(inline) for _, inline in headings]
    return [
        Heading(max(2, int(opening.tag[1:])), title, identity)
        for (opening, _), (title, _), identity in zip(headings, titles, ids(titles), strict=True)
    ]


def demote(tokens: Sequence[Token]) -> None:
    """Headings inside of something else have no address; the first level is the page's own all the same."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"


def _title(inline: Token) -> tuple[str, str]:
    children = inline.children or []
    text = "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children).strip()
    return split(text) if children and children[-1].type == "text" else (text, "")
