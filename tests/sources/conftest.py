"""A publisher on this computer, a catalogue of what it publishes, and a library to fetch it into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from made_library import MadeLibrary

from kb.ingest.collections import Collection
from kb.ingest.pipeline import Pipeline
from kb.settings import Settings
from kb.sources.catalogue import OfficialSource, chosen, official_sources
from kb.sources.fetch import COLLECTION, Fetch, Fetched, from_folder, from_publishers
from kb.sources.visitor import Manners, Visitor
from tests.sources.publisher import Publisher

QUICK = Manners(pause_s=0.0, connect_timeout_s=2.0, read_timeout_s=0.5, total_timeout_s=1.0, redirects=3, tries=2)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    site = Publisher()
    yield site
    site.close()


class Fetching:
    """One library and its catalogue. Calling it fetches; results are by the id of the source."""

    def __init__(self, settings: Settings, library: MadeLibrary, address: str) -> None:
        self.settings = settings
        self.library = library
        self._address = address
        self._text = ""

    def source(self, source_id: str, path: str, **about: str) -> None:
        """Put a source at `path` of the publisher into the catalogue."""
        table = {"id": source_id, "title": f"Title of {source_id}", "language": "en", "url": self._address + path}
        lines = [f'{name} = "{value}"' for name, value in {**table, **about}.items()]
        self._text += "\n".join(("[[source]]", *lines)) + "\n\n"
        self.describe("", "")

    def describe(self, old: str, new: str) -> None:
        """Change the catalogue."""
        self._text = self._text.replace(old, new) if old else self._text
        self.settings.corpus_dir.mkdir(exist_ok=True)
        (self.settings.corpus_dir / "sources.toml").write_text(self._text, encoding="utf-8")

    @property
    def catalogue(self) -> Sequence[OfficialSource]:
        return official_sources(self.settings)

    @property
    def folder(self) -> Path:
        return self.settings.data_dir / "sources"

    def __call__(self, *ids: str, manners: Manners = QUICK, folder: Path | None = None) -> dict[str, Fetched]:
        with (
            Visitor(manners) as visitor,
            Pipeline(self.settings, self.library.store, self.library.embedder, parser=self.library.parser) as pipeline,
        ):
            get = from_folder(folder) if folder else from_publishers(visitor, self.settings, lambda *_: None)
            fetch = Fetch(
                self.settings,
                self.library.store,
                get,
                lambda entry: pipeline.ingest(Collection(COLLECTION, (entry,), complete=False))[0],
            )
            return {each.id: each for each in fetch.run(chosen(self.catalogue, ids), self.catalogue)}


@pytest.fixture
def fetching(settings: Settings, publisher: Publisher, make_library: Callable[..., MadeLibrary]) -> Fetching:
    library = make_library({}, build=False)
    own = library.settings.model_copy(update={"max_upload_mb": 1})
    return Fetching(own, library, publisher.address)
