"""Texts to begin a page with: what such a page needs, in both languages under the same headings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kb.model.playbook import PageHeading
from kb.playbook.source import Source
from kb.text.language import Language

TEMPLATES = ("comparison", "how-to", "decision", "glossary-entry")
"""Names of the templates, in the order in which they are offered."""

_FOLDER = Path(__file__).parent / "templates"
_KEPT = ("publisher", "country", "document_type", "licence", "kind", "order", "owner", "review")
"""Of the front matter, what a translation takes over from what it translates."""


@cache
def template(name: str, language: Language) -> Source:
    """The text of a template; an empty page for a name that is none."""
    if name not in TEMPLATES:
        return Source("", "")
    return Source.read((_FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8"))


def translation(original: Source, headings: list[PageHeading]) -> Source:
    """What a translation begins with: what does not depend on the language, and the headings with their ids."""
    values = {name: original.one(name) for name in _KEPT if original.one(name)}
    body = "".join(f"{'#' * each.level} {each.title} {{#{each.id}}}\n\n" for each in headings)
    return Source("", body).with_values(values)
