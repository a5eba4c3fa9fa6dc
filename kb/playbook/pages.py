"""Pages of the playbook as they lie in the corpus: `playbook/<language>/<slug>.md`, front matter and Markdown."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb.errors import ManifestError, NotFoundError
from kb.text.language import LANGUAGES, Language

log = logging.getLogger(__name__)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
_FRONT_MATTER = re.compile(r"---\n(?P<front>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_LAST = 1_000


@dataclass(frozen=True, slots=True)
class PlaybookPage:
    """One page in one language. `order` places it among the others; `updated` is an ISO date or empty."""

    slug: str
    language: Language
    title: str
    summary: str
    theme: str
    order: int
    updated: str
    body: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """The playbook under `folder`; pages are read when asked for, so an edited file shows at once."""

    folder: Path

    def page(self, slug: str, language: Language) -> PlaybookPage:
        """The page in `language`, or in the other one where it is not translated; raises `NotFoundError`."""
        if _SLUG.fullmatch(slug):
            for each in sorted(LANGUAGES, key=lambda other: other != language):
                file = self.folder / each / f"{slug}.md"
                if file.is_file():
                    return read_page(file, slug, each)
        raise NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)

    def find(self, slug: str, language: Language) -> PlaybookPage | None:
        """The page as `page` gives it; None where there is none that can be read."""
        try:
            return self.page(slug, language)
        except (NotFoundError, ManifestError):
            return None

    def languages(self, slug: str) -> Sequence[Language]:
        """Languages the page is written in."""
        return [each for each in LANGUAGES if _SLUG.fullmatch(slug) and (self.folder / each / f"{slug}.md").is_file()]

    def pages(self, language: Language) -> Sequence[PlaybookPage]:
        """Every page that can be read, in `language` where it is written in it, in order."""
        slugs = {
            file.relative_to(self.folder / each).with_suffix("").as_posix()
            for each in LANGUAGES
            for file in (self.folder / each).rglob("*.md")
        }
        found: list[PlaybookPage] = []
        for slug in filter(_SLUG.fullmatch, slugs):
            try:
                found.append(self.page(slug, language))
            except ManifestError as error:
                log.warning("%s", error)
        return sorted(found, key=lambda page: (page.order, page.title))

    def themes(self, language: Language) -> Sequence[tuple[str, Sequence[PlaybookPage]]]:
        """Pages under their themes; a theme stands where its first page does."""
        themes: dict[str, list[PlaybookPage]] = {}
        for page in self.pages(language):
            themes.setdefault(page.theme, []).append(page)
        return list(themes.items())


def read_page(file: Path, slug: str, language: Language) -> PlaybookPage:
    """The page in `file`; raises `ManifestError` where its front matter cannot be understood."""
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    match = _FRONT_MATTER.fullmatch(text)
    front = _front_matter(match["front"], slug) if match else {}
    order = front.get("order", _LAST)
    return PlaybookPage(
        slug=slug,
        language=language,
        title=str(front.get("title") or slug),
        summary=str(front.get("summary") or ""),
        theme=str(front.get("theme") or ""),
        order=order if isinstance(order, int) else _LAST,
        updated=str(front.get("updated") or ""),
        body=match["body"] if match else text,
    )


def _front_matter(text: str, slug: str) -> Mapping[str, object]:
    try:
        front = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ManifestError(
            f"The front matter of the playbook page {slug} cannot be read.",
            remedy="Correct the lines between the two rows of hyphens.",
            path=slug,
            detail=str(error),
        ) from error
    return front if isinstance(front, dict) else {}
