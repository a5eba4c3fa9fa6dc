"""The playbook as readers see it: published pages under their themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.errors import NotFoundError
from kb.model.playbook import Body, PageKind, Revision, WikiPage
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.store import Store
from kb.store.wiki_pages import changes
from kb.text.language import LANGUAGES, Language

_KEPT = 4
"""Lists of pages that are held ready: two languages, before and after a change."""


@dataclass(frozen=True, slots=True)
class PlaybookEntry:
    """One line of the contents: a page in one language. `updated` is an ISO date or empty."""

    slug: str
    language: Language
    title: str
    summary: str
    theme: str
    place: int
    updated: str
    kind: PageKind
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class PlaybookPage(PlaybookEntry):
    """A page as it is read: its Markdown, the revision it is from, and the state of both bodies."""

    body: str
    revision: Revision
    state: WikiPage


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that a link leads to: its present slug, its title, and that of the heading that is named, if any."""

    slug: str
    language: Language
    title: str
    heading: str


class Playbook:
    """What is published of the playbook of one library."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, slug: str, language: Language) -> PlaybookPage:
        """The page in `language`, or in the other one where it is not written in it.

        A former address gives the page with its present `slug`. Raises `NotFoundError`, with `reason` `deleted` where
        the page was taken away.
        """
        state = self._store.wiki.get(slug) if is_slug(slug) else None
        if state is not None and state.deleted_at:
            raise NotFoundError("This page was deleted.", remedy="Restore it.", reason="deleted", id=state.slug)
        body = state.body(language) if state else None
        if state is None or body is None:
            raise NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)
        revision = self._store.revisions.get(state.id, body.language, body.published)
        entry = _entry(state, body)
        written = {name: getattr(entry, name) for name in PlaybookEntry.__slots__}
        return PlaybookPage(**written, body=Source.read(revision.text).body, revision=revision, state=state)

    def find(self, slug: str, language: Language, *, fragment: str = "") -> FoundPage | None:
        """What a link says of the page it leads to; None where readers find none there."""
        state = self._store.wiki.get(slug) if is_slug(slug) else None
        body = state.body(language) if state and not state.deleted_at else None
        if state is None or body is None:
            return None
        headings = self._store.wiki_links.headings(state.id, body.language) if fragment else ()
        heading = next((each.title for each in headings if each.id == fragment), "")
        return FoundPage(state.slug, body.language, body.title or state.slug, heading)

    def image_size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels of an image of the playbook, None where there is none of this name."""
        image = self._store.wiki_images.get(name)
        return (image.width, image.height) if image else None

    def pages(self, language: Language) -> Sequence[PlaybookEntry]:
        """Every published page that is not archived, in `language` where it is written in it, in order."""
        with self._store.database.read() as connection:
            at = changes(connection)
        return list(_entries(self._store, language, at))

    def neighbours(self, slug: str, language: Language) -> tuple[PlaybookEntry | None, PlaybookEntry | None]:
        """The pages before and after a page in the contents; None at either end, and for one that is not listed."""
        pages = [page for _, listed in self.themes(language) for page in listed]
        at = next((number for number, page in enumerate(pages) if page.slug == slug), None)
        if at is None:
            return None, None
        return (pages[at - 1] if at else None), (pages[at + 1] if at + 1 < len(pages) else None)

    def themes(self, language: Language) -> Sequence[tuple[str, Sequence[PlaybookEntry]]]:
        """Pages under their themes; a theme stands where its first page does."""
        themes: dict[str, list[PlaybookEntry]] = {}
        for page in self.pages(language):
            themes.setdefault(page.theme, []).append(page)
        return list(themes.items())


@lru_cache(maxsize=_KEPT)
def _entries(store: Store, language: Language, at: int) -> Sequence[PlaybookEntry]:
    """Entries in order; they are kept for as long as nobody publishes anything."""
    del at
    found = [(each, each.body(language)) for each in store.wiki.list()]
    entries = [_entry(page, body) for page, body in found if body is not None]
    return tuple(sorted(entries, key=lambda entry: (entry.place, entry.title)))


def _entry(page: WikiPage, body: Body) -> PlaybookEntry:
    return PlaybookEntry(
        slug=page.slug,
        language=body.language,
        title=body.title or page.slug,
        summary=body.summary,
        theme=body.theme,
        place=body.place,
        updated=body.updated,
        kind=body.kind,
        languages=tuple(each for each in LANGUAGES if each in page.bodies and page.bodies[each].published),
    )
