"""Links of Markdown: only to addresses that are allowed, never one inside another."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from kb.playbook.markup.addresses import is_allowed, is_external
from kb.playbook.markup.context import of
from kb.text.element import opening


class SafeMarkdown(MarkdownIt):
    """A parser for which what leads to an address that is not allowed is no link, but text."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (the name is the parser's)
        """`url` with its odd characters encoded; one that cannot be read leads nowhere."""
        try:
            return super().normalizeLink(url)
        except ValueError:
            return ""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the name is the parser's)
        """Whether `url` may become a link."""
        return is_allowed(url)


def ordinary_links(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.add_render_rule("link_open", _open)
    parser.add_render_rule("link_close", _close)


def _open(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    context = of(env)
    written = str(tokens[i].attrGet("href") or "")
    href = context.resolve.lead_to(written) if is_allowed(written) else ""
    leads = is_allowed(href) and not context.in_link
    context.open_links.append(leads)
    if not leads:
        return ""
    title = tokens[i].attrGet("title")
    return opening(
        "a",
        href=href,
        title=str(title) if title else None,
        rel="noopener noreferrer" if is_external(href) else None,
    )


def _close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, env: EnvType) -> str:
    context = of(env)
    return "</a>" if context.open_links and context.open_links.pop() else ""
