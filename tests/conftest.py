"""Fixtures that every part of the tests shares; what only one part needs stands in its own folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hash_embedder import HashEmbedder
from made_library import SMALL, MadeLibrary, small_pdf

from kb.ingest.parse.runner import ParserProcess
from kb.settings import Settings, load_settings

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"

MakeLibrary = Callable[..., MadeLibrary]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No `KB_` variable of whoever runs the tests decides what they test."""
    for name in os.environ:
        if name.startswith("KB_"):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty library in a folder of its own; a prepared model is shared with the checkout."""
    return load_settings(
        data_dir=tmp_path / "data",
        corpus_dir=tmp_path / "corpus",
        model_cache_dir=REPOSITORY / "index" / "models",
        worker=False,
        threads=1,
        ocr="off",  # whether Tesseract is installed must not decide what is tested
        worker_memory_mb=1_000_000,  # nor how much the tests before have left in memory
    )


@pytest.fixture
def embedder() -> HashEmbedder:
    """The embedder for tests that are not about the model."""
    return HashEmbedder()


@pytest.fixture(scope="session")
def parsing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParserProcess]:
    """One process that reads files, for every library of a run: starting it takes longer than most tests."""
    with ParserProcess(load_settings(data_dir=tmp_path_factory.mktemp("parsing"))) as process:
        yield process


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory, parsing: ParserProcess) -> Iterator[MadeLibrary]:
    """The five documents of `SMALL` and a PDF, indexed; shared by tests that only read."""
    home = tmp_path_factory.mktemp("small")
    library = MadeLibrary(
        load_settings(data_dir=home / "data", worker=False, threads=1), home / "files", parser=parsing
    )
    library.write({**SMALL, "service-standard.pdf": small_pdf()})
    library.ingest()
    library.build()
    yield library
    library.close()


@pytest.fixture
def make_library(tmp_path: Path, settings: Settings, parsing: ParserProcess) -> Iterator[MakeLibrary]:
    """Makes a library of given files: `make_library({"a.md": "# A"})`; `build=False` leaves out the index."""
    made: list[MadeLibrary] = []

    def make(
        files: Mapping[str, str | bytes] = SMALL, *, build: bool = True, embedder: HashEmbedder | None = None
    ) -> MadeLibrary:
        home = tmp_path / f"library-{len(made)}"
        own = settings.model_copy(update={"data_dir": home / "data"})
        library = MadeLibrary(own, home / "files", embedder or HashEmbedder(), parsing)
        made.append(library)
        library.write(files)
        library.ingest()
        if build:
            library.build()
        return library

    yield make
    for library in made:
        library.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared evaluation material beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared evaluation material is not at {SHARED}")
    return SHARED
