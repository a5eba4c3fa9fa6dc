"""Evidence: passages that a reader has collected, each with what is known of it now."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.editions import Successor
from kb.model.fates import Fates
from kb.model.licences import allows_quotation
from kb.model.passages import Passage
from kb.model.withdrawals import Withdrawal
from kb.model.works import Version


@dataclass(frozen=True, slots=True)
class BasketItem:
    """One passage of a basket: the reader's note, what was searched for, and when it was collected (ISO 8601, UTC)."""

    passage_id: str
    note: str
    query: str
    retrieved_at: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """An item with the passage it names and what has become of it.

    `withdrawal` says that its document was withdrawn, `successor` what replaced the edition it is from.
    """

    item: BasketItem
    passage: Passage
    version: Version
    fates: Fates
    successor: Successor | None = None
    withdrawal: Withdrawal | None = None

    @property
    def may_be_quoted(self) -> bool:
        """Whether the words may be shown: those of a withdrawn document only where its licence is known to allow it."""
        return self.withdrawal is None or allows_quotation(self.version.metadata.licence)


@dataclass(frozen=True, slots=True)
class Lost:
    """An item whose passage is not held any more; `deleted_at` says when it was deleted, None where that is unknown."""

    item: BasketItem
    deleted_at: str | None = None
