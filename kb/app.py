"""The composition root: one library with everything that works on it, put together in one place."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kb.embedding.embedder import Embedder
from kb.embedding.loading import load_embedder
from kb.errors import IndexUnavailableError, KbError
from kb.index.builder import write_build
from kb.index.builds import Builds, is_complete, read_manifest
from kb.index.reader import IndexReader
from kb.index.threads import one_thread_each
from kb.index.vectors import embed_live
from kb.index.words import terms_version
from kb.library.deletion import erase, leftovers
from kb.library.meaning import document_map
from kb.library.pictures import Pictures
from kb.library.replaced import with_successors
from kb.library.theme_vectors import theme_vectors
from kb.model.hits import Filters, Hit, SearchResult
from kb.playbook.folder import bring_in_starters
from kb.search.engine import SearchEngine
from kb.settings import Settings
from kb.store import Store
from kb.store.database import revision
from kb.text.glossary import GlossaryFile
from kb.text.language import Language

log = logging.getLogger(__name__)

_RELATED_PAGES = 500
"""Pages whose related ones are remembered for as long as the library stays as it is."""
_RETRY_S = 30.0
"""Between attempts to get ready after one failed: what prevented it may have been repaired by another process."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether searches can be answered, and if that failed, why."""

    state: Literal["preparing", "ready", "failed"]
    error: KbError | None = None


class Kakehashi:
    """One open library. Safe to share between threads; `start` makes it ready to search, `close` lets go of it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings)
        self.builds = Builds(settings.index_path)
        self.pictures = Pictures(settings, self.store)
        bring_in_starters(self.store, settings.corpus_dir / "playbook")
        self._engine: SearchEngine | None = None
        self._failure: KbError | None = None
        self._embedder: Embedder | None = None
        self._loading = threading.Lock()
        self._related_to_page = lru_cache(maxsize=_RELATED_PAGES)(_related_to_page)
        self._page_shown = threading.Event()
        self._closed = threading.Event()

    @property
    def readiness(self) -> Readiness:
        """Whether `search` can answer now."""
        if self._engine is not None:
            return Readiness("ready")
        return Readiness("failed", self._failure) if self._failure else Readiness("preparing")

    def start(self, *, after_s: float = 0.0) -> None:
        """Begin loading the model and the index in the background; returns at once.

        Waits up to `after_s` for `page_shown`: importing the model's runtime would hold up the first page. An attempt
        that failed is repeated until it succeeds.
        """
        threading.Thread(target=self._get_ready, args=(after_s,), name="load-model", daemon=True).start()

    def page_shown(self) -> None:
        """A reader has seen a page: loading need not wait for the first one any longer."""
        self._page_shown.set()

    def load(self) -> SearchEngine:
        """Load the model and the index, or wait for whoever does; raises what prevents it."""
        with self._loading:
            if self._engine is None:
                embedder = self._embedder = self._embedder or load_embedder(self.settings)
                one_thread_each()
                self.ensure_build(embedder)
                if leftovers(self.settings, self.store):  # a deletion that was cut short
                    erase(self.settings, self.store)
                reader = IndexReader(self.store, self.builds, embedder.model_id, self._title_of)
                self._open(reader, embedder)
                theme_vectors(self.store.database, embedder.model_id, embedder)
                embedder.embed_query("ready")  # the first call prepares what later ones reuse
                self._engine = SearchEngine(self.store, reader, embedder, GlossaryFile(self.settings.glossary_path))
            return self._engine

    def ensure_build(self, embedder: Embedder) -> None:
        """Publish a build where there is none that can be read; one made with another model is left alone."""
        folder = self.builds.current()
        if folder is not None:
            try:
                manifest = read_manifest(folder)
                damaged = not is_complete(folder, manifest) or manifest.terms != terms_version()
            except IndexUnavailableError:
                damaged = True
            if damaged:
                log.warning("The search index is of another release or damaged; making it again")
                folder = None
        if folder is None:
            embed_live(self.store, embedder)
            write_build(self.store, self.builds, embedder.model_id, embedder=embedder)

    def search(
        self,
        text: str,
        *,
        filters: Filters = Filters(),  # noqa: B008  frozen
        limit: int = 10,
        aligned: bool = False,
    ) -> SearchResult:
        """Ranked passages; raises `QueryError`, or `IndexUnavailableError` while the library is not ready.

        `aligned` as in `SearchEngine.search`.
        """
        found = self._ready().search(text, filters=filters, limit=limit, aligned=aligned)
        return found if filters.current_only else with_successors(self.store, found)

    def related(self, passage_id: str, *, limit: int = 6) -> tuple[Hit, ...]:
        """Passages of other works on the same subject; raises `NotFoundError` and `IndexUnavailableError`."""
        return self._ready().related(passage_id, limit=limit)

    def related_to_page(
        self, slug: str, language: Language, *, limit: int = 4
    ) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """Other pages and passages of documents on the subject of a page; nothing while the library is not ready."""
        if self._engine is None:
            return (), ()
        with self.store.database.read() as connection:
            at = revision(connection)
        return self._related_to_page(self._engine, slug, language, limit, at)

    def close(self) -> None:
        """Give back files and connections."""
        self._closed.set()
        self._page_shown.set()
        self.pictures.close()
        self.store.close()

    def _ready(self) -> SearchEngine:
        if self._engine is None:
            if self._failure:
                raise self._failure
            raise IndexUnavailableError(
                "Search is getting ready.", remedy="Try again in a few seconds.", reason="preparing"
            )
        return self._engine

    def _open(self, reader: IndexReader, embedder: Embedder) -> None:
        """Open the published build; one that turns out to be damaged is made again, once."""
        try:
            reader.snapshot()
        except IndexUnavailableError as error:
            if "built" in error.facts:  # it is whole, but of another model
                raise
            log.warning("The search index is damaged; making it again: %s", error)
            write_build(self.store, self.builds, embedder.model_id, embedder=embedder)
            reader.snapshot()

    def _get_ready(self, after_s: float) -> None:
        self._page_shown.wait(after_s)
        while not self._closed.is_set():
            try:
                self.load()
            except KbError as error:
                self._failure = error
                log.error("Search is not available: %s", error)
            except Exception:
                self._failure = KbError()  # a fault of ours: readers are told, the log has the rest
                log.exception("Search is not available because of a fault")
            else:
                document_map(self.store, self.builds)  # whoever opens it first need not wait for it to be laid out
                return
            self._closed.wait(_RETRY_S)

    def _title_of(self, version_id: str) -> str:
        return self.store.versions.get(version_id).title


def _related_to_page(
    engine: SearchEngine, slug: str, language: Language, limit: int, at: int
) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    del at  # what was found for another state of the library is not found again
    return engine.related_to_page(slug, language, limit=limit)


def open_library(settings: Settings) -> Kakehashi:
    """The library at `settings.data_dir`, made if it is not there."""
    return Kakehashi(settings)
