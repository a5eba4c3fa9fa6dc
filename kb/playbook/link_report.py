"""Links of the playbook that lead nowhere, pages that are wanted, and pages that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.model.playbook import PlacedLink, WikiPage
from kb.store import Store
from kb.text.language import LANGUAGES, Language

_FIRST = "home"
"""The page that is read first: nothing has to lead to it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a link stands: a page, the language of its body, and the heading above it."""

    page: WikiPage
    language: Language
    heading: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Everything that is wrong with links, each with where it stands.

    `wanted` are slugs without a page; `headings` pairs of a page and an id that none of its headings has; `gone` pages
    that were deleted or archived, and are linked to all the same; `orphans` are listed pages that no other page links
    to.
    """

    wanted: Mapping[str, Sequence[Origin]]
    headings: Mapping[tuple[str, str], Sequence[Origin]]
    gone: Mapping[str, Sequence[Origin]]
    orphans: Sequence[WikiPage]

    @property
    def broken(self) -> int:
        """How many targets cannot be reached."""
        return len(self.wanted) + len(self.headings) + len(self.gone)


def link_report(store: Store) -> LinkReport:
    """What is wrong with the links of every published body that is not deleted."""
    pages = {each.id: each for each in store.wiki.list(archived=True, deleted=True)}
    by_slug = {each.slug: each for each in pages.values()}
    by_slug |= {former: by_slug[present] for former, present in store.wiki.redirects().items() if present in by_slug}
    ids = {
        key: frozenset(heading.id for heading in headings) for key, headings in store.wiki_links.every_heading().items()
    }
    wanted: dict[str, list[Origin]] = {}
    headings: dict[tuple[str, str], list[Origin]] = {}
    gone: dict[str, list[Origin]] = {}
    reached: set[int] = set()
    read = {(each.id, language): each.body(language) for each in pages.values() for language in LANGUAGES}
    for link, own in _shown(store.wiki_links.to(("page",)), pages):
        target = by_slug.get(link.target) if link.target else own
        body = read[target.id, link.language] if target else None
        if target is not None and body is not None and not target.archived_at and not target.deleted_at:
            reached.add(target.id if target.id != own.id else 0)
            if not link.fragment or link.fragment in ids.get((target.id, body.language), ()):
                continue
        origin = Origin(own, link.language, link.heading)
        if target is None or body is None:
            wanted.setdefault(link.target, []).append(origin)
        elif target.deleted_at or (target.archived_at and target.id != own.id):
            gone.setdefault(target.slug, []).append(origin)
        elif link.fragment and link.fragment not in ids.get((target.id, body.language), ()):
            headings.setdefault((target.slug, link.fragment), []).append(origin)
    listed = (each for each in pages.values() if not (each.archived_at or each.deleted_at) and each.body("en"))
    orphans = [each for each in listed if each.id not in reached and each.slug != _FIRST]
    return LinkReport(wanted, headings, gone, orphans)


def _shown(links: Iterable[PlacedLink], pages: Mapping[int, WikiPage]) -> Iterable[tuple[PlacedLink, WikiPage]]:
    """Links that readers see, each with the page it stands on."""
    for link in links:
        page = pages[link.page_id]
        body = page.bodies.get(link.language)
        if body is not None and body.published and not page.deleted_at:
            yield link, page
