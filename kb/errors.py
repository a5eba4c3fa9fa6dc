"""Every failure kb raises on purpose.

KbError                       caught as such in two places only: the page boundary and the command line
├── SettingsError             settings missing or contradictory
├── ModelError                the embedding model is missing, altered or not what it says
├── UnreadableDocumentError   one file could not be read; the others go on
│   ├── EmptyFileError        no bytes at all
│   ├── WrongTypeError        the bytes are not what the name says, or of a kind we do not read
│   ├── DamagedFileError      the right kind of file, but broken beyond reading
│   ├── EncryptedPdfError     needs a password
│   ├── NoTextLayerError      pictures of words
│   ├── GarbledTextError      a text layer whose characters mean nothing
│   ├── LimitExceededError    too many pages, too large, too long or too much memory to read
│   ├── WithdrawnError        the library held this document, and it was withdrawn
│   └── DeletedError          the library held this document, and it was deleted for good
├── FetchError                a publication could not be fetched; the others go on
│   └── FetchRefusedError     we may not fetch it, or it is not what it should be
├── UploadError               files that did not arrive, or could not be kept
├── ManifestError             a manifest or catalogue that cannot be understood
├── QueryError                a query nothing can be searched with
├── IndexUnavailableError     there is nothing to search, or not yet
├── LibraryVersionError       the library was written by a newer release
├── BasketError               a passage or a note cannot be kept in a basket of evidence
├── PictureError              a page cannot be shown as a picture, or not now
├── KeepingError              a document cannot be withdrawn, restored or deleted as asked
├── PlaybookError             a page of the playbook cannot be changed as asked
│   └── EditConflictError     somebody else changed the same words of the page meanwhile
├── ArchiveError              an export or a backup that cannot be made, or cannot be trusted
└── NotFoundError             no such work, version, page or passage

An error carries a `code`: the key of its sentence and its remedy in the catalogue of texts (`error.<code>` and
`error.<code>.remedy`), and `facts`, the values those sentences name. `str(error)` is the English sentence, so that a
log line or a traceback can be read without the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class KbError(Exception):
    """A failure with a sentence for the reader and a remedy.

    `facts` are the values named in the sentence; they must be plain `str`, `int` or `float`.
    """

    code: ClassVar[str] = "unexpected"

    def __init__(self, message: str = "", *, remedy: str = "", **facts: str | int | float) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip() or self.code


class SettingsError(KbError):
    """A setting is missing, malformed or contradicts another."""

    code = "settings"


class ModelError(KbError):
    """The embedding model is missing, altered or does not behave as it must."""

    code = "model"


class UnreadableDocumentError(KbError):
    """One file could not be read; nothing else is affected."""

    code = "unreadable"


class EmptyFileError(UnreadableDocumentError):
    """The file holds no bytes, or no words."""

    code = "empty-file"


class WrongTypeError(UnreadableDocumentError):
    """The bytes are not of the kind the name promises, or of a kind that is not read here."""

    code = "wrong-type"


class DamagedFileError(UnreadableDocumentError):
    """The right kind of file, but broken beyond reading."""

    code = "damaged"


class EncryptedPdfError(UnreadableDocumentError):
    """The file opens only with a password."""

    code = "encrypted"


class NoTextLayerError(UnreadableDocumentError):
    """The pages are pictures: there are no characters to search."""

    code = "no-text-layer"


class GarbledTextError(UnreadableDocumentError):
    """The text layer holds characters that mean nothing."""

    code = "garbled"


class LimitExceededError(UnreadableDocumentError):
    """Reading would need more pages, bytes, time or memory than is allowed."""

    code = "limit"


class WithdrawnError(UnreadableDocumentError):
    """The library held this document and it was withdrawn: adding it again does not bring it back."""

    code = "withdrawn"


class DeletedError(UnreadableDocumentError):
    """The library held this document and it was deleted for good: it is not taken in again."""

    code = "deleted"


class FetchError(KbError):
    """One official publication could not be fetched; nothing else is affected."""

    code = "fetch"


class FetchRefusedError(FetchError):
    """A publication that we may not fetch, or whose bytes are not what the catalogue says."""

    code = "fetch-refused"


class UploadError(KbError):
    """Files that did not arrive as they should, or that could not be kept; those that arrived are safe."""

    code = "upload"


class ManifestError(KbError):
    """A manifest, catalogue or front matter that cannot be understood."""

    code = "manifest"


class QueryError(KbError):
    """The query holds nothing that can be searched for."""

    code = "query"


class IndexUnavailableError(KbError):
    """There is nothing to search, or nothing to search yet."""

    code = "index-unavailable"


class LibraryVersionError(KbError):
    """The library was written by a newer release than this one."""

    code = "library-version"


class PictureError(KbError):
    """A page cannot be shown as a picture, or not now."""

    code = "picture"


class BasketError(KbError):
    """A basket of evidence cannot be changed as asked; it is as it was."""

    code = "basket"


class KeepingError(KbError):
    """A document cannot be withdrawn, restored or deleted as it was asked; nothing has changed."""

    code = "keeping"


class PlaybookError(KbError):
    """A page of the playbook cannot be written, moved or deleted as it was asked; nothing has changed."""

    code = "playbook"


class EditConflictError(PlaybookError):
    """Somebody else changed the same words of a page meanwhile; `latest` is the number of their revision.

    `text` is the whole page with what both agree on joined and both wordings of everything else, one after the other;
    of values of the front matter it has those of whoever saves, and `values` are the others.
    """

    code = "edit-conflict"

    def __init__(
        self,
        message: str = "",
        *,
        text: str,
        latest: int,
        values: Mapping[str, str],
        remedy: str = "",
        **facts: str | int | float,
    ) -> None:
        super().__init__(message, remedy=remedy, **facts)
        self.text = text
        self.latest = latest
        self.values = values


class ArchiveError(KbError):
    """An export or a backup that cannot be made, is damaged, or is not what it says; nothing has changed."""

    code = "archive"


class NotFoundError(KbError):
    """No such work, version, page, passage or playbook page."""

    code = "not-found"
