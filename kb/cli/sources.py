"""`python -m kb sources ...`: the catalogue of official publications, and fetching them into the library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.progress import Progress, TaskID
from rich.text import Text

from kb.cli.terminal import AsJson, Data, out, progress, settings_of
from kb.errors import ManifestError

if TYPE_CHECKING:
    from types import TracebackType

    from kb.app import Kakehashi
    from kb.embedding.embedder import Embedder
    from kb.ingest.collections import Entry
    from kb.ingest.pipeline import Pipeline
    from kb.model.receipts import Receipt
    from kb.model.works import Version
    from kb.settings import Settings
    from kb.sources.catalogue import OfficialSource
    from kb.sources.fetch import Fetched

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Official publications: list them, fetch them.")


@app.command("list")
def list_sources(data: Data = None, as_json: AsJson = False) -> None:
    """List the official publications of the catalogue, and which of them the library holds."""
    from kb.sources.catalogue import official_sources

    settings = settings_of(data)
    catalogue = official_sources(settings)
    held = _held(settings, catalogue)
    if as_json:
        print(json.dumps([_listed(source, held.get(source.id)) for source in catalogue], ensure_ascii=False))
        return
    for source in catalogue:
        state = "held" if source.id in held else "not held"
        place = " · ".join(filter(None, (source.publisher, source.published, source.check)))
        out.print(Text.assemble((source.id, "bold"), f"  {state}"), soft_wrap=True)
        out.print(Text(f"   {source.title}"), soft_wrap=True)
        out.print(Text(f"   {place}", "dim"), soft_wrap=True)
    out.print(f"{len(held)} of {len(catalogue)} are in the library.")


@app.command()
def fetch(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which ones; default: all.")] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Take files named ID.pdf or ID.html instead of going online."),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Fetch official publications from their publishers, one at a time, and read them into the library."""
    from kb.app import open_library
    from kb.sources.catalogue import chosen, official_sources
    from kb.sources.fetch import Fetch, file_in, from_folder, from_publishers
    from kb.sources.visitor import Manners, Visitor

    settings = settings_of(data)
    catalogue = official_sources(settings)
    sources = chosen(catalogue, ids or [])
    if folder is not None and not folder.is_dir():
        raise ManifestError(f"There is no folder {folder}.", remedy="Check the path.", path=str(folder))
    if not ids:
        sources = [s for s in sources if (file_in(folder, s) if folder else s.url and not s.path)]
    fetched: list[Fetched] = []
    try:
        with ExitStack() as stack:
            bar = stack.enter_context(progress())
            task = bar.add_task("Fetching", total=None)
            library = stack.enter_context(closing(open_library(settings)))
            reader = stack.enter_context(_Reader(library, bar, task))
            if folder is not None:
                get = from_folder(folder)
            else:
                visitor = stack.enter_context(Visitor(Manners(), contact=settings.base_url))
                get = from_publishers(
                    visitor,
                    settings,
                    lambda source, done, total: bar.update(
                        task, description=f"Fetching {source.id}", completed=done, total=total or None
                    ),
                )
            for each in Fetch(settings, library.store, get, reader.read).run(sources, catalogue):
                fetched.append(each)
                if bar.disable is False:
                    bar.console.print(Text(f"{each.outcome}  {each.id}"))
    except BaseException:  # Ctrl-C too: what was fetched until then is in the library, and is told
        if fetched:
            _report(fetched, as_json=as_json)
        raise
    _report(fetched, as_json=as_json)


class _Reader:
    """Reads fetched files into a library; the model is loaded for the first, so that nothing new costs nothing.

    A context manager: however it ends, the index holds afterwards what was read.
    """

    def __init__(self, library: Kakehashi, bar: Progress, task: TaskID) -> None:
        self._library = library
        self._bar = bar
        self._task = task
        self._embedder: Embedder | None = None
        self._pipeline: Pipeline | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._pipeline is not None or (error is None and self._is_behind()):
                self._publish()
        finally:
            if self._pipeline is not None:
                self._pipeline.__exit__(None, None, None)

    def read(self, entry: Entry) -> Receipt:
        """Read one file; gives its receipt."""
        from kb.ingest.collections import Collection
        from kb.ingest.pipeline import Pipeline
        from kb.sources.fetch import COLLECTION

        if self._pipeline is None:
            self._pipeline = Pipeline(self._library.settings, self._library.store, self._loaded())
        self._bar.update(self._task, description=f"Reading {entry.path}", total=None)
        return self._pipeline.ingest(Collection(COLLECTION, (entry,), complete=False))[0]

    def _is_behind(self) -> bool:
        """Whether the index lacks what an earlier run or a worker read; told without loading the model."""
        from kb.errors import IndexUnavailableError
        from kb.index.builds import read_manifest
        from kb.index.words import terms_version
        from kb.store.database import revision

        with self._library.store.database.read() as connection:
            current = revision(connection)
        folder = self._library.builds.current()
        if folder is None:
            return current > 0
        try:
            model_id = read_manifest(folder).model_id
        except IndexUnavailableError:
            return True
        return self._library.builds.is_behind(model_id=model_id, terms=terms_version(), revision=current)

    def _publish(self) -> None:
        from kb.index.builder import bring_up_to_date

        embedder = self._loaded()
        self._bar.update(self._task, description="Writing the index", total=None)
        bring_up_to_date(self._library.store, self._library.builds, embedder)

    def _loaded(self) -> Embedder:
        from kb.embedding import loading

        if self._embedder is None:
            self._bar.update(self._task, description="Preparing the model", total=None)
            self._embedder = loading.load_embedder(
                self._library.settings, lambda message: self._bar.update(self._task, description=message)
            )
        return self._embedder


def _held(settings: Settings, catalogue: Sequence[OfficialSource]) -> dict[str, Version]:
    """What the library holds of the catalogue; nothing where there is no library, which this must not make."""
    from kb.errors import NotFoundError
    from kb.library import overview
    from kb.library.presence import require_library
    from kb.sources.catalogue import held_versions
    from kb.sources.pins import fetched_versions
    from kb.store import Store

    try:
        require_library(settings)
    except NotFoundError:
        return {}
    with closing(Store(settings)) as store:
        return dict(held_versions(catalogue, overview.every(store), fetched_versions(settings)))


def _listed(source: OfficialSource, version: Version | None) -> dict[str, object]:
    return {
        **{name: getattr(source, name) for name in ("id", "title", "title_en", "title_ja", "publisher", "country")},
        **{name: getattr(source, name) for name in ("language", "document_type", "published", "licence", "url")},
        "status": source.check,
        **{name: getattr(source, name) for name in ("media", "supersedes", "superseded_by", "note", "path")},
        "held": version is not None,
        "version_id": version.id if version else "",
    }


def _report(fetched: Sequence[Fetched], *, as_json: bool) -> None:
    counts = Counter[str](each.outcome for each in fetched)
    if as_json:
        print(json.dumps({"counts": dict(counts), "sources": list(map(asdict, fetched))}, ensure_ascii=False))
        return
    order = ("new", "changed", "unchanged", "refused", "failed")
    words = [f"{counts[outcome]} {outcome}" for outcome in order if counts[outcome]]
    out.print(", ".join(words) or "Nothing to fetch.")
    for each in fetched:
        if each.message:
            out.print(Text(f"  {each.id}: {each.outcome}. {each.message}"), soft_wrap=True)
