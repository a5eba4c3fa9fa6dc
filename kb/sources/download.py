"""Fetching one publication into a file: in limits, resumable, and only what it is said to be."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import requests

from kb.errors import FetchError, FetchRefusedError
from kb.ingest.parse.kinds import looks_like
from kb.sources.catalogue import Media, OfficialSource
from kb.sources.visitor import Visitor, blocks

OnProgress = Callable[[int, int], None]
"""Bytes that are there, and bytes of the whole (0: not known)."""

_HEAD_BYTES = 1024
_ACCEPT = {"pdf": "application/pdf, */*;q=0.1", "html": "text/html, */*;q=0.1", "": "*/*"}
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_NAMES = {"PDF": "a PDF", "HTML": "a web page", "": "something else"}
_WANTED = {"pdf": "the PDF", "html": "the web page", "": "a PDF or a web page"}


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a server recognises the bytes it sent: to go on where they broke off, or to say they have not changed."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def range_condition(self) -> str:
        """For `If-Range`: only a mark that stands for the very bytes; empty if there is none."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    @property
    def conditions(self) -> Mapping[str, str]:
        """Headers that ask for the body only where it has changed."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that came whole. `file` is None where the server says that nothing changed since `known`."""

    file: Path | None
    media: Media
    marks: Marks


def download(
    visitor: Visitor,
    source: OfficialSource,
    folder: Path,
    *,
    most_mb: int,
    known: Marks = Marks(),
    on_progress: OnProgress = lambda *_: None,
) -> Downloaded:
    """Fetch a source into `folder`; what broke off stays there and is gone on with, in this run or the next.

    Raises `FetchRefusedError` where the site or what it sends is not what we may take, `FetchError` where it fails.
    """
    fetching = _Fetching(visitor, source, folder, most_mb * 1_000_000, on_progress)
    problem = FetchError()
    for _ in range(visitor.manners.tries):
        try:
            found = fetching.once(known)
        except requests.Timeout as error:
            problem = fetching.broken_off("did not answer in time", error)
        except requests.exceptions.ContentDecodingError as error:
            fetching.forget()
            problem = fetching.broken_off("sent what cannot be unpacked", error)
        except requests.RequestException as error:
            problem = fetching.broken_off("could not be reached, or the connection broke off", error)
        except _IncompleteError as error:
            problem = fetching.broken_off("sent less than it announced", error)
        except _StaleRangeError:
            continue
        except FetchRefusedError:
            fetching.forget()
            raise
        else:
            return found
    raise problem


def check_kind(head: bytes, source: OfficialSource) -> Media:
    """What the first bytes of a file are; raises `FetchRefusedError` where that is not what the catalogue says."""
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = "PDF" if begins.startswith(b"%PDF-") else looks_like(head).replace("PDF", "")
    expected = source.media or ("pdf" if urlsplit(source.url).path.lower().endswith(".pdf") else "")
    kinds: tuple[Media, ...] = get_args(Media)
    for media in kinds:
        if found == media.upper() and expected in ("", media):
            return media
    raise FetchRefusedError(
        f"Instead of {_WANTED[expected]} there is {_NAMES.get(found, found)}.",
        remedy=(
            "Open the address in a browser. If the publication moved, correct its address in the catalogue; "
            f"if it is there, save it as {source.id}.{expected or 'pdf'} and fetch it --from that folder."
        ),
    )


class _IncompleteError(Exception):
    """Fewer bytes came than were announced."""


class _StaleRangeError(Exception):
    """The rest that we asked for does not fit what we have: begin again."""


