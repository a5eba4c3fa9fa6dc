"""What may be taken in: not what was withdrawn or deleted, until somebody decides so by name."""

from __future__ import annotations

from kb.errors import DeletedError, WithdrawnError
from kb.store import Store


def require_admitted(store: Store, version_id: str) -> None:
    """Raise `WithdrawnError` or `DeletedError` where the library no longer takes in the version with this id."""
    if (withdrawal := store.withdrawals.standing(version_id)) is not None:
        title = store.versions.get(version_id).title
        raise WithdrawnError(
            f"“{title}” was withdrawn by {withdrawal.withdrawn_by} on {withdrawal.withdrawn_at[:10]}:"
            f" {withdrawal.reason}",
            remedy=f"To bring it back, restore it: python -m kb restore-document {version_id}.",
            reason="withdrawn-by",
            version_id=version_id,
            title=title,
            by=withdrawal.withdrawn_by,
            date=withdrawal.withdrawn_at[:10],
            why=withdrawal.reason,
        )
    if store.deletions.refused(version_id):
        raise deleted(version_id)


def deleted(version_id: str) -> DeletedError:
    """The refusal of bytes that were deleted for good."""
    return DeletedError(
        "This document was deleted for good.",
        remedy=f"To take it in again, allow it first: python -m kb allow {version_id}.",
        version_id=version_id,
    )
