"""The words of an HTML tree, in the same conventions as every other format."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from kb.ingest.parse.blocks import TextBuilder

_DROPPED = frozenset(
    ("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "head", "title", "select")
) | {"button"}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "main"),
        *("nav", "p", "section", "summary", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "li"),
    )
)
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_HEADINGS = re.compile(r"h([1-6])")
_SPACES = re.compile(r"\s+")
_DEEPEST = 200
"""Deeper nesting than any person writes is read as one run of text."""


def text_of_fragment(builder: TextBuilder, html: str) -> None:
    """Add the words of a piece of HTML, which may be only half of an element."""
    if html.lstrip().startswith("<!--") and html.rstrip().endswith("-->"):
        return
    add_tree(builder, BeautifulSoup(html, "lxml"))


def add_tree(builder: TextBuilder, root: Tag, dropped: Callable[[Tag], bool] = lambda tag: False) -> None:
    """Add the words under `root`, leaving out what `dropped` says: headings, paragraphs, items and rows as such."""
    walker = _Walker(builder, dropped)
    walker.walk(root, 0)
    walker.flush()


class _Walker:
    """Gathers inline text until a block begins or ends."""

    def __init__(self, builder: TextBuilder, dropped: Callable[[Tag], bool]) -> None:
        self._builder = builder
        self._dropped = dropped
        self._gathered: list[str] = []
        self._marker = ""
        self._in_item = 0

    def flush(self) -> None:
        text = "".join(self._gathered)
        self._gathered.clear()
        if not text.strip():
            return
        for line in text.split("\n"):
            if line.strip():
                if self._in_item:
                    self._builder.item(self._marker + line)
                    self._marker = ""
                else:
                    self._builder.paragraph(line)

    def walk(self, node: PageElement, depth: int) -> None:
        if isinstance(node, NavigableString):
            if type(node) in (NavigableString, CData):
                self._gathered.append(_SPACES.sub(" ", str(node)))
            return
        if not isinstance(node, Tag) or node.name in _DROPPED or self._dropped(node):
            return
        if depth > _DEEPEST:
            self._gathered.append(_SPACES.sub(" ", node.get_text(" ")))
            return
        self._element(node, node.name, depth)

    def _element(self, node: Tag, name: str, depth: int) -> None:
        heading = _HEADINGS.fullmatch(name)
        if heading:
            self.flush()
            self._builder.heading(int(heading.group(1)), _words(node))
        elif name == "pre":
            self.flush()
            self._builder.code(node.get_text())
        elif name == "br":
            self._gathered.append("\n")
        elif name == "img":
            self._gathered.append(f" {node.get('alt') or ''} ")
        elif name == "table" and not node.find("table"):
            self.flush()
            self._table(node)
        elif name in _LISTS:
            self._list(node, ordered=name == "ol", depth=depth)
        elif name in _BLOCKS:
            self.flush()
            self._children(node, depth)
            self.flush()
        else:
            self._children(node, depth)

    def _children(self, node: Tag, depth: int) -> None:
        for child in node.children:
            self.walk(child, depth + 1)

    def _list(self, node: Tag, *, ordered: bool, depth: int) -> None:
        self.flush()
        number = 0
        for child in node.children:
            if isinstance(child, Tag) and child.name == "li":
                number += 1
                self._marker = f"{number}. " if ordered else "- "
                self._in_item += 1
                self._children(child, depth + 1)
                self.flush()
                self._in_item -= 1
                self._marker = ""
            else:
                self.walk(child, depth + 1)
        self.flush()

    def _table(self, table: Tag) -> None:
        caption = table.find("caption")
        if isinstance(caption, Tag):
            self._builder.paragraph(_words(caption))
        for row in table.find_all("tr"):
            self._builder.row(_words(cell) for cell in row.find_all(["td", "th"]))


def _words(node: Tag) -> str:
    return _SPACES.sub(" ", node.get_text(" ") if node.find(["br", "p", "li"]) else node.get_text()).strip()
