"""Where the links in the text of a playbook page lead, for one reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kb.html import addresses
from kb.i18n import Texts
from kb.playbook.pages import Playbook
from kb.playbook.render import PageTarget
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


@dataclass(frozen=True, slots=True)
class Links:
    """Resolves the links of a page of `book` for a reader of `t.language`; `drifted` are passages it cites."""

    t: Texts
    to: Addresses
    book: Playbook
    drifted: Collection[str] = ()

    def page(self, slug: str, fragment: str) -> PageTarget:
        """The page under its title. One that is missing is called by its slug."""
        found = self.book.find(slug, self.t.language, fragment=fragment)
        if found is None:
            begin = addresses.writing(self.t.language, "new", parameters=[("slug", slug)])
            return PageTarget(begin, slug, fragment, is_missing=True)
        is_missing_heading = bool(fragment) and not found.heading
        return PageTarget(
            self.to.page(self.t.language, found.slug, fragment="" if is_missing_heading else fragment),
            found.title,
            found.heading or fragment,
            is_missing_heading=is_missing_heading,
            language=found.language,
        )

    def lead_to(self, address: str) -> str:
        """Readers stay in the language they read, also where only the address of the page they are on names it."""
        return addresses.in_language(address, self.t.language) if addresses.is_local(address) else address

    def search(self, query: str, day: str) -> str:
        """What was kept of that search."""
        return addresses.writing(self.t.language, "search", parameters=[("q", query), ("on", day)])

    def has_drifted(self, passage_id: str) -> bool:
        """Whether it is one of those."""
        return passage_id in self.drifted

    def image_size(self, name: str) -> tuple[int, int] | None:
        """As the playbook keeps it."""
        return self.book.image_size(name)
