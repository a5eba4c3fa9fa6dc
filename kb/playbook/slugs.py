"""Addresses of pages: what may stand in one, and one proposed for a title."""

from __future__ import annotations

import re
import unicodedata

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
_OTHER = re.compile(r"[^a-z0-9]+")
MOST_CHARACTERS = 120
"""Of an address, below `/playbook/`."""
_RESERVED = frozenset({"images"})
"""First parts of addresses below `/playbook/` that are no pages."""


def is_slug(slug: str) -> bool:
    """Whether `slug` can be the address of a page."""
    usable = len(slug) <= MOST_CHARACTERS and slug.split("/", 1)[0] not in _RESERVED
    return usable and _SLUG.fullmatch(slug) is not None


def proposed_slug(title: str) -> str:
    """An address made from the Latin words of a title; empty where it has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-")[:60].strip("-")
