"""Pages of the playbook: one page, a body in each language, revisions that are never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.text.language import Language

Stage = Literal["draft", "review", "published"]
"""How far the latest revision of a body is: being written, waiting to be read by others, or what everybody reads."""

Origin = Literal["starter", "import", "edit", "merge", "restore", "move"]
"""How a revision came about.

`starter`: a page that comes with the product. `import`: read from a folder. `edit`: written. `merge`: written while
somebody else saved, and joined with what they wrote. `restore`: an earlier text brought back. `move`: links rewritten
because another page has a new address.
"""

PageKind = Literal["page", "comparison"]
"""A page of text, or one whose heart is a table of topics by country."""


@dataclass(frozen=True, slots=True)
class Body:
    """The state of a page in one language.

    `latest` and `published` are numbers of revisions; `published` is 0 while nobody but writers can read it.
    `agrees_with` is the revision of the other language's body that this one was last said to agree with, 0 for none or
    one that is not held; `agreed_digest` is the digest of its text, empty for none.
    `title` to `updated` are those of the published revision, or of the latest where none is published; `review_on` and
    `updated` are ISO dates or empty.
    """

    language: Language
    latest: int
    published: int
    stage: Stage
    agrees_with: int
    agreed_digest: str
    title: str
    summary: str
    theme: str
    place: int
    kind: PageKind
    owner: str
    review_on: str
    updated: str


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page by its present `slug`. `archived_at` and `deleted_at` are moments, ISO 8601 in UTC, or empty."""

    id: int
    slug: str
    created_at: str
    archived_at: str
    deleted_at: str
    bodies: Mapping[Language, Body]

    def body(self, language: Language, *, unpublished: bool = False) -> Body | None:
        """The body in `language`, else in the other one, that readers see; with `unpublished` what writers see."""
        found = sorted(self.bodies.values(), key=lambda each: (not each.published, each.language != language))
        if unpublished:
            found.sort(key=lambda each: each.language != language)
        return next((each for each in found if each.published or unpublished), None)


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a body as it was saved: front matter and Markdown, to the byte.

    `number` counts from 1 within the body; `based_on` is the one it was made from, 0 for none. `made_at` is ISO 8601 in
    UTC; `summary` says why.
    """

    page_id: int
    language: Language
    number: int
    text: str
    author: str
    summary: str
    made_at: str
    based_on: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link of a page to the `target`, with the heading of the page it stands under ("" above the first).

    `kind` is `page` (target is a slug), `cite` or `passage` (target is a passage id, `cite` where it is a numbered
    note), or `address`.
    """

    page_id: int
    language: Language
    kind: str
    target: str
    fragment: str
    heading: str


@dataclass(frozen=True, slots=True)
class PageHeading:
    """A heading of a page: level from 2, words, and the id that addresses end with."""

    id: str
    level: int
    title: str
