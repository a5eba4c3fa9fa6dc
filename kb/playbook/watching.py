"""What changed of the pages and themes that somebody watches, since they looked last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.model.playbook import Revision, WikiPage
from kb.store import Store
from kb.store.wiki_watches import Watch

COOKIE = "kb_person"
"""Holds the secret by which a browser finds its drafts and watched pages again."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Watched:
    """What somebody watches: pages, themes, and the newest changes of these that they have not seen."""

    pages: Sequence[WikiPage] = ()
    themes: Sequence[str] = ()
    changes: Sequence[Revision] = ()
    changed_pages: Mapping[int, WikiPage] = field(default_factory=dict)


def owner_in(cookies: Mapping[str, str]) -> str:
    """Whose drafts and watched pages these are: the SHA-256 of the secret of the browser, empty where it has none.

    Only that is stored, so that a copy of the database opens nobody's drafts.
    """
    secret = str(cookies.get(COOKIE, ""))
    return hashlib.sha256(secret.encode()).hexdigest() if _SECRET.fullmatch(secret) else ""


def watched(store: Store, owner: str) -> Watched | None:
    """What `owner` watches, with what they have not seen; None where that is nothing."""
    watches = store.wiki_watches.of(owner)
    if not watches:
        return None
    every = {each.id: each for each in store.wiki.list(archived=True)}
    themes = [each.target for each in watches if each.kind == "theme"]
    seen = {identity: each.seen_at for each in watches for identity in _pages(each, every)}
    recent = store.revisions.recent(limit=500, since=min(seen.values(), default=""), pages=set(seen)) if seen else ()
    changes = [each for each in recent if each.made_at > seen[each.page_id]][:_SHOWN]
    pages = [every[int(each.target)] for each in watches if each.kind == "page" and int(each.target) in every]
    return Watched(pages, themes, changes, every)


def _pages(watch: Watch, every: Mapping[int, WikiPage]) -> Sequence[int]:
    """Ids of the pages that a watch is about."""
    if watch.kind == "page":
        return [int(watch.target)] if int(watch.target) in every else []
    return [key for key, page in every.items() if watch.target in {body.theme for body in page.bodies.values()}]
