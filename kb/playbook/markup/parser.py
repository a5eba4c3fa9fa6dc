"""The parser of playbook pages: CommonMark without raw HTML, and what `kb.playbook.markup` adds to it."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt

from kb.playbook.markup.admonitions import admonitions
from kb.playbook.markup.code import code
from kb.playbook.markup.double_brackets import double_brackets
from kb.playbook.markup.footnotes import footnotes
from kb.playbook.markup.images import images
from kb.playbook.markup.ordinary_links import SafeMarkdown, ordinary_links
from kb.playbook.markup.tables import tables
from kb.playbook.markup.task_lists import task_lists

_DEEPEST = 60
"""Blocks inside of blocks; what is nested deeper is left out, long before a browser or our own stack gives up."""


@cache
def parser() -> MarkdownIt:
    """The one parser; it is never changed after it is made, and may be used by several threads."""
    options = {"html": False, "xhtmlOut": False, "linkify": False, "typographer": False, "maxNesting": _DEEPEST}
    made = SafeMarkdown("commonmark", options)
    made.enable("strikethrough")
    made.disable(["html_inline", "html_block"])
    for plugin in (double_brackets, footnotes, task_lists, admonitions, images, tables, code, ordinary_links):
        made.use(plugin)
    return made
