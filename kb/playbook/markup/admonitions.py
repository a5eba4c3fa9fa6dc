"""Remarks set apart from the text: `:::note`, `:::tip`, `:::important` and `:::warning`, with Markdown inside.

A title may follow the kind. The kind is always said in words; the colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin

from kb.playbook.markup.context import of
from kb.text.element import el, opening

KINDS = ("note", "tip", "important", "warning")


def admonitions(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.use(container_plugin, "admonition", validate=_is_ours, render=_render)


def _is_ours(parameters: str, _: str) -> bool:
    return parameters.split(maxsplit=1)[:1] in [[kind] for kind in KINDS]


def _render(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    if tokens[i].nesting < 0:
        return "</div>\n"
    t = of(env).t
    kind, *rest = tokens[i].info.split(maxsplit=1)
    title = rest[0].strip() if rest else ""
    words: list[str | Markup] = [
        t(f"playbook.admonition.{kind}"),
        *([t("playbook.admonition.titled")] if title else []),
    ]
    return (
        opening("div", role="note", class_=f"kb-admonition kb-admonition-{kind}")
        + el("p", el("span", words, lang=t.language), title, class_="kb-admonition-title")
        + "\n"
    )
