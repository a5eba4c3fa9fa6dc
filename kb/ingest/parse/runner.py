"""Reading files in a process of their own, so that a bad one harms nothing but itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from kb.errors import DamagedFileError, LimitExceededError
from kb.ingest.parse import refusals
from kb.ingest.parse.kinds import kind_of
from kb.ingest.parse.parsed import Parsed, Recognised
from kb.ingest.parse.process import Child
from kb.ingest.parse.wire import error_from_wire, parsed_from_wire, picture_from_wire, recognised_from_wire
from kb.model.pictures import PagePicture
from kb.settings import Settings

Found = TypeVar("Found", Parsed, PagePicture, Recognised)

_BYTES_PER_CHARACTER = 8
"""Room for one character of text in an answer: UTF-8, escapes, and a page's share of names and numbers."""
_LEAST_ANSWER_BYTES = 10_000_000


class ParserProcess:
    """Reads one file after the other in one child process, which is started when needed and replaced when spoilt.

    Safe to share between threads: they take turns. Use as a context manager, or call `close`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Child | None = None
        self._turn = threading.Lock()
        self._peak_mb = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._peak_mb = max(self._peak_mb, self._child.end())
            self._child = None

    @property
    def peak_mb(self) -> int:
        """Most memory that a child which has ended had taken, in megabytes; 0 where the system does not tell."""
        return self._peak_mb

    @property
    def pid(self) -> int | None:
        """Process id of the child, None where none is running."""
        return None if self._child is None else self._child.pid

    def parse(
        self,
        path: Path,
        *,
        filename: str,
        on_progress: Callable[[int, int], None] | None = None,
        wordless: bool = False,
    ) -> Parsed:
        """Text of the file at `path`; `filename` is its name as people know it, which says what kind it should be.

        Raises the `UnreadableDocumentError` that fits, `ManifestError` for front matter that is not YAML, and
        `OSError` where the file cannot be opened. `on_progress` is told pages done and pages in all. A PDF of which no
        text can be used is refused, unless `wordless` ones are wanted.
        """
        return self._answer(path, filename, parsed_from_wire, on_progress=on_progress, wordless=wordless)

    def recognise(self, path: Path, *, page: int, languages: Sequence[str]) -> Recognised:
        """Words in the picture of a page of the PDF at `path`; arguments as of `recognition.recognise`, errors as of
        `parse`. The page may take as long as a whole file that is parsed.
        """
        wanted = {"page": page, "languages": list(languages)}
        return self._answer(path, "page.pdf", recognised_from_wire, recognise=wanted)

    def draw(
        self,
        path: Path,
        *,
        page: int,
        passage: str = "",
        before: int = 0,
        words: Sequence[str] = (),
        large: bool = False,
    ) -> PagePicture:
        """A page of the PDF at `path` as a picture; arguments as of `drawing.draw`, errors as of `parse`."""
        wanted = {"page": page, "passage": passage, "before": before, "words": list(words), "large": large}
        return self._answer(path, "page.pdf", picture_from_wire, picture=wanted)

    def _answer(
        self,
        path: Path,
        filename: str,
        from_wire: Callable[[Mapping[str, Any]], Found],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        wordless: bool = False,
        picture: Mapping[str, object] | None = None,
        recognise: Mapping[str, object] | None = None,
    ) -> Found:
        with self._turn:
            try:
                answer = self._child_for(path, filename).ask(
                    self._settings,
                    on_progress,
                    path=str(path.resolve()),
                    filename=filename,
                    wordless=wordless,
                    picture=picture,
                    recognise=recognise,
                )
                return _understood(answer, from_wire)
            except BaseException as error:
                hostile = isinstance(error, DamagedFileError | LimitExceededError)
                if hostile or (self._child is not None and self._child.is_busy):
                    self.close()
                raise

    def _child_for(self, path: Path, filename: str) -> Child:
        """A child fit to open the file, which is not opened at all where it is empty or too large."""
        settings = self._settings
        with path.open("rb") as file:
            head = file.read(1)
            size = os.fstat(file.fileno()).st_size
        if not head:
            kind_of(b"", filename)
        if size > settings.max_upload_mb * 1_000_000:
            raise refusals.too_large(settings.max_upload_mb)
        if self._child is not None and self._child.is_worn(settings.parse_memory_mb):
            self.close()
        if self._child is None:
            self._child = Child(max(_LEAST_ANSWER_BYTES, settings.max_text_mb * 1_000_000 * _BYTES_PER_CHARACTER))
        return self._child


def parse_file(
    path: Path, *, filename: str, settings: Settings, on_progress: Callable[[int, int], None] | None = None
) -> Parsed:
    """Text of one file, read in a process started for it alone; see `ParserProcess.parse`."""
    with ParserProcess(settings) as process:
        return process.parse(path, filename=filename, on_progress=on_progress)


def _understood(answer: Mapping[str, Any], from_wire: Callable[[Mapping[str, Any]], Found]) -> Found:
    """What the child found, or the error it met; nonsense says that the file took the child over or broke it."""
    try:
        error = error_from_wire(answer["error"]) if "error" in answer else None
        if error is None:
            return from_wire(answer["found"])
    except (KeyError, TypeError, ValueError) as unintelligible:
        raise refusals.damaged(repr(unintelligible)) from unintelligible
    raise error
