"""Code as it is written; a block of `mermaid` is drawn where it is a diagram that we can draw."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from kb.playbook.diagrams import diagram
from kb.playbook.markup.context import of
from kb.text.element import el

_LANGUAGE = re.compile(r"[a-z0-9][a-z0-9+#-]{0,30}", re.IGNORECASE)
_DIAGRAM = "mermaid"
_UNSUPPORTED = "playbook.diagram.unsupported"
_MOST_DIAGRAMS = 20
"""What one page may have drawn: a diagram of the largest size takes a good part of a second."""


def code(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.add_render_rule("fence", _render)
    parser.add_render_rule("code_block", _render)


def _render(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    words, context = tokens[i].info.split(maxsplit=1), of(env)
    language = words[0].lower() if words and _LANGUAGE.fullmatch(words[0]) else ""
    lines = el("code", tokens[i].content, class_=f"language-{language}" if language else None)
    shown = el("pre", lines, tabindex=0)
    if language != _DIAGRAM:
        return shown + "\n"
    context.diagrams += 1
    is_one_more = context.diagrams <= _MOST_DIAGRAMS
    drawn = diagram(tokens[i].content, number=context.diagrams, t=context.t) if is_one_more else None
    if drawn:
        return drawn + "\n"
    return shown + el("p", context.t(_UNSUPPORTED), lang=context.t.language, class_="kb-remark") + "\n"
