"""Bringing official sources into the library: get the bytes, tell whether they are new, and read them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kb.errors import FetchError, FetchRefusedError, NotFoundError, UnreadableDocumentError
from kb.ingest.collections import Entry
from kb.ingest.parse.runner import parse_file
from kb.ingest.publish import version_id_of
from kb.model.receipts import Receipt
from kb.settings import Settings
from kb.sources.catalogue import Media, OfficialSource
from kb.sources.download import Downloaded, Marks, OnProgress, check_kind, download
from kb.sources.pins import Pin, Pins, sources_folder
from kb.sources.visitor import Visitor
from kb.store import Store
from kb.store.database import now
from kb.store.files import sha256_of

COLLECTION = "official-sources"
"""Name of the collection that fetched files belong to."""

Outcome = Literal["new", "unchanged", "changed", "refused", "failed"]

Get = Callable[[OfficialSource, Marks], Downloaded]
"""Gets the bytes of a source, from its publisher or from a folder."""

_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one source. `earlier_sha256` is set where its bytes are not those that were fetched before."""

    id: str
    outcome: Outcome
    url: str
    message: str = ""
    problem: str = ""
    version_id: str = ""
    sha256: str = ""
    earlier_sha256: str = ""
    size_bytes: int = 0
    passages: int = 0


def from_publishers(
    visitor: Visitor, settings: Settings, on_progress: Callable[[OfficialSource, int, int], None]
) -> Get:
    """Gets sources from the addresses of the catalogue."""

    def get(source: OfficialSource, known: Marks) -> Downloaded:
        if source.path:
            raise FetchRefusedError("It comes with the starter documents.", remedy="Read these: make library.")
        if not source.url:
            raise FetchRefusedError("The catalogue has no address for it.", remedy="Add its “url” to the catalogue.")
        show: OnProgress = lambda done, total: on_progress(source, done, total)  # noqa: E731
        folder = sources_folder(settings)
        return download(visitor, source, folder, most_mb=settings.max_upload_mb, known=known, on_progress=show)

    return get


def from_folder(folder: Path) -> Get:
    """Gets sources from files that somebody fetched by hand, named `<id>.pdf` or `<id>.html`."""

    def get(source: OfficialSource, _: Marks) -> Downloaded:
        file = file_in(folder, source)
        if file is None:
            raise FetchError(
                f"There is no file {source.id}.pdf or {source.id}.html in {folder}.", remedy="Save it there."
            )
        with file.open("rb") as stream:
            return Downloaded(file, check_kind(stream.read(_HEAD_BYTES), source), Marks())

    return get


def file_in(folder: Path, source: OfficialSource) -> Path | None:
    """The file of a source in a folder that somebody filled by hand."""
    return next((file for ending in ("pdf", "html") if (file := folder / f"{source.id}.{ending}").is_file()), None)


