"""Where the links in the text of a playbook page lead, for one reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb.html import addresses
from kb.i18n import Texts
from kb.playbook.pages import PlaybookPage
from kb.playbook.render import PageTarget, headings
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where links between playbook pages lead: to the screens, or (`permanent`) to the server-rendered pages."""

    permanent: bool = False

    def index(self, language: Language) -> str:
        """The list of pages."""
        return f"/playbook?lang={language}" if self.permanent else addresses.playbook_screen(language)

    def page(self, language: Language, slug: str, *, fragment: str = "") -> str:
        """One page, at a heading if named."""
        if not self.permanent:
            return addresses.playbook_screen(language, slug, fragment=fragment)
        return addresses.in_language(addresses.playbook_page(slug, fragment=fragment), language)


IN_THE_APP = Addresses()
PERMANENT = Addresses(permanent=True)


def no_page(_: str) -> PlaybookPage | None:
    """Finds nothing: every page is missing."""
    return None


@dataclass(frozen=True, slots=True)
class Links:
    """Resolves the links of a page for a reader of `t.language`; `find` gives the page of a slug, or None.

    `begin` is the address where a page that is missing can be begun; empty where nobody may.
    """

    t: Texts
    to: Addresses
    find: Callable[[str], PlaybookPage | None] = no_page
    begin: Callable[[str], str] = lambda _: ""

    def page(self, slug: str, fragment: str) -> PageTarget:
        """The page under its title. One that is missing is called by its slug."""
        found = self.find(slug)
        if found is None:
            return PageTarget(self.begin(slug), slug, fragment, is_missing=True)
        titles = {heading.id: heading.title for heading in headings(found.body)} if fragment else {}
        is_missing_heading = bool(fragment) and fragment not in titles
        return PageTarget(
            self.to.page(self.t.language, slug, fragment="" if is_missing_heading else fragment),
            found.title,
            titles.get(fragment, fragment),
            is_missing_heading=is_missing_heading,
            language=found.language,
        )

    def lead_to(self, address: str) -> str:
        """Readers stay in the language they read, also where only the address of the page they are on names it."""
        return addresses.in_language(address, self.t.language) if addresses.is_local(address) else address

    def search(self, query: str) -> str:
        """The search screen with `query`."""
        return addresses.screen(addresses.SEARCH, self.t.language, [("q", query)])

    def image_size(self, name: str) -> tuple[int, int] | None:
        """Not known."""
        return None
