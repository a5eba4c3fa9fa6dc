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
from kb.playbook.markup.countries import country_of
from kb.text.element import el, opening

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


def _render_open(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    context = of(env)
    context.tables += 1
    label = context.t("playbook.table", number=context.tables)
    is_compared = context.is_comparison and context.tables == 1
    if is_compared:
        _compare(tokens, i)
    class_ = "kb-table kb-compared" if is_compared else "kb-table"
    return opening("div", role="region", tabindex=0, aria_label=label, class_=class_) + Markup("<table>\n")


def _compare(tokens: Sequence[Token], start: int) -> None:
    """Note with each cell of the table that begins at `start` whose column it stands in."""
    countries: list[str] = []
    column = 0
    for i in range(start, len(tokens)):
        token = tokens[i]
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            countries.append(country_of(tokens[i + 1].content))
        if token.type in ("th_open", "td_open"):
            token.meta = {"country": countries[column] if column < len(countries) else "", "column": column}
            column += 1


def _render_cell(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    side = str(tokens[i].attrGet("style") or "").removeprefix("text-align:")
    is_head = tokens[i].tag == "th"
    country = tokens[i].meta.get("country", "")
    class_ = f"kb-align-{side}" if side in ("right", "center") else f"kb-compared-{country}" if country else None
    scope = "col" if is_head else None
    cell = opening(tokens[i].tag, scope=scope, class_=class_)
    if is_head or not country or tokens[i + 1].content.strip():
        return cell
    t = of(env).t
    return cell + el("span", t("citing.cell.empty"), lang=t.language, class_="kb-unfilled")
