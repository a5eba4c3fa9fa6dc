"""What refers to a document: shown before it is withdrawn, so that whoever does it knows what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.works import Version
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class CitingPage:
    """A published page of the playbook that refers to a document, first under the heading `heading` ("": above all).

    `heading` is the id of the heading, `heading_title` are its words.
    """

    slug: str
    language: Language
    title: str
    heading: str
    heading_title: str = ""


@dataclass(frozen=True, slots=True)
class Citing:
    """What refers to one version.

    `pages` are pages of the playbook that link to it, `documents` those that name it as a source or as the edition they
    replace. `basket_items` counts its passages in `baskets` baskets of evidence.
    """

    pages: tuple[CitingPage, ...] = ()
    documents: tuple[Version, ...] = ()
    baskets: int = 0
    basket_items: int = 0

    @property
    def count(self) -> int:
        """How many pages, documents and basket items there are."""
        return len(self.pages) + len(self.documents) + self.basket_items
