"""The publications a document rests on, as its front matter or a catalogue lists them under `sources`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

KEY = "sources"
"""Where they stand: in the front matter of a document, in what is told of it, and in the `extra` of its metadata."""

_MOST = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """One of them. `date` is as its author wrote it, often less than a date; what is not known is empty."""

    title: str
    publisher: str = ""
    date: str = ""
    licence: str = ""
    url: str = ""


def read_references(listed: object) -> tuple[Reference, ...]:
    """References of a list of mappings, as front matter holds them; entries without a title are left out."""
    entries = [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    found = [Reference(*(_words(entry.get(name)) for name in Reference.__slots__)) for entry in entries[:_MOST]]
    return tuple(each for each in found if each.title)


def references_text(references: tuple[Reference, ...]) -> str:
    """`references` as the `extra` of metadata keeps them."""
    return json.dumps([asdict(each) for each in references], ensure_ascii=False)


def references_in(extra: Mapping[str, str]) -> tuple[Reference, ...]:
    """The references that the `extra` of metadata keeps; none where it holds a remark of another kind by that name."""
    try:
        return read_references(json.loads(extra.get(KEY, "")))
    except (ValueError, RecursionError):
        return ()


def _words(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
