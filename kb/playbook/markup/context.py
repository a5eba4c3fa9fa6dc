"""What is known and counted while one page is rendered; the parser itself is shared and remembers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from markdown_it.utils import EnvType

from kb.i18n import Texts
from kb.playbook.markup.resolver import Resolver

_KEY = "playbook"


@dataclass(frozen=True, slots=True)
class Note:
    """A passage that a page cites: its number and how often it is cited."""

    number: int
    passage_id: str
    uses: int = 1

    @property
    def id(self) -> str:
        """The id that the citations lead to: it belongs to the entry in the list of notes."""
        return f"note-{self.number}"

    @property
    def marks(self) -> Sequence[str]:
        """Ids of the citations in the text, for the ways back."""
        return [mark_id(self.number, use) for use in range(1, self.uses + 1)]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of a page to another page or to one of its own headings (`slug` empty)."""

    slug: str
    fragment: str = ""
    is_missing: bool = False
    is_missing_heading: bool = False


@dataclass(slots=True)
class Context:
    """One rendering: what it may ask, what it has counted, and whether it is inside a link."""

    t: Texts
    resolve: Resolver
    is_comparison: bool = False
    headings: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, str], PageLink] = field(default_factory=dict)
    open_links: list[bool] = field(default_factory=list)
    tables: int = 0
    diagrams: int = 0
    _cited: dict[str, Note] = field(default_factory=dict)

    @property
    def in_link(self) -> bool:
        """Whether what is rendered stands inside a link, which holds no other link."""
        return any(self.open_links)

    @property
    def notes(self) -> Sequence[Note]:
        """The passages cited so far, in the order of their numbers."""
        return list(self._cited.values())

    def cite(self, passage_id: str) -> Note:
        """The note for `passage_id`, counted once more; a new one gets the next number."""
        known = self._cited.get(passage_id)
        number, uses = (known.number, known.uses + 1) if known else (len(self._cited) + 1, 1)
        self._cited[passage_id] = Note(number, passage_id, uses)
        return self._cited[passage_id]


def mark_id(number: int, use: int) -> str:
    """The id of a citation in the text: `cite-3` the first time, then `cite-3-2`."""
    return f"cite-{number}" + (f"-{use}" if use > 1 else "")


def put(env: EnvType, context: Context) -> None:
    """Give the rules of a rendering their context."""
    env[_KEY] = context


def of(env: EnvType) -> Context:
    """The context of the rendering that `env` belongs to."""
    return cast(Context, env[_KEY])
