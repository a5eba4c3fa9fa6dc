"""What refers to a document: shown before it is withdrawn, so that whoever does it knows what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kb.model.works import Version
from kb.text.language import Language


class WrittenPage(Protocol):
    """A page of the playbook, as far as links in it are concerned."""

    @property
    def slug(self) -> str:
        """Its name in its address."""

    @property
    def language(self) -> Language:
        """The language it is written in."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def body(self) -> str:
        """Its Markdown."""


@dataclass(frozen=True, slots=True)
class Citing:
    """What refers to one version.

    `pages` are pages of the playbook that link to it, `documents` those that name it as a source or as the edition they
    replace. `basket_items` counts its passages in `baskets` baskets of evidence.
    """

    pages: tuple[WrittenPage, ...] = ()
    documents: tuple[Version, ...] = ()
    baskets: int = 0
    basket_items: int = 0

    @property
    def count(self) -> int:
        """How many pages, documents and basket items there are."""
        return len(self.pages) + len(self.documents) + self.basket_items
