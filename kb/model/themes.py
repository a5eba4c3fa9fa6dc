"""Themes: what a publication is about, coarsely. Their names are texts of the product (`theme.<id>`)."""

from __future__ import annotations

from typing import Literal, get_args

Theme = Literal[
    "strategy",
    "services",
    "accessibility",
    "identity",
    "data",
    "interoperability",
    "cloud",
    "security",
    "ai",
    "procurement",
    "people",
    "law",
]

THEMES: tuple[Theme, ...] = get_args(Theme)
"""In the order in which they are shown."""


def theme_named(name: str) -> Theme | None:
    """The theme with this id; None where there is none."""
    return name if name in THEMES else None
