"""Which language a reader gets."""

from __future__ import annotations

from kb.text.language import LANGUAGES, Language

COOKIE = "kb_lang"
"""Remembers the language a reader chose."""


def choose(*asked: str) -> Language:
    """First of `asked`, most deliberate first, that is a language of ours; English if none is."""
    return next((language for language in asked if language in LANGUAGES), "en")
