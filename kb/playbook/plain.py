"""A page as it is searched: Markdown without the marks that only mean something in the playbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kb.playbook.links import Link, links
from kb.playbook.source import Source
from kb.text.language import Language

_DIAGRAM = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*mermaid\b[^\n]*\n.*?^(?P=fence)[`~]*[ \t]*$\n?", re.DOTALL | re.MULTILINE
)
_ADMONITION = re.compile(r"^:{3,}[ \t]*(?:note|tip|important|warning)?[ \t]*(?P<title>[^\n]*)$", re.MULTILINE)
_PUBLISHER: Mapping[Language, str] = {"en": "Kakehashi editors", "ja": "Kakehashi 編集部"}


def searchable(text: str, language: Language, *, title_of: Callable[[str], str]) -> str:
    """`text`, the whole of a page, with links as the words they are shown with, and without numbers of notes.

    A text without such marks that says of what kind it is stays as it is, to the byte. `title_of` gives the title of
    the page at a slug.
    """
    source = Source.read(text)
    said = {"publisher": _PUBLISHER[language], "country": "both", "document_type": "playbook"}
    source = source.with_values({name: value for name, value in said.items() if not source.one(name)})
    return source.with_body(_plain(source.body, title_of)).text


def _plain(body: str, title_of: Callable[[str], str]) -> str:
    pieces, last = [], 0
    for link in links(body):
        words = _shown(link, body, title_of)
        if words is not None and link.start >= last:
            pieces += [body[last : link.start], words]
            last = link.end
    plain = "".join([*pieces, body[last:]])
    return _ADMONITION.sub(lambda match: match["title"], _DIAGRAM.sub("", plain))


def _shown(link: Link, body: str, title_of: Callable[[str], str]) -> str | None:
    """What stands in place of a link in double brackets; None for one of Markdown, which stays."""
    if not body.startswith("[[", link.start):
        return None
    if link.kind != "page":
        return ""
    return link.words or (title_of(link.target) if link.target else "") or link.fragment or link.target
