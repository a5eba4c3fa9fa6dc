from __future__ import annotations

import io
import zipfile

import pytest

from kb.errors import EmptyFileError, WrongTypeError
from kb.ingest.parse.kinds import kind_of, looks_like, suffix_of


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7\n", "Report.PDF", "pdf"),
        (b"\n\n%PDF-1.4\n", "report.pdf", "pdf"),
        (b"# Title", "a.markdown", "markdown"),
        (b"<!doctype html><p>x", "a.htm", "html"),
        (b"<p>fragment", "a.html", "html"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.docx", "docx"),
        (b"plain", "folder.v2/a.txt", "text"),
        (b"MZ is how this text begins", "a.txt", "text"),
    ],
)
def test_name_and_bytes_tell_the_kind(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("data", "name", "looks"),
    [
        (b"<html><body>Sign in", "a.pdf", "HTML"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.pdf", "Word (.docx)"),
        (archive("xl/workbook.xml"), "a.docx", "Excel (.xlsx)"),
        (b"%PDF-1.7", "a.docx", "PDF"),
        (b"%PDF-1.7", "a.md", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "PNG"),
        (b"{\\rtf1", "a.docx", "RTF"),
    ],
)
def test_a_wrong_name_is_refused_with_what_the_file_looks_like(data: bytes, name: str, looks: str) -> None:
    with pytest.raises(WrongTypeError) as caught:
        kind_of(data, name)
    assert caught.value.facts["looks_like"] == looks


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.txt", "a.md"])
@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01",
        b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x02",
        b"#!/bin/sh\nrm -r x",
        b"#! /usr/bin/env python3\n",
    ],
)
def test_a_program_is_refused_as_one_whatever_it_is_called(data: bytes, name: str) -> None:
    with pytest.raises(WrongTypeError) as caught:
        kind_of(data, name)
    assert caught.value.facts == {"reason": "wrong-type-program"}


@pytest.mark.parametrize("data", [b"#!important words", b"# Title", b"MZ of text", b"#hashtag /bin"])
def test_words_are_no_program(data: bytes) -> None:
    assert kind_of(data, "a.md") == "markdown"


def test_an_unknown_content_under_a_known_name_is_refused() -> None:
    with pytest.raises(WrongTypeError) as caught:
        kind_of(b"just words", "a.pdf")
    assert caught.value.facts["reason"] == "wrong-type-unknown"


@pytest.mark.parametrize("name", ["a.xlsx", "a.exe", "README", ".pdf.zip"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(WrongTypeError) as caught:
        kind_of(b"x", name)
    assert caught.value.facts["suffix"] == suffix_of(name)


def test_no_bytes_are_an_empty_file() -> None:
    with pytest.raises(EmptyFileError):
        kind_of(b"", "a.pdf")


def test_a_word_file_that_was_cut_off_still_looks_like_one() -> None:
    data = archive("[Content_Types].xml", "word/document.xml")
    assert looks_like(data[: data.index(b"PK\x01\x02")]) == "Word (.docx)"
