"""Images: those uploaded to the playbook are shown; nothing is ever loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from kb.playbook.markup.addresses import is_allowed, is_external
from kb.playbook.markup.context import of
from kb.text.element import el

_OURS = re.compile(r"/playbook/images/(?P<name>[0-9a-f]{16,64}\.(?:png|jpg|webp|gif))")


def images(parser: MarkdownIt) -> None:
    """Plugin of the parser. An image with a title that is a paragraph of its own becomes a figure with a caption."""
    parser.core.ruler.push("figures", _figures)
    parser.add_render_rule("image", _render)


def words_of(tokens: Sequence[Token]) -> str:
    """The words of inline tokens without their markup, as an alternative text shows them."""
    found: list[str] = []
    waiting = list(reversed(tokens))
    while waiting:
        token = waiting.pop()
        if token.type == "image":
            waiting.extend(reversed(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            found.append(" ")
        else:
            found.append(token.content)
    return " ".join("".join(found).split())


def _figures(state: StateCore) -> None:
    for i, token in enumerate(state.tokens):
        image = token.children[0] if token.type == "inline" and token.children and len(token.children) == 1 else None
        if image is None or image.type != "image" or not image.attrGet("title") or not _is_shown(image):
            continue
        before, after = state.tokens[i - 1], state.tokens[i + 1]
        if (before.type, after.type) == ("paragraph_open", "paragraph_close"):
            image.meta = {"caption": True}
            before.tag = after.tag = "figure"
            before.hidden = after.hidden = False
            before.attrSet("class", "kb-figure")


def _is_shown(image: Token) -> bool:
    return bool(_OURS.fullmatch(str(image.attrGet("src")))) and bool(words_of(image.children or []))


def _render(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    image, context = tokens[i], of(env)
    address, title = str(image.attrGet("src") or ""), str(image.attrGet("title") or "")
    words, ours = words_of(image.children or []), _OURS.fullmatch(address)
    if ours is None or not words:
        t = context.t
        remark = t("playbook.image.elsewhere" if ours is None else "playbook.image.no-words")
        shown = words or el("span", t("playbook.image.nameless"), lang=t.language)
        linked = _in_words(address, shown, in_link=context.in_link)
        return linked + el("span", remark, lang=t.language, class_="kb-remark")
    width, height = context.resolve.image_size(ours["name"]) or (None, None)
    is_captioned = bool(image.meta.get("caption"))
    picture = el(
        "img",
        src=address,
        alt=words,
        title=title if title and not is_captioned else None,
        width=width,
        height=height,
        loading="lazy",
        decoding="async",
    )
    return picture + el("figcaption", title) if is_captioned else picture


def _in_words(address: str, words: str | Markup, *, in_link: bool) -> Markup:
    if in_link or not is_allowed(address):
        return el("span", words)
    return el("a", words, href=address, rel="noopener noreferrer" if is_external(address) else None)