class Fetch:
    """Fetches into one library. `read` reads one file into it and gives its receipt."""

    def __init__(self, settings: Settings, store: Store, get: Get, read: Callable[[Entry], Receipt]) -> None:
        self._settings = settings
        self._store = store
        self._get = get
        self._read = read
        self._pins = Pins(settings)

    def run(self, sources: Sequence[OfficialSource], catalogue: Sequence[OfficialSource]) -> Iterator[Fetched]:
        """Fetch one source after the other; what cannot be had is a result like any other."""
        with self._pins.alone():
            for source in sources:
                try:
                    yield self._one(source, described(source, catalogue))
                except FetchRefusedError as error:
                    yield Fetched(source.id, "refused", source.url, str(error), error.code)
                except (FetchError, UnreadableDocumentError) as error:
                    yield Fetched(source.id, "failed", source.url, str(error), error.code)
                except OSError as error:
                    message = f"It could not be saved: {error.strerror or error}."
                    yield Fetched(source.id, "failed", source.url, message, FetchError.code)

    def _one(self, source: OfficialSource, about: Mapping[str, str]) -> Fetched:
        pin = self._held(self._pins.all().get(source.id))
        got = self._get(source, pin.marks if pin else Marks())
        if got.file is None or (pin and sha256_of(got.file) == pin.sha256):
            assert pin is not None, "only what is held is asked for conditionally"
            fetched = self._unchanged(source, about, pin, got)
        elif pin and got.media == "html" and self._says_the_same(got.file, pin):
            fetched = self._unchanged(source, about, pin, got)
        else:
            fetched = self._take(source, about, pin, got.file, got)
        if got.file and got.file.parent == self._pins.folder:
            got.file.unlink()
        return fetched

    def _take(
        self, source: OfficialSource, about: Mapping[str, str], pin: Pin | None, file: Path, got: Downloaded
    ) -> Fetched:
        """Read bytes that are new to us."""
        sha256, size_bytes = sha256_of(file), file.stat().st_size
        receipt = self._read(Entry(file, _place(source, got.media), about))
        if receipt.outcome == "failed":
            return Fetched(source.id, "failed", source.url, receipt.message, receipt.problem, sha256=sha256)
        version_id = receipt.version_id or version_id_of(sha256)
        self._pins.save(source.id, Pin(sha256, size_bytes, version_id, now(), _digest(about), got.marks))
        outcome: Outcome = "changed" if pin else "unchanged" if receipt.outcome == "unchanged" else "new"
        message = ""
        if pin:
            message = f"The publisher's file is not the one of {pin.fetched_at[:10]}; it was added as a new edition."
        elif outcome == "unchanged":
            message = "The library held this file already."
        return Fetched(
            source.id,
            outcome,
            source.url,
            message,
            version_id=version_id,
            sha256=sha256,
            earlier_sha256=pin.sha256 if pin else "",
            size_bytes=size_bytes,
            passages=receipt.passages,
        )

    def _unchanged(self, source: OfficialSource, about: Mapping[str, str], pin: Pin, got: Downloaded) -> Fetched:
        """Keep what is held; only what the catalogue says of it may be new."""
        if pin.described != _digest(about):
            media: Media = "pdf" if self._store.versions.get(pin.version_id).media_type == "application/pdf" else "html"
            receipt = self._read(Entry(self._store.files.path(pin.sha256), _place(source, media), about))
            if receipt.outcome == "failed":
                return Fetched(source.id, "failed", source.url, receipt.message, receipt.problem, pin.version_id)
        marks = got.marks if got.file else pin.marks
        self._pins.save(source.id, replace(pin, described=_digest(about), marks=marks))
        return Fetched(
            source.id,
            "unchanged",
            source.url,
            version_id=pin.version_id,
            sha256=pin.sha256,
            size_bytes=pin.size_bytes,
        )

    def _held(self, pin: Pin | None) -> Pin | None:
        """The pin, if the library still has what it stands for."""
        if pin is None or not self._store.files.has(pin.sha256):
            return None
        try:
            return pin if self._store.versions.get(pin.version_id).status != "retired" else None
        except NotFoundError:
            return None

    def _says_the_same(self, file: Path, pin: Pin) -> bool:
        """Whether a web page reads as it did: every answer of a site has its own tokens and times in its markup."""
        parsed = parse_file(file, filename=file.name, settings=self._settings)
        version = self._store.versions.get(pin.version_id)
        try:
            before = [self._store.pages.get(version.id, page.number).text for page in parsed.pages]
        except NotFoundError:
            return False
        return before == [page.text for page in parsed.pages]


def described(source: OfficialSource, catalogue: Sequence[OfficialSource]) -> Mapping[str, str]:
    """What the library is told of a source: its entry, and what it replaces even where only the older entry says so."""
    older = source.supersedes or next((each.id for each in catalogue if each.superseded_by == source.id), "")
    return {**source.described, "supersedes": older} if older else source.described


def _place(source: OfficialSource, media: Media) -> str:
    return f"{source.id}.{media}"


def _digest(about: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(about), sort_keys=True).encode()).hexdigest()[:16]