class _Fetching:
    """The attempts at one source: a partial file, and beside it what the server called those bytes."""

    def __init__(
        self, visitor: Visitor, source: OfficialSource, folder: Path, most_bytes: int, on_progress: OnProgress
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._visitor = visitor
        self._source = source
        self._most_bytes = most_bytes
        self._on_progress = on_progress
        self._part = folder / f"{source.id}.part"
        self._marks_file = folder / f"{source.id}.part.json"

    def once(self, known: Marks) -> Downloaded:
        """One request, for the rest of what is there or for all of it."""
        marks, start = self._left_over()
        is_conditional = False
        headers = {"Accept": _ACCEPT[self._source.media], "Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": marks.range_condition}
        elif known.url == self._source.url:
            headers |= known.conditions
            is_conditional = bool(known.conditions)
        with self._visitor.get(self._source.url, headers) as answer:
            if answer.status_code == 304 and is_conditional:
                return Downloaded(None, self._source.media or "pdf", known)
            self._check_status(answer, start)
            start, total = self._place(answer, start)
            marks = self._marks(answer)
            self._receive(answer, marks, start, total)
        with self._part.open("rb") as stream:
            media = check_kind(stream.read(_HEAD_BYTES), self._source)
        whole = self._part.with_name(f"{self._source.id}.{media}")
        self._part.replace(whole)
        self._marks_file.unlink(missing_ok=True)
        return Downloaded(whole, media, marks)

    def broken_off(self, how: str, cause: Exception) -> FetchError:
        """The error that says how far we came."""
        host = urlsplit(self._source.url).netloc
        come = self._part.stat().st_size if self._marks_file.is_file() and self._part.is_file() else 0
        kept = f" {come:,} bytes came and are kept." if come else ""
        error = FetchError(
            f"The site {host} {how}.{kept}",
            remedy="Try again later; it goes on where it stopped." if come else "Try again later.",
        )
        error.__cause__ = cause
        return error

    def forget(self) -> None:
        """Throw away what came."""
        self._part.unlink(missing_ok=True)
        self._marks_file.unlink(missing_ok=True)

    def _left_over(self) -> tuple[Marks, int]:
        """What an earlier attempt left, if the server can tell us that it still has the same."""
        try:
            marks = Marks(**json.loads(self._marks_file.read_text(encoding="utf-8")))
            size = self._part.stat().st_size
        except (OSError, ValueError, TypeError):
            return Marks(), 0
        usable = marks.url == self._source.url and marks.range_condition and 0 < size <= self._most_bytes
        return (marks, size) if usable else (Marks(), 0)

    def _check_status(self, answer: requests.Response, start: int) -> None:
        status = answer.status_code
        if status == 416 and start:
            self.forget()
            raise _StaleRangeError
        if status in (200, 206):
            return
        what = {404: "has nothing at this address", 410: "has withdrawn this publication"}
        later = status == 429 or status >= 500
        raise FetchError(
            f"The site {urlsplit(self._source.url).netloc} {what.get(status, 'refused to send it')} (status {status}).",
            remedy="Try again later." if later else "Open it in a browser and correct the address in the catalogue.",
        )

    def _place(self, answer: requests.Response, start: int) -> tuple[int, int]:
        """Where in the file the body belongs, and how long the whole is to be; 0 where that is not said."""
        length = 0
        if _is_plain(answer):
            announced = answer.headers.get("Content-Length", "")
            length = int(announced) if announced.isdecimal() else 0
        if answer.status_code == 206:
            match = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            if not match or int(match[1]) != start or not _is_plain(answer):
                self.forget()
                raise _StaleRangeError
            total = start + length if match[2] == "*" else int(match[2])
        else:
            start, total = 0, length
        if total > self._most_bytes:
            raise self._too_large()
        return start, total

    def _marks(self, answer: requests.Response) -> Marks:
        return Marks(
            url=self._source.url,
            etag=answer.headers.get("ETag", ""),
            last_modified=answer.headers.get("Last-Modified", ""),
        )

    def _receive(self, answer: requests.Response, marks: Marks, start: int, total: int) -> None:
        deadline = time.monotonic() + self._visitor.manners.total_timeout_s
        self._marks_file.unlink(missing_ok=True)
        if marks.range_condition and _is_plain(answer):  # a packed one is counted otherwise than we store it
            self._marks_file.write_text(json.dumps(asdict(marks)), encoding="utf-8")
        size, head = start, b""
        with self._part.open("ab" if start else "wb") as out:
            for block in blocks(answer):
                out.write(block)
                size += len(block)
                if size > self._most_bytes:
                    raise self._too_large()
                if not start and len(head) < _HEAD_BYTES:
                    head = (head + block)[:_HEAD_BYTES]
                    if len(head) == _HEAD_BYTES:
                        check_kind(head, self._source)
                if time.monotonic() > deadline:
                    raise requests.Timeout("the whole took too long")
                self._on_progress(size, total)
        if total and size < total:
            raise _IncompleteError(f"{size} of {total} bytes")
        if not total and not _ends(self._part):
            raise _IncompleteError(f"{size} bytes without an end")

    def _too_large(self) -> FetchRefusedError:
        return FetchRefusedError(
            f"The publication is larger than {self._most_bytes // 1_000_000} MB.",
            remedy="Raise KB_MAX_UPLOAD_MB if it is wanted all the same.",
        )


def _is_plain(answer: requests.Response) -> bool:
    """Whether the bytes come as they are; we ask for that, but a site may pack them all the same."""
    return answer.headers.get("Content-Encoding", "").strip().lower() in ("", "identity")


def _ends(file: Path) -> bool:
    """Whether a PDF whose length nobody announced has its end; other files have no sure sign of it."""
    with file.open("rb") as stream:
        if not stream.read(5).startswith(b"%PDF-"):
            return True
        stream.seek(max(0, file.stat().st_size - 2048))
        return b"%%EOF" in stream.read()
