"""Ids of headings, which the addresses of sections end with."""

from __future__ import annotations

import re

_EXPLICIT = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*$")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def titled(text: str, taken: set[str]) -> tuple[str, str]:
    """Title and id of the next heading of a page, which reads `text`; its id is added to those `taken`.

    The id is the one in `{#id}` at the end, else made of the words, else of the number of the heading; one that is
    taken gets a number.
    """
    explicit = _EXPLICIT.search(text)
    title = _EXPLICIT.sub("", text).strip()
    base = explicit[1] if explicit else _NOT_SLUG.sub("-", title.lower()).strip("-") or f"section-{len(taken) + 1}"
    unique, number = base, 2
    while unique in taken:
        unique, number = f"{base}-{number}", number + 1
    taken.add(unique)
    return title, unique


def is_explicit(text: str) -> bool:
    """Whether a heading that reads `text` names its own id."""
    return _EXPLICIT.search(text) is not None
