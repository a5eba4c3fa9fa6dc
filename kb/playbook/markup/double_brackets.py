"""`[[...]]`: links to pages, citations of passages, and searches that found nothing.

    [[slug]]  [[slug#heading]]  [[slug|words]]  [[#heading]]    a page or a heading
    [[cite:<passage id>]]                                       a numbered citation
    [[none:2026-11-25|query]]                                   nothing was found on that day

What is none of these stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from kb.i18n import date_text
from kb.playbook.markup.addresses import is_allowed
from kb.playbook.markup.context import Context, PageLink, mark_id, of
from kb.text.element import el

_BRACKETS = re.compile(r"\[\[([^\[\]\n]{1,400})\]\]")
"""Bounded, so that a page of opening brackets is read once and not once for each of them."""
_PAGE = re.compile(
    r"\s*(?P<slug>[a-z0-9]+(?:[-/][a-z0-9]+)*)?(?:#(?P<fragment>[a-z0-9][a-z0-9-]*))?\s*(?:\\?\|(?P<words>.*))?"
)
_CITE = re.compile(r"\s*cite:\s*([A-Za-z0-9~._-]{1,200})\s*")
_NONE = re.compile(r"\s*none:\s*([0-9]{4}-[0-9]{2}-[0-9]{2})\s*\\?\|(.*)")


def double_brackets(parser: MarkdownIt) -> None:
    """Plugin of the parser."""
    parser.inline.ruler.before("link", "double_brackets", _rule)
    parser.add_render_rule("page_link", _render_page)
    parser.add_render_rule("cite", _render_cite)
    parser.add_render_rule("none", _render_none)


def resolve(tokens: Sequence[Token], context: Context) -> None:
    """Ask where the links to pages lead, and give each the words it is shown with."""
    for token in tokens:
        if token.type != "page_link":
            continue
        slug, fragment, words = token.meta["slug"], token.meta["fragment"], token.meta["words"]
        if not slug:
            token.content = words or context.headings.get(fragment, fragment)
            missing = fragment not in context.headings
            context.links[slug, fragment] = PageLink(slug, fragment, is_missing_heading=missing)
            continue
        target = context.resolve.page(slug, fragment)
        heading = target.heading or fragment
        title = context.t("playbook.link.heading", page=target.title, heading=heading) if fragment else target.title
        token.content = words or title
        token.meta = {**token.meta, "target": target, "language": "" if words else target.language}
        context.links[slug, fragment] = PageLink(slug, fragment, target.is_missing, target.is_missing_heading)


def _rule(state: StateInline, silent: bool) -> bool:
    match = _BRACKETS.match(state.src, state.pos, state.posMax)
    token = _token(match[1]) if match else None
    if match is None or token is None:
        return False
    if not silent:
        pushed = state.push(token.type, "", 0)
        pushed.meta = token.meta
    state.pos = match.end()
    return True


def _token(inner: str) -> Token | None:
    if cite := _CITE.fullmatch(inner):
        return Token("cite", "", 0, meta={"passage_id": cite[1]})
    if none := _NONE.fullmatch(inner):
        return Token("none", "", 0, meta={"day": none[1], "query": none[2].strip()}) if _is_day(none[1]) else None
    page = _PAGE.fullmatch(inner)
    if page is None or not (page["slug"] or page["fragment"]):
        return None
    meta = {"slug": page["slug"] or "", "fragment": page["fragment"] or "", "words": (page["words"] or "").strip()}
    return Token("page_link", "", 0, meta=meta)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _render_page(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    token, context = tokens[i], of(env)
    slug, fragment = token.meta["slug"], token.meta["fragment"]
    if not slug:
        is_missing = fragment not in context.headings
        return _link(context, "" if is_missing else f"#{fragment}", token.content, remark=_remark(False, is_missing))
    target = token.meta["target"]
    return _link(
        context,
        target.href,
        token.content,
        language=token.meta["language"],
        remark=_remark(target.is_missing, target.is_missing_heading),
        is_screen=not target.is_missing,
    )


def _remark(is_missing: bool, is_missing_heading: bool) -> str:
    if is_missing:
        return "playbook.link.missing"
    return "playbook.link.missing-heading" if is_missing_heading else ""


def _link(
    context: Context, href: str, words: str, *, language: str = "", remark: str = "", is_screen: bool = False
) -> Markup:
    leads = bool(href) and is_allowed(href) and not context.in_link
    return el(
        "a" if leads else "span",
        words,
        el("span", context.t(remark), lang=context.t.language, class_="kb-hidden") if remark else None,
        href=href if leads else None,
        data_nav=leads and is_screen,
        lang=language or None,
        class_="kb-wanted" if remark else None,
    )


def _render_cite(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    context = of(env)
    note = context.cite(tokens[i].meta["passage_id"])
    mark = mark_id(note.number, note.uses)
    if context.in_link:
        return el("sup", str(note.number), id=mark, class_="kb-cite")
    has_drifted = context.resolve.has_drifted(note.passage_id)
    name = context.t("citing.mark.drifted" if has_drifted else "playbook.cite", number=note.number)
    sign = el("span", "!", class_="kb-drifted") if has_drifted else None
    link = el("a", str(note.number), sign, href=f"#{note.id}", id=mark, aria_label=name, lang=context.t.language)
    return el("sup", link, class_="kb-cite")


def _render_none(_: RendererHTML, tokens: Sequence[Token], i: int, __: OptionsDict, env: EnvType) -> str:
    context, query = of(env), tokens[i].meta["query"]
    shown = context.t("playbook.none.shown", date=date_text(context.t.language, tokens[i].meta["day"]))
    href = context.resolve.search(query, tokens[i].meta["day"]) if query else ""
    if not is_allowed(href) or context.in_link:
        return el("span", shown, lang=context.t.language, class_="kb-none")
    repeat = el("span", context.t("playbook.none.repeat", query=query), class_="kb-hidden")
    return el("a", shown, repeat, href=href, lang=context.t.language, class_="kb-none")
