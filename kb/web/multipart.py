"""A form with files, read as it comes: no file is ever whole in memory, and none waits for the one after it.

Starlette's own parser spools every file of a request to a temporary one and gives them out when the last has come,
with no limit on their size; two hundred files of 50 MB would stand twice on the disk before the first is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from kb.errors import UploadError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FIELDS = 50
MOST_FIELD_BYTES = 10_000


class Files(Protocol):
    """Where the files of a form go, piece by piece; called in a thread that may wait for the disk."""

    def begin(self, filename: str) -> None:
        """A file begins."""

    def write(self, block: bytes) -> None:
        """More of it."""

    def end(self) -> None:
        """It is whole."""


async def read_form(request: Request, files: Files) -> dict[str, str]:
    """Pass on the files of a `multipart/form-data` request as they come; gives its fields, the last of each name.

    Raises `UploadError` where the request is no such form or holds too many or too long fields; files that were ended
    until then are whole. What the connection raises when it breaks off is passed on.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise not_understood()
    form = _Form(files)
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            if form.steps:
                await run_in_threadpool(form.take_steps)
        parser.finalize()
    except FormParserError as error:
        raise not_understood() from error
    if not form.is_whole:
        raise not_understood()
    return form.fields


def not_understood() -> UploadError:
    """What was sent is not a whole form."""
    return UploadError(
        "The files did not arrive whole.", remedy="Add them again; files in the list below have been received."
    )


@dataclass(slots=True)
class _Form:
    """What the parser says, kept as steps until a thread takes them."""

    files: Files
    fields: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str, bytes]] = field(default_factory=list)
    is_whole: bool = False
    _header: bytes = b""
    _value: bytes = b""
    _disposition: bytes = b""
    _name: str = ""
    _text: bytes = b""
    _is_file: bool = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def take_steps(self) -> None:
        """Do what the parser found in the piece it was given."""
        for step, filename, block in self.steps:
            match step:
                case "begin":
                    self.files.begin(filename)
                case "write":
                    self.files.write(block)
                case _:
                    self.files.end()
        self.steps.clear()

    def _begin_part(self) -> None:
        self._disposition, self._text = b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode(errors="replace")
        self._is_file = b"filename" in options
        if self._is_file:
            self.steps.append(("begin", options[b"filename"].decode(errors="replace"), b""))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self.steps.append(("write", "", data[start:end]))
            return
        self._text += data[start:end]
        if len(self._text) > MOST_FIELD_BYTES:
            raise not_understood()

    def _end_part(self) -> None:
        if self._is_file:
            self.steps.append(("end", "", b""))
            return
        self.fields[self._name] = self._text.decode(errors="replace")
        if len(self.fields) > MOST_FIELDS:
            raise not_understood()

    def _end(self) -> None:
        self.is_whole = True
