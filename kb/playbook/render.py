"""Markdown of the playbook as HTML: headings with lasting ids, tables, task lists and footnotes; never raw HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

_EXPLICIT_ID = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*$")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: its level (2 to 6), text and the id its address ends with."""

    level: int
    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML in pieces, so that something can stand beside each heading."""

    lead: Markup
    sections: Sequence[tuple[Heading, Markup]]

    @property
    def headings(self) -> Sequence[Heading]:
        """Headings in order."""
        return [heading for heading, _ in self.sections]


def render(body: str, *, lead_to: Callable[[str], str] = str) -> Rendered:
    """`body` rendered. A heading may end in `{#id}`; otherwise its id comes from its words or its number.

    The title of the page is not part of the body: a heading of the first level is taken as one of the second. A link
    leads to where `lead_to` says for what the page says.
    """
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(body, environment)
    for link in (child for token in tokens for child in token.children or () if child.type == "link_open"):
        link.attrSet("href", lead_to(str(link.attrGet("href") or "")))
    pieces: list[tuple[Heading | None, list[Token]]] = [(None, [])]
    taken: set[str] = set()
    i = 0
    while i < len(tokens):
        if tokens[i].type == "heading_open" and tokens[i].level == 0:
            pieces.append((_heading(tokens[i], tokens[i + 1], taken), []))
            i += 3
            continue
        pieces[-1][1].append(tokens[i])
        i += 1
    html = [(heading, Markup(parser.renderer.render(part, parser.options, environment))) for heading, part in pieces]
    return Rendered(html[0][1], [(heading, part) for heading, part in html if heading is not None])


def _heading(opening: Token, inline: Token, taken: set[str]) -> Heading:
    text = "".join(child.content for child in inline.children or [])
    explicit = _EXPLICIT_ID.search(text)
    title = _EXPLICIT_ID.sub("", text).strip()
    base = explicit[1] if explicit else _NOT_SLUG.sub("-", title.lower()).strip("-") or f"section-{len(taken) + 1}"
    unique = base
    number = 2
    while unique in taken:
        unique, number = f"{base}-{number}", number + 1
    taken.add(unique)
    return Heading(level=max(2, int(opening.tag[1:])), title=title, id=unique)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(tasklists_plugin)
    parser.add_render_rule("table_open", lambda *_: '<div class="kb-table" tabindex="0"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    return parser
