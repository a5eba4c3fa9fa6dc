"""Finding what refers to a document: pages of the playbook, other documents, baskets of evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, Connection, func, select

from kb.model.citing import Citing, CitingPage
from kb.model.passages import Passage
from kb.model.playbook import PlacedLink
from kb.model.references import references_in
from kb.model.works import Version
from kb.store import Store, schema
from kb.store.former_works import names_of
from kb.text.language import Language

_PERMANENT = re.compile(r"/(?P<kind>d|files)/(?P<first>[^/.]+)(?:/(?P<second>[^/]+))?")
_PASSAGE = re.compile(r"/c/(?P<id>[^/]+)")
_P = schema.passages.c


def citing(store: Store, version: Version) -> Citing:
    """What refers to `version`.

    A link to its work counts where no other edition of that work is current to answer it.
    """
    answers_for_work = _answers_for_work(store, version)
    with store.database.read() as connection:
        b = schema.basket_items.c
        names = names_of(connection, version.work_id)
        kept = connection.execute(
            select(func.count(), func.count(b.basket_id.distinct()))
            .select_from(schema.basket_items.join(schema.passages, _P.id == b.passage_id))
            .where(_P.version_id == version.id, b.removed_at == "")
        ).one()
    return Citing(
        pages=citing_pages(store, version),
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


def citing_pages(store: Store, version: Version) -> tuple[CitingPage, ...]:
    """Published pages that cite a passage of `version` or link to it, each with the first heading that does."""
    answers_for_work = _answers_for_work(store, version)
    addresses = store.wiki_links.to(("address",))
    passages = {found for each in addresses if (found := _passage_in(each.target))}
    with store.database.read() as connection:
        names = names_of(connection, version.work_id) if answers_for_work else ()
        links = _to_passages(connection, _P.version_id == version.id)
        own = set(connection.scalars(select(_P.id).where(_P.id.in_(passages), _P.version_id == version.id)))
    meant = [each for each in addresses if _passage_in(each.target) in own or _is_meant(each.target, version, names)]
    return _pages(store, [*links, *meant])


def citing_passage(store: Store, passage: Passage) -> tuple[CitingPage, ...]:
    """Published pages that cite `passage` or link to it, each with the first heading that does."""
    with store.database.read() as connection:
        links = _to_passages(connection, _P.id == passage.id)
    meant = [each for each in store.wiki_links.to(("address",)) if _passage_in(each.target) == passage.id]
    return _pages(store, [*links, *meant])


def _passage_in(target: str) -> str:
    """The passage that an address leads to; empty where it leads to none."""
    found = _PASSAGE.fullmatch(unquote(urlsplit(target).path))
    return found["id"] if found else ""


def _to_passages(connection: Connection, wanted: ColumnElement[bool]) -> list[PlacedLink]:
    link = schema.playbook_links.c
    columns = link.page_id, link.language, link.kind, link.target, link.fragment, link.heading, link.ordinal
    rows = connection.execute(
        select(*columns)
        .join_from(schema.passages, schema.playbook_links, link.target == _P.id)
        .where(link.kind.in_(("cite", "passage")), wanted)
        .order_by(link.ordinal)
    )
    return [PlacedLink(*row[:-1]) for row in rows]


def _answers_for_work(store: Store, version: Version) -> bool:
    others = [each for each in store.versions.by_work(version.work_id) if each.id != version.id]
    return not any(each.status == "current" for each in others)


def _is_meant(target: str, version: Version, names: Collection[str]) -> bool:
    """Whether an address leads to `version`; `names` are the ids of its work that do, if any."""
    parts = urlsplit(target)
    found = _PERMANENT.fullmatch(unquote(parts.path))
    if found is None:
        return f"id={version.id}" in parts.query.split("&") and parts.path == "/document"
    if found["kind"] == "files":
        return found["first"] == version.id
    if found["second"]:
        return found["second"] == version.id
    return found["first"] in names


def _pages(store: Store, links: Sequence[PlacedLink]) -> tuple[CitingPage, ...]:
    """Published pages among those that `links` are of, each body with the first of its headings that has one."""
    if not links:
        return ()
    placed: dict[tuple[int, Language], dict[str, None]] = {}
    for link in links:
        placed.setdefault((link.page_id, link.language), {})[link.heading] = None
    pages = store.wiki.get_many({page_id for page_id, _ in placed})
    found = []
    for (page_id, language), linking in placed.items():
        page = pages[page_id]
        body = page.bodies.get(language)
        if body is None or not body.published or page.deleted_at:
            continue
        titles = {each.id: each.title for each in store.wiki_links.headings(page_id, language)}
        heading = next((each for each in ("", *titles) if each in linking), "")
        found.append(CitingPage(page.slug, language, body.title, heading, titles.get(heading, "")))
    return tuple(sorted(found, key=lambda each: (each.slug, each.language)))


def _names(document: Version, version: Version, names: Collection[str]) -> bool:
    """Whether `document` says that it replaces `version`, or its work by one of its `names`, or that it rests on it."""
    if document.metadata.supersedes in (version.id, *names):
        return True
    source = version.metadata.source_url.rstrip("/")
    return bool(source) and any(each.url.rstrip("/") == source for each in references_in(document.metadata.extra))
