"""Taking a document from readers and giving it back: both at once, with who and why, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select

from kb.errors import KeepingError, NotFoundError
from kb.ingest.editions import cover, is_covered, replaced_by, settle_editions, uncover, uncovered
from kb.model.withdrawals import Withdrawal
from kb.model.works import EditionStatus, Version
from kb.store import Store, audit, corrections, deletions, schema, versions, withdrawals
from kb.store.database import next_revision

_V = schema.versions.c

MOST_REASON_CHARACTERS = 2_000
MOST_NAME_CHARACTERS = 200


def withdraw(store: Store, version_id: str, *, by: str, reason: str) -> Withdrawal:
    """Withdraw a version: search and library leave it out from now on, its links say that it was withdrawn.

    Where it was the current edition, the one that it had replaced becomes the current one again.
    Raises `NotFoundError`, and `KeepingError` where it is withdrawn already or a name or a reason is missing.
    """
    by, reason = signed(by, reason)
    version = store.versions.get(version_id)
    if version.slug:
        raise KeepingError(
            "This is a page of the playbook.",
            remedy="Take its file out of the playbook instead.",
            reason="keeping-playbook",
        )
    with store.database.write() as connection:
        if (held := withdrawals.standing(connection, version_id)) is not None:
            raise KeepingError(
                f"“{version.title}” was already withdrawn by {held.withdrawn_by} on {held.withdrawn_at[:10]}.",
                remedy="Restore it, or delete it for good.",
                reason="keeping-withdrawn",
                title=version.title,
                by=held.withdrawn_by,
                date=held.withdrawn_at[:10],
            )
        status = _status(connection, version_id)
        made_current = uncover(connection, version_id) if status == "current" else ()
        withdrawal = withdrawals.begin(
            connection, version_id, reason=reason, by=by, former_status=status, made_current=made_current
        )
        versions.set_status(connection, version_id, "retired")
        audit.note(connection, "withdrawn", actor=by, subject=version_id, reason=reason, facts=told(version))
        next_revision(connection)
    return withdrawal


def restore(store: Store, version_id: str, *, by: str, reason: str = "") -> Version:
    """Undo a withdrawal; gives the version as it stands now.

    It becomes what it was, or superseded where a newer edition has come since; the editions that its withdrawal made
    current are superseded again. An older edition becomes current where what had replaced it is withdrawn meanwhile.
    Raises `NotFoundError`, and `KeepingError` where it is not withdrawn or no name is given.
    """
    by, reason = signed(by, reason, needs_reason=False)
    version = store.versions.get(version_id)
    with store.database.write() as connection:
        withdrawal = withdrawals.standing(connection, version_id)
        if withdrawal is None:
            raise not_withdrawn(version)
        covered = cover(connection, version_id)
        withdrawals.end(connection, version_id, by=by)
        covered = [*covered, *_settle_restored(connection, version, withdrawal)]
        settle_editions(connection, covered)
        audit.note(connection, "restored", actor=by, subject=version_id, reason=reason, facts=told(version))
        next_revision(connection)
    return store.versions.get(version_id)


def current_again(store: Store, version: Version) -> Sequence[Version]:
    """The older editions that become current where a version is withdrawn, or that have since it was."""
    with store.database.read() as connection:
        withdrawal = withdrawals.standing(connection, version.id)
        if withdrawal is not None:
            ids: Sequence[str] = withdrawal.made_current.split()
        else:
            ids = uncovered(connection, version.id) if version.status == "current" else ()
    held = store.versions.get_many(list(ids))
    return [held[each] for each in ids if each in held]


def allow(store: Store, version_id: str, *, by: str, reason: str) -> None:
    """Let the bytes of a version that was deleted for good be added again.

    Raises `NotFoundError` where no such version is refused, and `KeepingError` where a name or a reason is missing.
    """
    by, reason = signed(by, reason)
    with store.database.write() as connection:
        if not deletions.allow(connection, version_id):
            raise NotFoundError(
                f"No document {version_id} was deleted for good.",
                remedy="Look its number up in the list of changes: python -m kb audit.",
                reason="keeping-not-deleted",
                id=version_id,
            )
        audit.note(connection, "allowed", actor=by, subject=version_id, reason=reason)


def signed(by: str, reason: str, *, needs_reason: bool = True) -> tuple[str, str]:
    """Name and reason on one line each; raises `KeepingError` where one is missing or too long."""
    name, why = " ".join(by.split()), " ".join(reason.split())
    if not name:
        raise KeepingError(
            "It was not said who does this.",
            remedy="Give your name; it is kept with the change.",
            reason="keeping-name",
        )
    if needs_reason and not why:
        raise KeepingError(
            "It was not said why.", remedy="Give a reason; readers of old links see it.", reason="keeping-why"
        )
    if len(name) > MOST_NAME_CHARACTERS or len(why) > MOST_REASON_CHARACTERS:
        raise KeepingError(
            f"A name has at most {MOST_NAME_CHARACTERS} characters, a reason {MOST_REASON_CHARACTERS}.",
            remedy="Shorten them.",
            reason="keeping-long",
            name=MOST_NAME_CHARACTERS,
            why=MOST_REASON_CHARACTERS,
        )
    return name, why


def not_withdrawn(version: Version) -> KeepingError:
    """The refusal to restore or delete what readers still see."""
    return KeepingError(
        f"“{version.title}” is not withdrawn.",
        remedy="Withdraw it first.",
        reason="keeping-not-withdrawn",
        title=version.title,
    )


def told(version: Version) -> dict[str, str | int | float]:
    """What the audit trail keeps of a version."""
    return {
        "title": version.title,
        "work_id": version.work_id,
        "language": version.metadata.language,
        "published": version.metadata.published,
        "sha256": version.sha256,
    }


def _status(connection: Connection, version_id: str) -> EditionStatus:
    status: EditionStatus = connection.execute(select(_V.status).where(_V.id == version_id)).scalar_one()
    return status


def _settle_restored(connection: Connection, version: Version, withdrawal: Withdrawal) -> Sequence[str]:
    """Make a version what it is now that it is restored; gives the editions to settle after it."""
    if withdrawal.former_status == "current":
        came_since = and_(_V.work_id == version.work_id, _V.status == "current", _V.added_at > withdrawal.withdrawn_at)
        newer = select(_V.id).where(came_since, _V.language == version.metadata.language, _V.id != version.id)
        is_older = connection.execute(newer.limit(1)).first() or is_covered(connection, version.id, has_siblings=False)
        versions.set_status(connection, version.id, "superseded" if is_older else "current")
        return ()
    if withdrawal.former_status == "retired" and not corrections.is_replaced(connection, version.id):
        return ()
    versions.set_status(connection, version.id, "superseded")
    settled: list[str] = [version.id]
    concerned = [
        each.version_id
        for each in withdrawals.of_current(connection)
        if version.id in replaced_by(connection, each.version_id)
    ]
    for each in concerned:
        settled += cover(connection, each)
    for each in concerned:
        withdrawals.note_made_current(connection, each, uncover(connection, each))
    return settled
