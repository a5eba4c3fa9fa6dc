"""What somebody types into the form of a page, as the text that is saved, and the form of a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kb.errors import ManifestError
from kb.playbook.saving import MOST_CHARACTERS, MOST_NAME_CHARACTERS, MOST_TITLE_CHARACTERS
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.text.normalise import one_line

VALUES = ("title", "summary", "theme", "owner", "review", "order")
"""Of the front matter, what the form has fields for; everything else is kept as it stands."""
TYPED = (*VALUES, "slug", "body", "change", "by", "agrees")
"""Every field of the form that somebody types into or ticks."""


def opened(text: str) -> Source:
    """A text to be edited. Front matter that cannot be read is part of the body, so that somebody can correct it."""
    source = Source.read(text)
    try:
        _ = source.fields
    except ManifestError:
        return Source(None, text)
    return source


def form_of(source: Source) -> dict[str, str]:
    """What the form holds when it is opened with a text; the empty lines above it are not shown."""
    return {**{name: one_line(source.one(name)) for name in VALUES}, "body": source.body.lstrip("\n")}


def source_of(base: Source, fields: Mapping[str, str]) -> Source:
    """The text that a filled form means, made from the text it was opened with."""
    changed = {
        name: one_line(fields[name])
        for name in VALUES
        if name in fields and one_line(fields[name]) != one_line(base.one(name))
    }
    above = base.body[: len(base.body) - len(base.body.lstrip("\n"))]
    return base.with_values(changed).with_body(above + plain_lines(fields.get("body", "")).lstrip("\n"))


def problems_of(fields: Mapping[str, str], *, is_new: bool) -> dict[str, str]:
    """Reasons why a form cannot be saved, by field, in the order of the form."""
    found = {}
    title, name = one_line(fields.get("title", "")), one_line(fields.get("by", ""))
    review, order = fields.get("review", "").strip(), fields.get("order", "").strip()
    if not title or len(title) > MOST_TITLE_CHARACTERS:
        found["title"] = "playbook-title"
    if is_new and not is_slug(fields.get("slug", "")):
        found["slug"] = "playbook-slug"
    if review and not _is_day(review):
        found["review"] = "playbook-review"
    if order and not (order.isascii() and order.isdecimal() and len(order) < 9):
        found["order"] = "playbook-order"
    if len(fields.get("body", "")) > MOST_CHARACTERS:
        found["body"] = "playbook-long"
    if not name or len(name) > MOST_NAME_CHARACTERS:
        found["by"] = "playbook-name"
    return found


def plain_lines(text: str) -> str:
    """`text` with lines that end as ours do; browsers send other ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-01-31")
