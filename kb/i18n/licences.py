"""Licences as their documents name them, with what is said beside the name in the reader's language."""

from __future__ import annotations

from kb.i18n.catalogue import Entry, catalogue
from kb.i18n.choice import Language

_KNOWN = ("expected", "compatible", "not_stated", "not_verified", "see_repository", "no_copyright")
_NAME = "{name}"


def licence_text(language: Language, licence: str) -> str:
    """`licence` for a reader of `language`: its name stays, remarks that we know are translated."""
    for entry in _known():
        for said in (entry.en, entry.ja):
            before, _, after = said.partition(_NAME)
            is_said = licence.startswith(before) and licence.endswith(after) and len(licence) > len(before + after)
            if licence == said or (_NAME in said and is_said):
                name = licence[len(before) : len(licence) - len(after)]
                return (entry.ja if language == "ja" else entry.en).replace(_NAME, name)
    return licence


def _known() -> list[Entry]:
    return [catalogue()[f"licence.{each}"] for each in _KNOWN]
