"""Which edition is current: what a new file, a correction or a deletion makes of the editions beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, and_, or_, select

from kb.ingest.collections import UPLOADS
from kb.model.works import EditionStatus, Metadata, Version
from kb.store import corrections, schema, sources, versions, withdrawals
from kb.store.former_works import names_of, present_id

_V = schema.versions.c


def settle_place(connection: Connection, source: sources.Source, before: str) -> None:
    """Settle the status of the version that stands at a place now, and of the one that stood there before."""
    replaces = before not in ("", source.version_id)
    is_shown = withdrawals.standing(connection, before) is None
    if replaces and is_shown and not any(map(_keeps_current, sources.collections_of(connection, before))):
        versions.set_status(connection, before, "retired" if _is_page(connection, before) else "superseded")
    versions.set_status(connection, source.version_id, _status(connection, source.version_id, replaces=replaces))


def supersede_named(connection: Connection, version_id: str, metadata: Metadata) -> None:
    """Mark the editions that a version says it replaces: those in its own language."""
    named = metadata.supersedes
    if not named:
        return
    older = connection.scalars(
        select(_V.id).where(
            or_(_V.work_id == present_id(connection, named), _V.id == named),
            _V.status == "current",
            _V.language == metadata.language,
            _V.id != version_id,
        )
    ).all()
    for each in older:
        versions.set_status(connection, each, "superseded")


def settle_editions(connection: Connection, version_ids: Iterable[str]) -> None:
    """Settle the status of versions whose work, or what supersedes them, was corrected, in the order given.

    What was retired for another reason than being replaced stays so.
    """
    for version_id in version_ids:
        held = connection.execute(select(_V.status).where(_V.id == version_id)).one()
        if held.status != "retired":
            versions.set_status(connection, version_id, _status(connection, version_id, replaces=False))


def replaced_by(connection: Connection, version: Version) -> Sequence[str]:
    """Ids of the editions in the language of `version` that it replaced, by work or by what it says it supersedes."""
    named = version.metadata.supersedes
    same = or_(_V.work_id == version.work_id, _V.id == named, _V.work_id == present_id(connection, named))
    older = select(_V.id, _V.status).where(
        same, _V.language == version.metadata.language, _V.id != version.id, _V.status != "current"
    )
    return [
        row.id
        for row in connection.execute(older.order_by(_V.added_at.desc()))
        if row.status == "superseded" or corrections.is_replaced(connection, row.id)
    ]


def settle_replaced(connection: Connection, version_ids: Iterable[str]) -> None:
    """Settle editions whose successor was deleted: the newest that nothing else supersedes is current again."""
    for version_id in version_ids:
        versions.set_status(connection, version_id, "superseded")  # also what a better file had put out of search
        versions.set_status(connection, version_id, _status(connection, version_id, replaces=False))


def _is_page(connection: Connection, version_id: str) -> bool:
    """Whether a version is a page of the playbook: what it said before is in its history, and no edition to search."""
    return bool(connection.scalar(select(_V.slug).where(_V.id == version_id)))


def _keeps_current(collection: str) -> bool:
    """Whether a copy in `collection` keeps a version current that was replaced elsewhere.

    An upload does not, for nobody can replace it; nor does a folder that is not there any more, as when it was renamed.
    """
    root = Path(collection)
    return collection != UPLOADS and (not root.is_absolute() or root.exists())


def _status(connection: Connection, version_id: str, *, replaces: bool) -> EditionStatus:
    """`superseded` where an edition that is here says so, or where it was so and nothing `replaces` its successor.

    `retired` where that edition is a better file of the same one. What was withdrawn stays so, whoever adds its bytes
    again, and what stood behind it too: it may be restored.
    """
    if withdrawals.standing(connection, version_id) is not None:
        return "retired"
    held = connection.execute(select(_V.work_id, _V.language, _V.status).where(_V.id == version_id)).one()
    is_sibling = and_(_V.work_id == held.work_id, or_(_V.status == "current", _V.id.in_(withdrawals.were_current())))
    names = names_of(connection, held.work_id)
    replaces_work = and_(_V.supersedes.in_(names), or_(_V.work_id != held.work_id, _V.status == "current"))
    newer = or_(_V.supersedes == version_id, replaces_work)
    if held.status == "superseded" and not replaces:
        newer = or_(newer, is_sibling)
    found = select(_V.id).where(newer, _V.language == held.language, _V.id != version_id).limit(1)
    if connection.execute(found).first() is None:
        return "current"
    return "retired" if corrections.is_replaced(connection, version_id) else "superseded"
