"""Which edition is current: what files, corrections, withdrawals and deletions make of the editions beside theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from pathlib import Path

from sqlalchemy import Connection, and_, or_, select

from kb.ingest.collections import UPLOADS
from kb.model.works import EditionStatus, Metadata
from kb.store import corrections, schema, sources, versions, withdrawals
from kb.store.former_works import names_of, present_id

_V = schema.versions.c


def settle_place(connection: Connection, source: sources.Source, before: str) -> None:
    """Settle the status of the version that stands at a place now, and of the one that stood there before."""
    replaces = before not in ("", source.version_id)
    is_shown = withdrawals.standing(connection, before) is None
    if replaces and is_shown and not any(map(_keeps_current, sources.collections_of(connection, before))):
        versions.set_status(connection, before, "retired" if _is_page(connection, before) else "superseded")
    covered = cover(connection, before) if replaces and not is_shown else ()
    versions.set_status(connection, source.version_id, _status(connection, source.version_id, replaces=replaces))
    settle_editions(connection, covered)


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


def replaced_by(connection: Connection, version_id: str) -> Sequence[str]:
    """Ids of the editions that a version replaced, by work or by what it says it supersedes; in its language, newest
    first.

    What was withdrawn is none of them, but those that it had replaced are.
    """
    return [each for _, _, each in sorted(_replaced(connection, version_id, set()), reverse=True)]


def uncovered(connection: Connection, version_id: str) -> Sequence[str]:
    """Ids of the older editions that become current where a version that is current is withdrawn."""
    found: list[str] = []
    for each in replaced_by(connection, version_id):
        if not is_covered(connection, each, has_siblings=True, seen={version_id}, siblings=found):
            found.append(each)
    return found


def uncover(connection: Connection, version_id: str) -> Sequence[str]:
    """Make those of `uncovered` current; gives their ids."""
    found = uncovered(connection, version_id)
    for each in found:
        versions.set_status(connection, each, "current")
    return found


def cover(connection: Connection, version_id: str) -> Sequence[str]:
    """Make the editions superseded that the withdrawal of a version made current; gives those that readers may see.

    They are to be settled once it is known what stands before them. One that is withdrawn itself will be an older
    edition when it is restored, and so will those that its own withdrawal made current.
    """
    withdrawal = withdrawals.standing(connection, version_id)
    made_current = withdrawal.made_current.split() if withdrawal else []
    withdrawals.note_made_current(connection, version_id, [])
    shown: list[str] = []
    for each in connection.scalars(select(_V.id).where(_V.id.in_(made_current))).all():
        if withdrawals.standing(connection, each) is not None:
            withdrawals.note_superseded(connection, each)
            shown += cover(connection, each)
        else:
            versions.set_status(connection, each, "superseded")
            shown.append(each)
    return shown


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
    again.
    """
    if withdrawals.standing(connection, version_id) is not None:
        return "retired"
    before = connection.execute(select(_V.status).where(_V.id == version_id)).scalar_one()
    if not is_covered(connection, version_id, has_siblings=before == "superseded" and not replaces):
        return "current"
    return "retired" if corrections.is_replaced(connection, version_id) else "superseded"


def is_covered(
    connection: Connection,
    version_id: str,
    *,
    has_siblings: bool,
    seen: Set[str] = frozenset(),
    siblings: Collection[str] = (),
) -> bool:
    """Whether another edition stands before a version: one that names it or, where it `has_siblings`, a current one.

    What was withdrawn stands before it only where it had been replaced itself and is still. Versions that were `seen`
    count as withdrawn, `siblings` as current.
    """
    held = connection.execute(select(_V.work_id, _V.language).where(_V.id == version_id)).one()
    is_current = or_(_V.status == "current", _V.id.in_(siblings))
    replaces_work = and_(
        _V.supersedes.in_(names_of(connection, held.work_id)), or_(_V.work_id != held.work_id, is_current)
    )
    newer = or_(_V.supersedes == version_id, replaces_work)
    if has_siblings:
        newer = or_(newer, and_(_V.work_id == held.work_id, is_current))
    wanted = (newer, _V.language == held.language, _V.id != version_id, _V.id.not_in(seen))
    for other in connection.scalars(select(_V.id).where(*wanted)).all():
        withdrawal = withdrawals.standing(connection, other)
        if withdrawal is None:
            return True
        if withdrawal.former_status != "current" and is_covered(
            connection, other, has_siblings=True, seen={*seen, version_id}, siblings=siblings
        ):
            return True
    return False


def _replaced(connection: Connection, version_id: str, seen: Set[str]) -> Iterator[tuple[str, str, str]]:
    """As `replaced_by`, in no order: when each was published and added, and its id."""
    own = connection.execute(select(_V.work_id, _V.language, _V.supersedes).where(_V.id == version_id)).one()
    same = or_(_V.work_id == own.work_id, _V.id == own.supersedes, _V.work_id == present_id(connection, own.supersedes))
    seen = {*seen, version_id}
    older = select(_V.id, _V.published, _V.added_at, _V.status).where(
        same, _V.language == own.language, _V.id.not_in(seen), _V.status != "current"
    )
    rows = connection.execute(older).all()
    seen |= {row.id for row in rows}
    for row in rows:
        if withdrawals.standing(connection, row.id) is not None:
            yield from _replaced(connection, row.id, seen)
        elif row.status == "superseded" or corrections.is_replaced(connection, row.id):
            yield row.published, row.added_at, row.id
