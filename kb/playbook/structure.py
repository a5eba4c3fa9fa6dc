"""The structure of a Markdown body by lines, as the parser of the playbook sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

NEWLINE = re.compile(r"\r\n?|\n")

_CONTAINER = re.compile(r"(?P<colons>:{3,})[ \t]*(?P<title>[^\s:].*)?")


@dataclass(frozen=True, slots=True)
class Structure:
    """What a body is made of. Line `n` begins at character `offsets[n]`; the last offset is the end of the body.

    `tokens` are those of blocks only. A line of an admonition (`:::note Title`, `:::`) is a token `container` by
    itself, with its colons as `markup` and what follows them as `info`: where an admonition is left open, or opened
    by somebody else, the blocks around it stay the same.
    """

    tokens: Sequence[Token]
    offsets: Sequence[int]
    _environment: MutableMapping[str, Any]

    @property
    def definitions(self) -> Sequence[tuple[int, int]]:
        """Lines `[first, after the last)` of each link reference definition; they have no token."""
        found = (*self._environment.get("references", {}).values(), *self._environment.get("duplicate_refs", ()))
        return sorted((each["map"][0], each["map"][1]) for each in found)

    def words(self, inline: Token) -> str:
        """The text of an inline token without its marks."""
        children: list[Token] = []
        _parser().inline.parse(inline.content, _parser(), self._environment, children)
        return "".join(child.content for child in children)


def structure(body: str) -> Structure:
    """The structure of `body`; every text has one."""
    environment: dict[str, Any] = {}
    tokens = _parser().parse(body, environment)
    return Structure(tokens, [0, *accumulate(len(line) for line in _lines(body))], environment)


def _lines(body: str) -> Iterator[str]:
    start = 0
    for match in NEWLINE.finditer(body):
        yield body[start : match.end()]
        start = match.end()
    if start < len(body):
        yield body[start:]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, move_to_end=False)
    parser.block.ruler.before(
        "fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    match = _CONTAINER.fullmatch(line.rstrip())
    if match is None or state.is_code_block(start):
        return False
    if not silent:
        token = state.push("container", "", 0)
        token.map = [start, start + 1]
        token.markup, token.info = match["colons"], match["title"] or ""
        state.line = start + 1
    return True
