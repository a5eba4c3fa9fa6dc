"""English and Japanese bodies of one page: which is behind, by what, and what is not translated yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kb.model.playbook import Body, PageHeading, WikiPage
from kb.playbook.comparing import ComparedTexts, compare_texts
from kb.store import Store
from kb.text.language import LANGUAGES, Language, other_language

PairKind = Literal["alone", "agrees", "behind", "ahead", "apart"]
"""Of a body beside the other language's.

`alone`: there is no other. `agrees`: nothing changed since both said the same. `behind`: the other changed since.
`ahead`: this one changed since. `apart`: both did, or were never said to agree.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """How the body in `language` stands to the other one.

    `changed_at` is when the other changed last, ISO 8601 in UTC; `days` are those from this body's last change to that
    one, negative where this one is the younger. `missing` are headings that only the other has, `extra` those that only
    this one has.
    """

    kind: PairKind
    language: Language
    changed_at: str = ""
    days: int = 0
    missing: tuple[PageHeading, ...] = ()
    extra: tuple[PageHeading, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether the other body holds changes that this one may lack."""
        return self.kind in ("behind", "apart")


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A page to translate into `language` (`alone`), or to bring up to date in it."""

    page: WikiPage
    language: Language
    kind: PairKind


def pair_of(store: Store, page: WikiPage, language: Language) -> Pair:
    """How the published body in `language` stands to the other one."""
    own, other = page.bodies.get(language), page.bodies.get(other_language(language))
    if own is None or other is None or not own.published or not other.published:
        return Pair("alone", language)
    here = {each.id: each for each in store.wiki_links.headings(page.id, own.language)}
    there = {each.id: each for each in store.wiki_links.headings(page.id, other.language)}
    changed_at = store.revisions.get(page.id, other.language, other.published).made_at
    changed_here_at = store.revisions.get(page.id, own.language, own.published).made_at
    return Pair(
        kind_of(own, other),
        language,
        changed_at,
        (datetime.fromisoformat(changed_at) - datetime.fromisoformat(changed_here_at)).days,
        tuple(heading for identity, heading in there.items() if identity not in here),
        tuple(heading for identity, heading in here.items() if identity not in there),
    )


def kind_of(own: Body, other: Body) -> PairKind:
    """How one body stands to the other."""
    behind, ahead = other.published != own.agrees_with, own.published != other.agrees_with
    if behind and ahead:
        return "apart"
    return "behind" if behind else "ahead" if ahead else "agrees"


def changed_since(store: Store, page: WikiPage, language: Language) -> ComparedTexts | None:
    """What changed in the other body since the one in `language` agreed with it; None where it never did."""
    own, other = page.bodies.get(language), page.bodies.get(other_language(language))
    if own is None or other is None or not own.agrees_with or not other.published:
        return None
    before = store.revisions.get(page.id, other.language, own.agrees_with).text
    return compare_texts(before, store.revisions.get(page.id, other.language, other.published).text)


def work_list(store: Store) -> tuple[Sequence[WorkItem], Sequence[WorkItem]]:
    """Translations to bring up to date, and bodies to write, by address."""
    stale, missing = [], []
    for page in store.wiki.list():
        for language in LANGUAGES:
            own, other = page.bodies.get(language), page.bodies.get(other_language(language))
            if other is None or not other.published:
                continue
            if own is None or not own.published:
                missing.append(WorkItem(page, language, "alone"))
            elif (kind := kind_of(own, other)) in ("behind", "apart"):
                stale.append(WorkItem(page, language, kind))
    return stale, missing
