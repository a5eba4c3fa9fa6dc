"""Citations whose source drifted: moved, changed, replaced or gone since somebody last checked the page."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from kb.library.evidence.collected import collected
from kb.model.evidence import BasketItem, Evidence, Lost
from kb.model.playbook import PlacedLink, WikiPage
from kb.store import Store, schema
from kb.store.citation_checks import Check, set_check
from kb.text.language import Language

DriftKind = Literal["same", "moved", "changed", "removed", "superseded", "withdrawn", "lost"]
"""How a passage stands; the last that applies. `superseded`: a newer edition has the same words at the same place."""

SAME = "same"
"""The state of a passage that stands in a current edition as it was cited."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A citation under `heading` of a body whose passage stands otherwise than when it was last checked.

    `check` is that last check, None where nobody has checked it since it was cited. `better` is the passage that the
    current edition has in its place, empty where there is none.
    """

    page: WikiPage
    language: Language
    heading: str
    kind: DriftKind
    evidence: Evidence | Lost
    check: Check | None
    better: str

    @property
    def passage_id(self) -> str:
        """The passage that is cited."""
        return self.evidence.item.passage_id


def drifts(store: Store, page: WikiPage | None = None) -> Sequence[Drift]:
    """Citations of a page, or of every published page, that nobody has checked since their passage drifted."""
    links = [each for each in store.wiki_links.to(("cite",)) if page is None or each.page_id == page.id]
    suspects = _suspects(store, {each.target for each in links})
    first = _first_of_each(each for each in links if each.target in suspects)
    evidence = _evidence(store, suspects)
    checks = store.citation_checks.all(page.id if page else None)
    pages = {page.id: page} if page else store.wiki.get_many({each.page_id for each in first})
    found = []
    for link in first:
        told = evidence[link.target]
        check = checks.get((link.page_id, link.language, link.target))
        if state_of(told) == (check.state if check else SAME) or pages[link.page_id].deleted_at:
            continue
        found.append(Drift(pages[link.page_id], link.language, link.heading, kind_of(told), told, check, better(told)))
    return found


def confirm(store: Store, page: WikiPage, language: Language, passage_id: str, *, by: str) -> None:
    """Keep that a page still says the truth about a passage, as it stands now."""
    state = state_of(_evidence(store, [passage_id])[passage_id])
    with store.database.write() as connection:
        set_check(connection, (page.id, language, passage_id), state, by=by)


def note_cited(store: Store, page_id: int, language: Language, passage_ids: Collection[str], *, by: str) -> None:
    """Whoever cites a passage has seen how it stands: what had drifted already is no news."""
    told = {identity: state_of(each) for identity, each in _evidence(store, _suspects(store, passage_ids)).items()}
    with store.database.write() as connection:
        for identity, state in told.items():
            if state != SAME:
                set_check(connection, (page_id, language, identity), state, by=by)


def kind_of(evidence: Evidence | Lost) -> DriftKind:
    """How a passage stands, in one word."""
    if isinstance(evidence, Lost):
        return "lost"
    if evidence.withdrawal is not None:
        return "withdrawn"
    here, there = evidence.fates.here, evidence.fates.there
    if there is not None:
        return "superseded" if there.kind == "same" else there.kind
    if here.kind == "same" and evidence.version.status != "current":
        return "superseded"
    return here.kind


def state_of(evidence: Evidence | Lost) -> str:
    """How a passage stands, told apart from every other way; `SAME` where it stands as it was cited."""
    kind = kind_of(evidence)
    if kind == "same" or isinstance(evidence, Lost):
        return kind
    here, there = evidence.fates.here, evidence.fates.there
    parts = [kind, evidence.version.status, here.kind, *(each.text for each in here.segments)]
    if there is not None:
        parts += [there.version.id, there.kind, *(each.text for each in there.segments)]
    return f"{kind}:{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def better(evidence: Evidence | Lost) -> str:
    """The passage of the current edition that stands in place of the one cited; empty where there is none."""
    if isinstance(evidence, Lost):
        return ""
    fate = evidence.fates.there or evidence.fates.here
    found = fate.passage_id if fate.kind != "removed" else ""
    return "" if found == evidence.passage.id else found


def _suspects(store: Store, passage_ids: Collection[str]) -> set[str]:
    """Those that may have drifted: all but live passages of current editions that are not withdrawn.

    One query settles nearly all citations; only the others have to be looked for in the text.
    """
    p, v, w = schema.passages.c, schema.versions.c, schema.withdrawals.c
    withdrawn = select(w.version_id).where(w.restored_at == "")
    with store.database.read() as connection:
        settled = connection.scalars(
            select(p.id)
            .join_from(schema.passages, schema.versions, v.id == p.version_id)
            .where(p.id.in_(passage_ids), p.retired_revision.is_(None), v.status == "current", v.id.not_in(withdrawn))
        )
        return set(passage_ids) - set(settled)


def _evidence(store: Store, passage_ids: Collection[str]) -> Mapping[str, Evidence | Lost]:
    items = [BasketItem(identity, "", "", "") for identity in sorted(passage_ids)]
    return {each.item.passage_id: each for each in collected(store, items)}


def _first_of_each(links: Iterable[PlacedLink]) -> Sequence[PlacedLink]:
    """The first citation of each passage in a body."""
    return list({(each.page_id, each.language, each.target): each for each in reversed(list(links))}.values())[::-1]
