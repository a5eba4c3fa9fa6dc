"""Deleting a document for good: its bytes, its words and all that was made from them, and no other document's."""

from __future__ import annotations

import contextlib
import logging
import shutil
import unicodedata

from kb.errors import IndexUnavailableError, KeepingError
from kb.index.builder import write_build
from kb.index.builds import Builds, read_manifest
from kb.ingest.editions import replaced_by, settle_replaced
from kb.ingest.publish import version_id_of
from kb.library.withdrawal import not_withdrawn, signed, told
from kb.model.withdrawals import Deletion
from kb.settings import Settings
from kb.store import Store, audit, deletions, withdrawals
from kb.store.database import next_revision

log = logging.getLogger(__name__)


def delete(settings: Settings, store: Store, version_id: str, *, title: str, by: str, reason: str) -> Deletion:
    """Delete a withdrawn version for good; `title` must be its own, so that nobody deletes another than they think.

    Bytes, pages, passages, receipts, uploads, vectors that no other document shares and pictures of pages go at once.
    The index holds it until `erase`, which takes as long as writing a build. What stays is a mark for each of its links
    and one row of the audit trail. Raises `NotFoundError`, and `KeepingError` where it is not withdrawn, the title is
    another, or an upload of it is on its way.
    """
    by, reason = signed(by, reason)
    version = store.versions.get(version_id)
    with store.database.write() as connection:
        if withdrawals.standing(connection, version_id) is None:
            raise not_withdrawn(version)
        if _plain(title) != _plain(version.title):
            raise KeepingError(
                "The title that was typed is not that of the document.",
                remedy=f"Type it as it stands here: {version.title}",
                reason="keeping-title",
                title=version.title,
            )
        if deletions.unfinished_jobs(connection, version.sha256):
            raise KeepingError(
                "An upload of the same file is on its way.",
                remedy="Wait until it has ended, then delete the document.",
                reason="keeping-busy",
            )
        replaced = replaced_by(connection, version_id)
        removed = deletions.delete_version(connection, version_id)
        settle_replaced(connection, replaced)
        facts = {**told(version), "passages": removed.passages, "size_bytes": version.size_bytes}
        audit.note(connection, "deleted", actor=by, subject=version_id, reason=reason, facts=facts)
        next_revision(connection)
    store.database.forget()
    store.files.remove(version.sha256)
    _forget_pictures(settings)
    return Deletion(version.id, version.title, removed.passages, removed.embeddings, version.size_bytes)


def erase(settings: Settings, store: Store) -> bool:
    """Remove from disk what deleted versions left there, their words in the index too; may be repeated.

    Gives whether nothing is left: False where the new index cannot be written, and the old one stays.
    """
    gone, refused = store.deletions.versions(), store.deletions.refused_versions()
    for sha256 in store.files.all():
        if version_id_of(sha256) in refused:
            store.files.remove(sha256)
    if gone:
        _forget_pictures(settings)
    builds = Builds(settings.index_path)
    current = builds.current()
    if current is not None and current in builds.holding(gone):
        try:
            write_build(store, builds, read_manifest(current).model_id)
        except IndexUnavailableError as error:
            log.error("The index was not made anew after a deletion: %s", error)
            return False
    for folder in builds.holding(gone):
        with contextlib.suppress(OSError):  # a reader may hold it open where open files cannot be removed
            shutil.rmtree(folder)
    return not builds.holding(gone)


def leftovers(settings: Settings, store: Store) -> list[str]:
    """Names of files and builds that still hold something of a deleted version."""
    gone, refused = store.deletions.versions(), store.deletions.refused_versions()
    files = [sha256[:12] for sha256 in sorted(store.files.all()) if version_id_of(sha256) in refused]
    return [*files, *(folder.name for folder in Builds(settings.index_path).holding(gone))]


def _forget_pictures(settings: Settings) -> None:
    """Remove the pictures of all pages: their names do not tell whose they are, and they are drawn again."""
    shutil.rmtree(settings.index_path / "pages", ignore_errors=True)


def _plain(title: str) -> str:
    """A title as it is compared: whoever types it cannot see which of several forms of a character it has."""
    return " ".join(unicodedata.normalize("NFKC", title).split()).casefold()
