"""What follows from the text of a page: what lists say of it, its headings and its links."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from kb.errors import ManifestError
from kb.model.playbook import Body, PlacedLink, Stage
from kb.playbook.blocks import blocks
from kb.playbook.headings import headings
from kb.playbook.links import links
from kb.playbook.source import PLACE_LAST, Source
from kb.store.wiki_links import replace_derived
from kb.text.language import Language

_HELD = ("/d/", "/c/", "/files/", "/document")
"""How addresses begin that lead to what the library holds, on this host or under the name others know it by."""


def described(source: Source) -> dict[str, Any]:
    """What lists say of a page with this text: fields of `Body`. Front matter that cannot be read says nothing."""
    try:
        one, place, kind = source.one, source.place, source.kind
    except ManifestError:
        return {"title": "", "summary": "", "theme": "", "place": PLACE_LAST, "kind": "page"}
    return {
        "title": one("title"),
        "summary": one("summary"),
        "theme": one("theme"),
        "place": place,
        "kind": kind,
        "owner": one("owner"),
        "review_on": source.date("review"),
        "updated": source.date("updated"),
    }


def new_body(language: Language, latest: int, published: int, stage: Stage) -> Body:
    """The state of a body of which nothing was said before."""
    return Body(
        *(language, latest, published, stage, 0, ""),
        title="",
        summary="",
        theme="",
        place=PLACE_LAST,
        kind="page",
        owner="",
        review_on="",
        updated="",
    )


def replace_text(connection: Connection, page_id: int, language: Language, body: str) -> None:
    """Derive headings and links anew from the Markdown that readers see."""
    replace_derived(connection, page_id, language, headings(body), _placed(page_id, language, body))


def _placed(page_id: int, language: Language, body: str) -> list[PlacedLink]:
    """Links to pages, passages and documents, each with the heading it stands under."""
    parts = list(blocks(body))
    starts = [part.start for part in parts]
    placed = []
    for link in links(body):
        is_held = link.kind == "address" and urlsplit(link.target).path.startswith(_HELD)
        if link.kind in ("page", "cite", "passage", "image") or is_held:
            heading = parts[bisect_right(starts, link.start) - 1].heading_id
            placed.append(PlacedLink(page_id, language, link.kind, link.target, link.fragment, heading))
    return placed
