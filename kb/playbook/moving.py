"""Another address for a page, with every link to it rewritten; archiving, deleting and bringing back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from kb.errors import NotFoundError, PlaybookError
from kb.model.playbook import Body, WikiPage
from kb.playbook.links import renamed
from kb.playbook.saving import publish_body, require_living, signed, taken
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.store import Store, audit
from kb.store.database import now
from kb.store.revisions import add_revision, digest, revision_of
from kb.store.wiki_links import linking_bodies
from kb.store.wiki_pages import bodies_in, page_at, redirects_of, set_body, set_page, set_slug
from kb.text.language import Language, other_language


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move has done: `rewritten` are the bodies whose links were changed, as slug and language."""

    slug: str
    rewritten: tuple[tuple[str, Language], ...]


def move(store: Store, slug: str, to: str, *, author: str) -> Moved:
    """Give a page the address `to`. Its former ones lead to it, and links of other pages name the new one.

    Raises `PlaybookError` where `to` is no address or has a page already; nothing has changed then.
    """
    name = signed(author)
    if not is_slug(to):
        raise PlaybookError(
            "The address of the page cannot be used.",
            remedy="Use small letters from a to z, digits and hyphens.",
            reason="playbook-slug",
        )
    with store.database.write() as connection:
        page = _living(connection, slug)
        there = page_at(connection, to)
        if there is not None and (there.id != page.id or to == page.slug):
            raise taken(there.slug)
        former = [page.slug, *redirects_of(connection, page.id)]
        set_slug(connection, page, to)
        audit.note(connection, "page-moved", actor=name, subject=to, facts={"from": page.slug})
        rewritten = _rewritten(connection, former, to, author=name)
    return Moved(to, rewritten)


def archive(store: Store, slug: str, *, author: str, reason: str = "") -> None:
    """Take a page out of the lists; its address still answers."""
    _set(store, slug, "page-archived", author, reason, archived_at=now())


def delete(store: Store, slug: str, *, author: str, reason: str = "") -> None:
    """Take a page away; its revisions stay, so that it can be brought back."""
    _set(store, slug, "page-deleted", author, reason, deleted_at=now())


def bring_back(store: Store, slug: str, *, author: str, reason: str = "") -> None:
    """Undo `archive` and `delete`."""
    _set(store, slug, "page-restored", author, reason, archived_at="", deleted_at="")


def _set(store: Store, slug: str, action: str, author: str, reason: str, **values: str) -> None:
    name = signed(author)
    with store.database.write() as connection:
        page = page_at(connection, slug)
        if page is None:
            raise _unknown(slug)
        set_page(connection, page.id, **values)
        audit.note(connection, action, actor=name, subject=page.slug, reason=reason)


def _living(connection: Connection, slug: str) -> WikiPage:
    page = page_at(connection, slug)
    if page is None:
        raise _unknown(slug)
    require_living(page)
    return page


def _unknown(slug: str) -> NotFoundError:
    return NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)


def _rewritten(connection: Connection, former: list[str], to: str, *, author: str) -> tuple[tuple[str, Language], ...]:
    """Give every body that links to a `former` address a revision that links to the new one."""
    done = []
    for slug, page_id, language in linking_bodies(connection, former):
        body = bodies_in(connection, page_id)[language]
        source = Source.read(revision_of(connection, page_id, language, body.latest).text)
        markdown = source.body
        for each in former:
            markdown = renamed(markdown, each, to)
        if markdown == source.body:
            continue
        text = source.with_body(markdown).text
        number = body.latest + 1
        add_revision(
            connection,
            *(page_id, language, number, text),
            author=author,
            summary=f"{former[0]} → {to}",
            based_on=body.latest,
            origin="move",
        )
        _keep_agreement(connection, page_id, body, number, text)
        is_shown = body.published == body.latest
        moved = replace(body, latest=number, published=number if is_shown else body.published)
        publish_body(connection, page_id, moved, text=text if is_shown else None)
        done.append((slug, language))
    return tuple(done)


def _keep_agreement(connection: Connection, page_id: int, body: Body, number: int, text: str) -> None:
    """A translation that agreed with a body agrees with it still when only its links were rewritten."""
    other = bodies_in(connection, page_id).get(other_language(body.language))
    if other is not None and other.agrees_with == body.latest:
        set_body(connection, page_id, replace(other, agrees_with=number, agreed_digest=digest(text)))
