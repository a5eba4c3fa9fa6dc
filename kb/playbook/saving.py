"""Saving a page: a new revision, joined with what others saved meanwhile; publishing; bringing back an earlier text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from kb.errors import EditConflictError, NotFoundError, PlaybookError
from kb.model.playbook import Body, Origin, Stage, WikiPage
from kb.playbook import derived
from kb.playbook.drift import note_cited
from kb.playbook.headings import with_ids
from kb.playbook.merge import merge, merge_values
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.store import Store, audit
from kb.store.citation_checks import forget_checks
from kb.store.revisions import add_revision, digest, revision_of
from kb.store.wiki_links import cited_in, headings_in
from kb.store.wiki_pages import add_page, bodies_in, note_changed, page_at, set_body
from kb.text.language import Language, other_language
from kb.text.normalise import one_line

MOST_CHARACTERS = 500_000
"""Of a page, front matter and all."""
MOST_NAME_CHARACTERS = 100
MOST_SUMMARY_CHARACTERS = 500
MOST_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants saved: the whole `text` of a body, made from revision `based_on` (0: there was none).

    `agrees` says that the body now says the same as the other language's.
    """

    slug: str
    language: Language
    text: str
    based_on: int
    author: str
    summary: str = ""
    stage: Stage = "published"
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """Where an edit stands now. `merged` says that it was joined with what somebody else saved meanwhile."""

    page_id: int
    slug: str
    number: int
    merged: bool = False


def save(store: Store, edit: Edit) -> Saved:
    """Add a revision, or none where the latest says just this already.

    Raises `EditConflictError` where somebody else changed the same words since `based_on`, and `PlaybookError` for what
    cannot be saved; nothing has changed then.
    """
    author, summary = signed(edit.author), one_line(edit.summary)[:MOST_SUMMARY_CHARACTERS]
    text = _written(edit)
    with store.database.write() as connection:
        page = page_at(connection, edit.slug)
        require_living(page)
        if page is not None and page.slug != edit.slug and not edit.based_on:
            raise taken(page.slug)
        page_id = page.id if page else add_page(connection, edit.slug)
        before = page.bodies.get(edit.language) if page else None
        others = headings_in(connection, page_id, other_language(edit.language))
        source = Source.read(text)
        text = source.with_body(with_ids(source.body, others)).text
        merged = False
        if before is not None and before.latest != edit.based_on:
            text, merged = _joined(connection, page_id, edit, text, before.latest), True
        number = _added(connection, page_id, edit, text, before, author, summary, merged)
        body = _body(before, edit, number)
        shown = text if body.published == number or not body.published else None
        cited = publish_body(connection, page_id, body, text=shown)
        if edit.agrees:
            agree(connection, page_id, written=edit.language)
    note_cited(store, page_id, edit.language, cited, by=author)
    return Saved(page_id, page.slug if page else edit.slug, number, merged)


def publish(store: Store, slug: str, language: Language, *, stage: Stage) -> None:
    """Set how far the latest revision of a body is; one that is `published` is what readers see from now on."""
    with store.database.write() as connection:
        page = page_at(connection, slug)
        require_living(page)
        body = page.bodies.get(language) if page else None
        if page is None or body is None:
            raise NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)
        published = body.latest if stage == "published" else body.published
        revision = revision_of(connection, page.id, language, body.latest)
        text = revision.text if stage == "published" else None
        cited = publish_body(connection, page.id, replace(body, stage=stage, published=published), text=text)
    note_cited(store, page.id, language, cited, by=revision.author, seen_at=revision.made_at)


def restore_revision(
    store: Store, slug: str, language: Language, number: int, *, author: str, summary: str = ""
) -> Saved:
    """Bring back the text of an earlier revision as a new one that readers see."""
    name = signed(author)
    with store.database.write() as connection:
        page = page_at(connection, slug)
        require_living(page)
        body = page.bodies.get(language) if page else None
        if page is None or body is None:
            raise NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)
        text = revision_of(connection, page.id, language, number).text
        new = body.latest + 1
        add_revision(
            connection,
            *(page.id, language, new, text),
            author=name,
            summary=one_line(summary)[:MOST_SUMMARY_CHARACTERS],
            based_on=number,
            origin="restore",
        )
        restored = replace(body, latest=new, published=new, stage="published")
        cited = publish_body(connection, page.id, restored, text=text)
    note_cited(store, page.id, language, cited, by=name)
    return Saved(page.id, page.slug, new)


def say_agreed(store: Store, slug: str, *, author: str) -> None:
    """Keep that somebody has compared both bodies of a page, and that they say the same as they stand now."""
    name = signed(author)
    with store.database.write() as connection:
        page = page_at(connection, slug)
        require_living(page)
        if page is not None:
            agree(connection, page.id)
            audit.note(connection, "page-agreed", actor=name, subject=page.slug)


