"""What stands around the text of a page: its sources, what is related, where its pair stands, who links to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.model.hits import Hit
from kb.playbook.pages import FoundPage, PlaybookPage
from kb.playbook.pairs import Pair, pair_of
from kb.playbook.sources import NO_SOURCES, PageSources, sources_of
from kb.store import Store

Related = tuple[Sequence[Hit], Sequence[Hit]]
"""Pages, and passages of documents, on the subject of a page."""


@dataclass(frozen=True, slots=True)
class Around:
    """Of one page for one reader. `open_comments` counts those that nobody has settled."""

    sources: PageSources = NO_SOURCES
    related: Related = ((), ())
    pair: Pair | None = None
    linking: tuple[FoundPage, ...] = ()
    open_comments: int = 0
    is_watched: bool = False


def around(store: Store, shown: PlaybookPage, related: Related, *, owner: str = "") -> Around:
    """What stands around `shown` for `owner`; `related` is what search knows on its subject."""
    return Around(
        sources=sources_of(store, shown),
        related=related,
        pair=pair_of(store, shown.state, shown.language),
        linking=linking_pages(store, shown),
        is_watched=any(
            (each.kind, each.target) == ("page", str(shown.state.id)) for each in store.wiki_watches.of(owner)
        ),
        open_comments=store.wiki_comments.open_count(shown.state.id, shown.language),
    )


def linking_pages(store: Store, shown: PlaybookPage) -> tuple[FoundPage, ...]:
    """Published pages that link to this one by its present or a former address, in its language where they can."""
    links = store.wiki_links.to(("page",), store.wiki.addresses(shown.state.id))
    pages = store.wiki.get_many({each.page_id for each in links} - {shown.state.id})
    found = [
        FoundPage(page.slug, body.language, body.title or page.slug, "")
        for page in pages.values()
        if not (page.archived_at or page.deleted_at) and (body := page.body(shown.language)) is not None
    ]
    return tuple(sorted(found, key=lambda page: page.title))
