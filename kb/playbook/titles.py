"""Pages and headings by their words, for whoever writes a link to one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kb.model.playbook import PageHeading
from kb.playbook.headings import headings
from kb.playbook.slugs import is_slug
from kb.playbook.typed import opened
from kb.store import Store
from kb.text.language import Language

MOST_PAGES = 12


@dataclass(frozen=True, slots=True)
class NamedPage:
    """A page by its title in `language`."""

    slug: str
    title: str
    language: Language


def pages_called(store: Store, query: str, language: Language, *, limit: int = MOST_PAGES) -> Sequence[NamedPage]:
    """Pages whose title in either language, or whose address, holds `query`; those that begin with it first."""
    wanted = _plain(query)
    found = []
    for page in store.wiki.list():
        body = page.body(language, unpublished=True)
        if body is None:
            continue
        names = [page.slug, *(_plain(each.title) for each in page.bodies.values())]
        if any(wanted in name for name in names):
            begins = any(name.startswith(wanted) for name in names)
            found.append((not begins, body.place, NamedPage(page.slug, body.title or page.slug, body.language)))
    return [named for *_, named in sorted(found, key=lambda each: (each[0], each[1], each[2].slug))[:limit]]


def headings_at(store: Store, slug: str, language: Language) -> Sequence[PageHeading]:
    """Headings of the latest text of a page, in `language` where it is written in it."""
    page = store.wiki.get(slug) if is_slug(slug) else None
    body = page.body(language, unpublished=True) if page and not page.deleted_at else None
    if page is None or body is None:
        return ()
    return headings(opened(store.revisions.get(page.id, body.language, body.latest).text).body)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
