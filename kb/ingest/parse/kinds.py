"""What kind of file the bytes are, by their signature and by the name."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from kb.ingest.parse import refusals

Kind = Literal["pdf", "markdown", "html", "docx", "text"]

SUFFIXES: dict[str, Kind] = {
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".txt": "text",
}
"""Endings that are read, lower case."""

MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "markdown": "text/markdown",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text": "text/plain",
}

_HEAD_BYTES = 1024
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office 97-2003 (.doc, .xls, .ppt)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"%!PS", "PostScript"),
)
"""First bytes and the name of what they begin."""
_PROGRAMS = (
    b"\x7fELF",
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
)
"""First bytes of programs: of Linux, of macOS in both orders of bytes and sizes, of macOS for several processors."""
_WINDOWS_PROGRAM = b"MZ"
"""Tried only on bytes that are not text."""
_SCRIPT = re.compile(rb"#![ \t]*/[\w./-]")


def suffix_of(filename: str) -> str:
    """Ending of `filename` with its dot, lower case; the whole name where it has none."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return f".{name.rsplit('.', 1)[1]}" if "." in name else name


def kind_of(data: bytes, filename: str) -> Kind:
    """Kind of the file; raises `EmptyFileError` or `WrongTypeError` where name and bytes do not fit what is read."""
    suffix = suffix_of(filename)
    promised = SUFFIXES.get(suffix)
    if promised is None:
        raise refusals.unsupported(suffix)
    if not data:
        raise refusals.empty()
    if _is_program(data[:_HEAD_BYTES]):
        raise refusals.program()
    found = looks_like(data)
    if promised in ("pdf", "docx"):
        if found != _NAMES[promised]:
            raise refusals.mistaken(suffix=suffix, looks_like=found)
    elif found and found != "HTML":
        raise refusals.mistaken(suffix=suffix, looks_like=found)
    return promised


def looks_like(data: bytes) -> str:
    """Name of the format the bytes look like, the same in any language; empty for plain text and the unknown."""
    head = data[:_HEAD_BYTES]
    if b"%PDF-" in head:
        return "PDF"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(data)
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return "HTML" if _HTML.search(head) else ""


def _is_program(head: bytes) -> bool:
    if head.startswith(_WINDOWS_PROGRAM):
        return b"\x00" in head
    return head.startswith(_PROGRAMS) or _SCRIPT.match(head) is not None


_NAMES: dict[Kind, str] = {"pdf": "PDF", "docx": "Word (.docx)"}
_OFFICE = (("word/", "Word (.docx)"), ("xl/", "Excel (.xlsx)"), ("ppt/", "PowerPoint (.pptx)"))


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        # A Word file that was cut off has lost its directory, which stands at the end; its first entries remain.
        return "Word (.docx)" if b"[Content_Types].xml" in data[:4096] and b"word/" in data else "ZIP"
    for folder, name in _OFFICE:
        if any(entry.startswith(folder) for entry in names):
            return name
    if "mimetype" in names and b"opendocument" in data[:200]:
        return "OpenDocument"
    return "ZIP"
