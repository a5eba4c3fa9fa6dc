"""Finding what refers to a document: pages of the playbook, other documents, baskets of evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import unquote, urlsplit

from sqlalchemy import func, select

from kb.model.citing import Citing, CitingPage
from kb.model.playbook import PlacedLink
from kb.model.references import references_in
from kb.model.works import Version
from kb.store import Store, schema
from kb.store.former_works import names_of

_PERMANENT = re.compile(r"/(?P<kind>d|c|files)/(?P<first>[^/.]+)(?:/(?P<second>[^/]+))?")


def citing(store: Store, version: Version) -> Citing:
    """What refers to `version`.

    A link to its work counts where no other edition of that work is current to answer it.
    """
    others = [each for each in store.versions.by_work(version.work_id) if each.id != version.id]
    answers_for_work = not any(each.status == "current" for each in others)
    with store.database.read() as connection:
        p, b = schema.passages.c, schema.basket_items.c
        passages = {
            each.partition("~")[0] for each in connection.scalars(select(p.id).where(p.version_id == version.id))
        }
        names = names_of(connection, version.work_id)
        kept = connection.execute(
            select(func.count(), func.count(b.basket_id.distinct()))
            .select_from(schema.basket_items.join(schema.passages, p.id == b.passage_id))
            .where(p.version_id == version.id, b.removed_at == "")
        ).one()

    def is_meant(target: str) -> bool:
        parts = urlsplit(target)
        found = _PERMANENT.fullmatch(unquote(parts.path))
        if found is None:
            return f"id={version.id}" in parts.query.split("&") and parts.path == "/document"
        if found["kind"] == "c":
            return found["first"].partition("~")[0] in passages
        if found["kind"] == "files":
            return found["first"] == version.id
        if found["second"]:
            return found["second"] == version.id
        return found["first"] in names and answers_for_work

    return Citing(
        pages=_pages(store, passages, is_meant),
        documents=tuple(
            each
            for each in store.versions.list_all()
            if each.id != version.id
            and each.status != "retired"
            and _names(each, version, names if answers_for_work else ())
        ),
        baskets=kept[1],
        basket_items=kept[0],
    )


def _pages(store: Store, passages: Collection[str], is_meant: Callable[[str], bool]) -> tuple[CitingPage, ...]:
    """Published pages that cite any of `passages` or link to an address that is meant, each with its first heading."""

    def refers(link: PlacedLink) -> bool:
        if link.kind == "address":
            return is_meant(link.target)
        return link.target.partition("~")[0] in passages

    placed = {
        (link.page_id, link.language): link
        for link in reversed(store.wiki_links.to(("cite", "passage", "address")))
        if refers(link)
    }
    pages = store.wiki.get_many({page_id for page_id, _ in placed})
    found = []
    for (page_id, language), link in placed.items():
        page = pages[page_id]
        body = page.bodies.get(language)
        if body is not None and body.published and not page.deleted_at:
            found.append(CitingPage(page.slug, language, body.title, link.heading))
    return tuple(sorted(found, key=lambda each: (each.slug, each.language)))


def _names(document: Version, version: Version, names: Collection[str]) -> bool:
    """Whether `document` says that it replaces `version`, or its work by one of its `names`, or that it rests on it."""
    if document.metadata.supersedes in (version.id, *names):
        return True
    source = version.metadata.source_url.rstrip("/")
    return bool(source) and any(each.url.rstrip("/") == source for each in references_in(document.metadata.extra))
