"""Tables: they scroll by themselves where they are wide, and `[[slug|words]]` stays in its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as table_rule
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from kb.playbook.markup.context import of
from kb.text.element import opening

_BRACKETS = re.compile(r"\[\[[^\[\]\n]{1,400}\]\]")
_BAR = "\ufdd0"
"""Stands for a bar between brackets while cells are cut: no character that text may hold."""
_WITHOUT_BARS = "playbook.without_bars"


def tables(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.block.ruler.at("table", _rule, {"alt": ["paragraph", "reference"]})
    parser.enable("table")
    parser.add_render_rule("table_open", _render_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    for name in ("th_open", "td_open"):
        parser.add_render_rule(name, _render_cell)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule of the parser, on a text of the same length whose brackets hold no bars."""
    written, before = state.src, len(state.tokens)
    if _WITHOUT_BARS not in state.env:
        kept = written.replace(_BAR, "\ufffd")
        state.env[_WITHOUT_BARS] = _BRACKETS.sub(lambda match: match[0].replace("|", _BAR), kept)
    state.src = state.env[_WITHOUT_BARS]
    try:
        return table_rule(state, start, end, silent)
    finally:
        state.src = written
        for token in state.tokens[before:]:
            token.content = token.content.replace(_BAR, "|")


def _render_open(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, env: EnvType) -> str:
    context = of(env)
    context.tables += 1
    label = context.t("playbook.table", number=context.tables)
    return opening("div", role="region", tabindex=0, aria_label=label, class_="kb-table") + Markup("<table>\n")


def _render_cell(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, ___: EnvType) -> str:
    side = str(tokens[i].attrGet("style") or "").removeprefix("text-align:")
    is_head = tokens[i].tag == "th"
    class_ = f"kb-align-{side}" if side in ("right", "center") else None
    return opening(tokens[i].tag, scope="col" if is_head else None, class_=class_)