def agree(connection: Connection, page_id: int, *, written: Language | None = None) -> None:
    """Note that both bodies of a page say the same: as readers see them, and the one just `written` as it was saved."""
    bodies = bodies_in(connection, page_id)
    if len(bodies) < 2:
        return
    for language, body in bodies.items():
        other = bodies[other_language(language)]
        number = other.latest if other.language == written or not other.published else other.published
        text = revision_of(connection, page_id, other.language, number).text
        set_body(connection, page_id, replace(body, agrees_with=number, agreed_digest=digest(text)))


def publish_body(connection: Connection, page_id: int, body: Body, *, text: str | None) -> Collection[str]:
    """Keep the state of a body; where `text` is what is shown of it from now on, with all that follows from it.

    Gives the passages that readers find cited in it for the first time: `note_cited` is for whoever has seen them.
    """
    before = cited_in(connection, page_id, body.language)
    if text is not None:
        body = replace(body, **derived.described(Source.read(text)))
        derived.replace_text(connection, page_id, body.language, Source.read(text).body)
        if body.published:
            note_changed(connection)
    set_body(connection, page_id, body)
    after = cited_in(connection, page_id, body.language)
    if before - after:
        forget_checks(connection, page_id, body.language, kept=after)
    return after - before


def signed(author: str) -> str:
    """The name of whoever changes something; raises `PlaybookError` where there is none."""
    name = one_line(author)
    if not name or len(name) > MOST_NAME_CHARACTERS:
        raise PlaybookError("Your name is missing.", remedy="Enter it below the text.", reason="playbook-name")
    return name


def require_living(page: WikiPage | None) -> None:
    """Raise `PlaybookError` for a page that was deleted."""
    if page is not None and page.deleted_at:
        raise PlaybookError(
            "This page was deleted.", remedy="Restore it first.", reason="playbook-deleted", slug=page.slug
        )


def taken(slug: str) -> PlaybookError:
    """An address that leads to a page already, the one at `slug`."""
    return PlaybookError(
        "This address leads to a page already.", remedy="Choose another one.", reason="playbook-taken", slug=slug
    )


def _written(edit: Edit) -> str:
    """The text of an edit, checked; lines end with one character, as browsers do not agree."""
    text = edit.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not is_slug(edit.slug):
        raise PlaybookError(
            "The address of the page cannot be used.",
            remedy="Use small letters from a to z, digits and hyphens.",
            reason="playbook-slug",
        )
    if len(text) > MOST_CHARACTERS:
        raise PlaybookError(
            "The page is too long.", remedy="Divide it.", reason="playbook-long", most=MOST_CHARACTERS, length=len(text)
        )
    title = one_line(Source.read(text).one("title"))
    if not title or len(title) > MOST_TITLE_CHARACTERS:
        raise PlaybookError("The page has no title.", remedy="Enter one.", reason="playbook-title")
    return text if text.endswith("\n") else f"{text}\n"


def _joined(connection: Connection, page_id: int, edit: Edit, text: str, latest: int) -> str:
    base = _source(connection, page_id, edit.language, edit.based_on)
    mine, theirs = Source.read(text), _source(connection, page_id, edit.language, latest)
    values, conflicts = merge_values(_lasting(base), _lasting(mine), _lasting(theirs))
    merged = merge(base.body, mine.body, theirs.body)
    if merged.is_clean and not conflicts:
        return theirs.with_values(_changed(theirs, values)).with_body(merged.text).text
    both = theirs.with_values(_changed(theirs, values))
    raise EditConflictError(
        "Somebody else changed the same words while you were writing.",
        remedy="Both wordings are below: keep what should stay and save again.",
        text=both.with_body(merged.with_both()).text,
        latest=latest,
        values={each.name: each.theirs or "" for each in conflicts},
    )


def _changed(source: Source, values: Mapping[str, str]) -> Mapping[str, str]:
    """What must be set for `source` to have `values`."""
    gone = dict.fromkeys(_lasting(source).keys() - values.keys(), "")
    return {**gone, **{name: value for name, value in values.items() if source.one(name) != value}}


def _lasting(source: Source) -> Mapping[str, str]:
    """Values of the front matter that people decide on; the day of the last change is none."""
    return {name: value for name, value in source.fields.items() if name != "updated"}


def _source(connection: Connection, page_id: int, language: Language, number: int) -> Source:
    return Source.read(revision_of(connection, page_id, language, number).text if number else "")


def _added(
    connection: Connection,
    page_id: int,
    edit: Edit,
    text: str,
    before: Body | None,
    author: str,
    summary: str,
    merged: bool,
) -> int:
    """The number of the revision that holds `text`: a new one, or the latest where it is the same."""
    latest = before.latest if before else 0
    if latest and revision_of(connection, page_id, edit.language, latest).text == text:
        return latest
    origin: Origin = "merge" if merged else "edit"
    add_revision(
        connection,
        *(page_id, edit.language, latest + 1, text),
        author=author,
        summary=summary,
        based_on=edit.based_on,
        origin=origin,
    )
    return latest + 1


def _body(before: Body | None, edit: Edit, number: int) -> Body:
    published = number if edit.stage == "published" else before.published if before else 0
    if before is None:
        return derived.new_body(edit.language, number, published, edit.stage)
    return replace(before, latest=number, published=published, stage=edit.stage)
