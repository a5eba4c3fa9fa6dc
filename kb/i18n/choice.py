"""The languages of the screens, and which of them a reader gets."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["en", "ja"]
"""Languages that texts are written in. That documents come in the same two is for `kb.text` to say."""

LANGUAGES: tuple[Language, ...] = get_args(Language)

COOKIE = "kb_lang"
"""Remembers the language a reader chose."""


def choose(*asked: str) -> Language:
    """First of `asked`, most deliberate first, that is a language of ours; English if none is."""
    return next((language for language in asked if language in LANGUAGES), "en")
