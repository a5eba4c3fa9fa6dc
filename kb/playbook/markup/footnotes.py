"""Footnotes: `[^1]` in the text, `[^1]: words` anywhere; they stand at the end of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

from kb.playbook.markup.context import of
from kb.text.element import el, opening

_LABEL = re.compile(r"\[\^[^\s\[\]]{1,60}\]")
"""Bounded: the plugin itself looks for the end of each label up to the end of the text."""
_INSIDE = "playbook.in_footnote"


def footnotes(parser: MarkdownIt) -> None:
    """Plugin of the parser. Notes inside of the text (`^[...]`) are left out: they nest without limit."""
    parser.use(footnote_plugin, inline=False)
    parser.block.ruler.at("footnote_def", _definition, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("footnote_ref", _reference)
    for name, rule in {
        "footnote_ref": _render_reference,
        "footnote_block_open": _render_block,
        "footnote_block_close": lambda *_: "</ol>\n</section>\n",
        "footnote_open": _render_open,
        "footnote_close": lambda *_: "</li>\n",
        "footnote_anchor": _render_back,
    }.items():
        parser.add_render_rule(name, rule)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote that is no part of another: the plugin would tear the outer one apart."""
    begins = state.bMarks[start] + state.tShift[start]
    if not _LABEL.match(state.src, begins, state.eMarks[start]):
        return False
    if silent:
        return bool(footnote_def(state, start, end, silent))
    if state.env.get(_INSIDE):
        return False
    state.env[_INSIDE] = True
    try:
        return bool(footnote_def(state, start, end, silent))
    finally:
        state.env[_INSIDE] = False


def _reference(state: StateInline, silent: bool) -> bool:
    return bool(_LABEL.match(state.src, state.pos, state.posMax)) and bool(footnote_ref(state, silent))


def _render_reference(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    context, (number, mark) = of(env), _named(tokens[i])
    if context.in_link:
        return el("sup", str(number), id=mark, class_="footnote-ref")
    name = context.t("playbook.footnote.mark", number=number)
    href = f"#kb-footnote-{number}"
    link = el("a", f"[{number}]", href=href, id=mark, aria_label=name, lang=context.t.language)
    return el("sup", link, class_="footnote-ref")


def _render_block(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, env: EnvType) -> str:
    label = of(env).t("playbook.footnote.title")
    return opening("section", aria_label=label, class_="footnotes") + Markup('\n<ol class="footnotes-list">\n')


def _render_open(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, ___: EnvType) -> str:
    return opening("li", id=f"kb-footnote-{_named(tokens[i])[0]}")


def _render_back(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    (number, mark), t = _named(tokens[i]), of(env).t
    label = t("playbook.footnote.back", number=number)
    return " " + el("a", "↩\ufe0e", href=f"#{mark}", aria_label=label, lang=t.language, class_="footnote-back")


def _named(token: Token) -> tuple[int, str]:
    """Number of a footnote, and the id of the place in the text that refers to it."""
    number, again = int(token.meta["id"]) + 1, int(token.meta.get("subId") or 0)
    return number, f"kb-footnote-ref-{number}" + (f"-{again + 1}" if again else "")
