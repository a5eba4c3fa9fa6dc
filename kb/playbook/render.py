"""Markdown of the playbook as HTML in pieces: headings with lasting ids, sources, links to pages; never raw HTML.

Whoever writes a page decides its words and nothing else: elements, attributes, classes and ids come from here and from
`kb.playbook.markup`, and addresses are those that `kb.playbook.markup.addresses` allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token
from markupsafe import Markup

from kb.i18n import Texts
from kb.playbook.markup import context, double_brackets
from kb.playbook.markup.context import Context, Note, PageLink
from kb.playbook.markup.headings import Heading, demote, named
from kb.playbook.markup.parser import parser
from kb.playbook.markup.resolver import AS_WRITTEN, ENGLISH, AsWritten, PageTarget, Resolver

__all__ = [
    "AS_WRITTEN",
    "AsWritten",
    "Heading",
    "Note",
    "PageLink",
    "PageTarget",
    "Rendered",
    "Resolver",
    "headings",
    "render",
]

_MARKS = ("cite", "footnote_ref")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML in pieces, so that something can stand beside each heading.

    `notes` are the passages it cites, by number: their list belongs below the text. `links` are its links to pages and
    to its own headings, each once.
    """

    lead: Markup
    sections: Sequence[tuple[Heading, Markup]]
    notes: Sequence[Note] = ()
    links: Sequence[PageLink] = ()

    @property
    def headings(self) -> Sequence[Heading]:
        """Headings in order."""
        return [heading for heading, _ in self.sections]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Tokens of the text before the first heading, and of each section."""

    lead: Sequence[Token]
    sections: Sequence[tuple[Heading, Token, Sequence[Token]]]


def render(body: str, *, resolve: Resolver = AS_WRITTEN, t: Texts = ENGLISH, is_comparison: bool = False) -> Rendered:
    """`body` rendered, with what is said about it in the language of `t`.

    Of a page that `is_comparison` the first table shows whose column is whose, and which cells are not filled in yet.

    A heading may end in `{#id}`; otherwise its id comes from its words or its number. The title of the page is not part
    of the body: a heading of the first level is taken as one of the second.
    """
    state = Context(t, resolve, is_comparison=is_comparison)
    env: dict[str, object] = {}
    context.put(env, state)
    parsed = _parsed(body, env, state)
    lead = _html(parsed.lead, env)
    sections = []
    for heading, inline, tokens in parsed.sections:
        marks = Markup("").join(_html([mark], env) for mark in inline.children or [] if mark.type in _MARKS)
        sections.append((replace(heading, marks=marks), _html(tokens, env)))
    return Rendered(lead, sections, state.notes, list(state.links.values()))


def headings(body: str, *, resolve: Resolver = AS_WRITTEN) -> Sequence[Heading]:
    """Only the headings of `body`, with the ids that `render` gives them."""
    state = Context(ENGLISH, resolve)
    env: dict[str, object] = {}
    context.put(env, state)
    return [heading for heading, _, _ in _parsed(body, env, state).sections]


def _parsed(body: str, env: dict[str, object], state: Context) -> _Parsed:
    tokens = parser().parse(body, env)
    at = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    of_headings = [tokens[i + 1] for i in at]
    for inline in of_headings:
        double_brackets.resolve(inline.children or [], state)
    found = named([(tokens[i], tokens[i + 1]) for i in at])
    state.headings.update({heading.id: heading.title for heading in found})
    for token in tokens:
        double_brackets.resolve(token.children or [], state)
    ends = [*at, len(tokens)][1:]
    pieces = [tokens[i + 3 : end] for i, end in zip(at, ends, strict=True)]
    lead = tokens[: at[0]] if at else tokens
    for piece in (lead, *pieces):
        demote(piece)
    return _Parsed(lead, list(zip(found, of_headings, pieces, strict=True)))


def _html(tokens: Sequence[Token], env: dict[str, object]) -> Markup:
    return Markup(parser().renderer.render(tokens, parser().options, env))
