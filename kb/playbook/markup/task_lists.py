"""Lists of things to do: `- [ ] open` and `- [x] done`, as boxes that say so and cannot be ticked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from kb.playbook.markup.context import of
from kb.text.element import el

_BOX = re.compile(r"\[([ xX])\][ \t]+")


def task_lists(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.core.ruler.after("inline", "task_lists", _tasks)
    parser.add_render_rule("task", _render)


def _tasks(state: StateCore) -> None:
    lists: list[Token] = []
    for i, token in enumerate(state.tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "inline" and lists and i > 1 and state.tokens[i - 2].type == "list_item_open":
            children = token.children or []
            box = _BOX.match(children[0].content) if children and children[0].type == "text" else None
            if box:
                children[0].content = children[0].content[box.end() :]
                token.children = [Token("task", "", 0, meta={"done": box[1] != " "}), *children]
                state.tokens[i - 2].attrSet("class", "task-list-item")
                lists[-1].attrSet("class", "contains-task-list")


def _render(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    done, t = bool(tokens[i].meta["done"]), of(env).t
    label = t("playbook.task.done" if done else "playbook.task.open")
    return el("input", type="checkbox", checked=done, disabled=True, aria_label=label, lang=t.language) + " "
