"""A library for tests of the screens: a real store with a few documents, and word search in place of the model."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import IndexUnavailableError, KbError, QueryError
from kb.library.pictures import Pictures
from kb.model.hits import Filters, Hit, Query, Ranking, SearchResult, Why
from kb.model.passages import Page, Passage, PlacedHeading
from kb.model.works import Metadata, Version
from kb.playbook.folder import bring_in_starters
from kb.settings import Settings
from kb.store import Store
from kb.store.database import next_revision
from kb.store.pages import replace_pages
from kb.store.passages import replace_passages
from kb.store.versions import insert_version, set_counts
from kb.text.language import Language, language_of

_WORD = re.compile(r"[a-z]{3,}|[\u30a1-\u30fa\u30fc]{2,}|[\u4e00-\u9fff]{2,}")


@dataclass
class Readiness:
    state: str = "ready"
    error: KbError | None = None


@dataclass
class StandIn:
    """Has the shape of `kb.app.Kakehashi` as the screens use it."""

    settings: Settings
    readiness: Readiness = field(default_factory=Readiness)

    def __post_init__(self) -> None:
        self.store = Store(self.settings)
        self.pictures = Pictures(self.settings, self.store)
        bring_in_starters(self.store, self.settings.corpus_dir / "playbook")

    def start(self, *, after_s: float = 0.0) -> None:
        """The stand-in has no model to load."""

    def page_shown(self) -> None:
        """Nothing waits for it."""

    def close(self) -> None:
        self.pictures.close()
        self.store.close()

    def related_to_page(self, slug: str, language: Language, *, limit: int = 4) -> tuple[tuple[Hit, ...], ...]:
        """Every other page, and the first passages of documents."""
        versions = [each for each in self.store.versions.list() if each.slug != slug]
        firsts = [_hit(1.0, each, self.store.passages.list(each.id)[0], ()) for each in versions]
        return tuple(hit for hit in firsts if hit.version.slug), tuple(hit for hit in firsts if not hit.version.slug)

    def search(
        self,
        text: str,
        *,
        filters: Filters = Filters(),  # noqa: B008  frozen
        limit: int = 10,
        aligned: bool = False,
    ) -> SearchResult:
        if self.readiness.state != "ready":
            raise IndexUnavailableError("Search is getting ready.")
        if not any(character.isalnum() for character in text):
            raise QueryError("The search holds no word.")
        wanted = set(_WORD.findall(text.lower()))
        scored: list[tuple[float, Version, Passage, tuple[tuple[int, int], ...]]] = []
        for version in self.store.versions.list(filters):
            for passage in self.store.passages.list(version.id):
                spans = tuple(m.span() for m in _WORD.finditer(passage.text.lower()) if m.group() in wanted)
                if spans:
                    words = {passage.text[a:b].lower() for a, b in spans}
                    scored.append((len(words) / max(len(wanted), 1), version, passage, spans))
        scored.sort(key=lambda row: -row[0])
        hits = [_hit(*row) for row in scored]
        query = Query(raw=text, text=text, language=language_of(text))
        countries = ("uk", "jp", "both", "other")
        return SearchResult(
            query=query,
            merged=_ranking(hits, limit),
            by_language={c: _ranking([h for h in hits if h.passage.language == c], limit) for c in ("en", "ja")},
            by_country={c: _ranking([h for h in hits if h.version.metadata.country == c], limit) for c in countries},
            took_ms=1.0,
        )

    def related(self, passage_id: str, *, limit: int = 6) -> tuple[Hit, ...]:
        own = self.store.passages.get(passage_id)
        found = self.search(own.text, limit=limit + 10).merged.hits
        return tuple(hit for hit in found if hit.passage.version_id != own.version_id)[:limit]

    def add(self, metadata: Metadata, pages: Sequence[str], **facts: object) -> Version:
        """Put a document into the store: every paragraph of its pages is a passage, `# ` lines are headings."""
        text = "\n".join(pages)
        data = facts.get("data") or (metadata.title + text).encode()
        digest, size = self.store.files.add(io.BytesIO(data))  # type: ignore[arg-type]
        version = Version(
            id=str(facts.get("id") or f"v-{digest[:12]}"),
            work_id=str(facts.get("work_id") or f"w-{digest[:10]}"),
            sha256=digest,
            path=f"{digest[:8]}.pdf",
            media_type=str(facts.get("media_type") or "application/pdf"),
            size_bytes=size,
            page_count=len(pages) if facts.get("paged", True) else None,
            passage_count=0,
            word_count=len(text.split()),
            status=facts.get("status", "current"),  # type: ignore[arg-type]
            metadata=metadata,
            added_at=str(facts.get("added_at") or "2026-11-20T10:00:00+00:00"),
            slug=str(facts.get("slug") or ""),
        )
        passages = _passages(version, pages)
        placed = [Page(n, _plain(page), metadata.language) for n, page in enumerate(pages, 1)]
        headings = [
            PlacedHeading(1, line[2:], n, 0)
            for n, page in enumerate(pages, 1)
            for line in page.split("\n")
            if line.startswith("# ")
        ]
        with self.store.database.write() as connection:
            insert_version(connection, version)
            replace_pages(connection, version.id, placed, headings)
            replace_passages(connection, version.id, version.title, passages, revision=next_revision(connection))
        return version

    def read_again(self, version: Version, pages: Sequence[str]) -> None:
        """Replace the text of a document, as reading it with newer rules does; its passages are cut anew."""
        placed = [Page(n, _plain(page), version.metadata.language) for n, page in enumerate(pages, 1)]
        with self.store.database.write() as connection:
            at_revision = next_revision(connection)
            replace_pages(connection, version.id, placed, [])
            replace_passages(connection, version.id, version.title, [], revision=at_revision)
            set_counts(connection, version.id, page_count=len(pages), passage_count=0, word_count=0)


def make_library(folder: Path, *, corpus: Path | None = None) -> StandIn:
    """An empty library in `folder`."""
    settings = Settings(
        data_dir=folder / "data", corpus_dir=corpus or folder / "corpus", worker=False, worker_memory_mb=1_000_000
    )
    return StandIn(settings)


def _plain(page: str) -> str:
    return "\n".join(line.removeprefix("# ") for line in page.split("\n"))


def _passages(version: Version, pages: Sequence[str]) -> list[Passage]:
    found: list[Passage] = []
    section: tuple[str, ...] = ()
    for number, page in enumerate(pages, 1):
        position = 0
        for line in page.split("\n"):
            shown = line.removeprefix("# ")
            if line.startswith("# "):
                section = (shown,)
            elif shown.strip():
                identity = hashlib.sha256(f"{version.id}.{number}.{position}".encode()).hexdigest()[:16]
                language: Language = version.metadata.language
                page_number = number if version.page_count else None
                end = position + len(shown)
                found.append(
                    Passage(identity, version.id, page_number, len(found), position, end, shown, language, section)
                )
            position += len(shown) + 1
    return found


def _hit(score: float, version: Version, passage: Passage, spans: tuple[tuple[int, int], ...]) -> Hit:
    words = tuple(dict.fromkeys(passage.text[a:b] for a, b in spans))
    return Hit(1, passage, version, score, Why(score * 0.8, score * 0.7, score, words, ("dense", "words")), spans)


def _ranking(hits: Sequence[Hit], limit: int) -> Ranking:
    return Ranking(tuple(hits[:limit]), len(hits), len({hit.version.id for hit in hits}))
