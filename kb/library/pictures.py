"""Pages of PDF documents as pictures: drawn once in a process of their own, then kept with the derived data.

What is kept can be deleted at any time: it is drawn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from kb.errors import NotFoundError, PictureError, UnreadableDocumentError
from kb.ingest.parse.places import letters
from kb.ingest.parse.runner import ParserProcess
from kb.library.marking import words_of
from kb.model.passages import Page, Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version
from kb.settings import Settings
from kb.store import Store
from kb.text.glossary import GlossaryFile

log = logging.getLogger(__name__)

_FORM = 2
"""Raised when pages are drawn or boxed in another way, so that those kept are not used."""
_MOST_BYTES = 200_000_000
"""On disk: about 1,400 pages. Beyond it those go that were looked at longest ago, until a fifth is free."""
_LONGEST_S = 10
"""For one page. A page of the web waits for it, so it is less than a whole document may take."""
_TURN_S = 10.0
"""How long a reader waits for pages that others asked for."""
_REMEMBERED_S, _MOST_REMEMBERED = 600.0, 500
"""Pages that could not be drawn are not tried again for so long: each try may cost all the time that is allowed."""


class Pictures:
    """Pictures of pages of one library. Safe to share between threads; `close` ends the process that draws."""

    def __init__(self, settings: Settings, store: Store, *, most_bytes: int = _MOST_BYTES) -> None:
        limit_s = min(settings.parse_timeout_s, _LONGEST_S)
        self._drawing = ParserProcess(settings.model_copy(update={"parse_timeout_s": limit_s}))
        self._turn = threading.Lock()
        self._store = store
        self._folder = settings.index_path / "pages"
        self._most_bytes = most_bytes
        self._glossary = GlossaryFile(settings.glossary_path)
        self._failed: OrderedDict[str, float] = OrderedDict()

    def page(
        self,
        version: Version,
        number: int,
        passage: Passage | None = None,
        *,
        query: str = "",
        large: bool = False,
    ) -> PagePicture:
        """Page `number` of a version, with `passage` boxed where it is found there, and words of `query` underlined.

        Raises `NotFoundError` where there is no such page or the document has none that can be drawn, `PictureError`
        where this one cannot be, or not now.
        """
        if version.media_type != "application/pdf" or not 1 <= number <= (version.page_count or 0):
            raise NotFoundError("The document has no such page.", remedy="Open the document itself.", page=number)
        wanted = _Wanted(version, number, passage, self._words(version, number, query), large)
        return self._kept(wanted.name) or self._drawn(wanted)

    def close(self) -> None:
        """End the process that draws, if there is one."""
        self._drawing.close()

    def _words(self, version: Version, number: int, query: str) -> tuple[str, ...]:
        """Words of the page that are to be marked; kept pictures go by these, so that many queries share one."""
        page = self._page(version, number) if query.strip() else None
        return words_of(query, page.text, page.language, self._glossary.usable()) if page else ()

    def _page(self, version: Version, number: int) -> Page | None:
        try:
            return self._store.pages.get(version.id, number)
        except NotFoundError:  # it was read anew since, and nothing is on that page now
            return None

    def _drawn(self, wanted: _Wanted) -> PagePicture:
        name = wanted.name
        if not self._turn.acquire(timeout=_TURN_S):
            raise PictureError(
                "Many pictures of pages are being drawn.", remedy="Load the page again.", reason="picture-busy"
            )
        try:
            if (picture := self._kept(name)) is not None:  # somebody else has asked for it meanwhile
                return picture
            if time.monotonic() - self._failed.get(name, -_REMEMBERED_S) < _REMEMBERED_S:
                raise _impossible()
            picture = self._draw(wanted)
        except (UnreadableDocumentError, OSError) as error:
            log.info("Page %s of %s cannot be drawn: %s", wanted.number, wanted.version.id, error)
            self._failed[name] = time.monotonic()
            if len(self._failed) > _MOST_REMEMBERED:
                self._failed.popitem(last=False)
            raise _impossible() from error
        finally:
            self._turn.release()
        self._keep(name, picture)
        if not self._store.versions.get_many([wanted.version.id]):  # deleted for good while it was drawn
            (self._folder / name).unlink(missing_ok=True)
        return picture

    def _draw(self, wanted: _Wanted) -> PagePicture:
        passage = wanted.passage
        page = self._page(wanted.version, wanted.number) if passage else None
        return self._drawing.draw(
            self._store.files.path(wanted.version.sha256),
            page=wanted.number,
            passage=passage.text if passage else "",
            before=len(letters(page.text[: passage.start])) if passage and page else 0,
            words=wanted.words,
            large=wanted.large,
        )

    def _kept(self, name: str) -> PagePicture | None:
        path = self._folder / name
        try:
            head, _, jpeg = path.read_bytes().partition(b"\n")
            facts = json.loads(head)
            picture = PagePicture(
                jpeg, int(facts["width"]), int(facts["height"]), bool(facts["boxed"]), bool(facts["underlined"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return picture

    def _keep(self, name: str, picture: PagePicture) -> None:
        """Write a picture and its facts as one file, whole or not at all; a disk that is full costs only time."""
        facts = {
            "width": picture.width_px,
            "height": picture.height_px,
            "boxed": picture.boxed,
            "underlined": picture.underlined,
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".unfinished-")
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(json.dumps(facts).encode() + b"\n" + picture.jpeg)
                Path(temporary).replace(self._folder / name)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._clear()
        except OSError as error:
            log.warning("A picture of a page could not be kept: %s", error)

    def _clear(self) -> None:
        held = []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process clears too
                facts = path.stat()
                held.append((facts.st_mtime, facts.st_size, path))
        size = sum(each for _, each, _ in held)
        if size <= self._most_bytes:
            return
        for _, each, path in sorted(held):
            path.unlink(missing_ok=True)
            size -= each
            if size <= self._most_bytes * 0.8:
                return


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A page with what is to be marked on it."""

    version: Version
    number: int
    passage: Passage | None
    words: tuple[str, ...]
    large: bool

    @property
    def name(self) -> str:
        """Name of the file of the picture, by the bytes it is drawn from and what is marked in it."""
        passage = self.passage.id if self.passage else ""
        made_from = [_FORM, self.version.sha256, self.number, passage, self.words, self.large]
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:32]


def _impossible() -> PictureError:
    return PictureError(
        "This page cannot be shown as a picture.", remedy="Read its text here, or open the original document."
    )
