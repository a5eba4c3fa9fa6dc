"""What a page has to ask of the outside while it is rendered: where links lead and how large images are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from kb.i18n import Texts


@dataclass(frozen=True, slots=True)
class PageTarget:
    """Where a link to a page leads. Without `href` it leads nowhere and is shown as words.

    `heading` is the title of the heading it names, `language` that of both titles where it is not the page's own.
    """

    href: str
    title: str
    heading: str = ""
    is_missing: bool = False
    is_missing_heading: bool = False
    language: str = ""


class Resolver(Protocol):
    """Answers for one page, in the language of its reader."""

    def page(self, slug: str, fragment: str) -> PageTarget:
        """The page `slug`, at the heading `fragment` where that is not empty."""

    def lead_to(self, address: str) -> str:
        """Where a link leads that says `address`."""

    def search(self, query: str, day: str) -> str:
        """Address of what a search for `query` found on a day, ISO 8601."""

    def has_drifted(self, passage_id: str) -> bool:
        """Whether a passage that the page cites stands otherwise than when the page was last checked."""

    def image_size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels of an image of ours, such as `0123456789abcdef.png`, where they are known."""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Resolves without looking: every page is taken to be there under its slug."""

    def page(self, slug: str, fragment: str) -> PageTarget:
        """The permanent address of the page."""
        return PageTarget(f"/playbook/{quote(slug)}" + (f"#{quote(fragment)}" if fragment else ""), slug, fragment)

    def lead_to(self, address: str) -> str:
        """The address itself."""
        return address

    def search(self, query: str, day: str) -> str:
        """The search that was kept, in the language of the browser."""
        return f"/pages/search?q={quote(query, safe='')}&on={day}"

    def has_drifted(self, passage_id: str) -> bool:
        """Not known."""
        return False

    def image_size(self, name: str) -> tuple[int, int] | None:
        """Not known."""
        return None


AS_WRITTEN = AsWritten()
ENGLISH = Texts("en")
"""What a page is rendered with where only its headings or words are wanted."""
