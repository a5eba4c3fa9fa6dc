from __future__ import annotations

import pytest

from kb.errors import DamagedFileError, EmptyFileError
from kb.ingest.parse import plain
from kb.ingest.parse.decoding import decode
from kb.ingest.parse.parsed import Limits, Parsed

JAPANESE = "令和5年版の白書です。データの流通について述べます。"


def read(data: bytes) -> Parsed:
    return plain.parse(data, limits=Limits(10, 100_000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_japanese_is_read_in_every_usual_encoding(encoding: str) -> None:
    page = read(JAPANESE.encode(encoding)).pages[0]
    assert page.text == JAPANESE
    assert page.language == "ja"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252", "ascii"])
def test_english_is_read_in_every_usual_encoding(encoding: str) -> None:
    text = "Services for everyone" if encoding == "ascii" else "Services cost £5 – “all” of them"
    assert read(text.encode(encoding)).pages[0].text == text


def test_a_few_bad_bytes_do_not_make_utf8_something_else() -> None:
    assert "データの流通" in decode(JAPANESE.encode() * 20 + b"\xff\xfe")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DamagedFileError):
        read(bytes(range(256)) * 40)


def test_white_space_alone_holds_no_words() -> None:
    with pytest.raises(EmptyFileError):
        read(b" \n\t\n ")


def test_chapters_of_a_japanese_report_are_headings() -> None:
    page = read("第1章　データ流通の進展\n本章では概観する。第1節　通信基盤\n固定通信がある。\n".encode()).pages[0]
    assert [(h.level, h.title) for h in page.headings] == [(2, "第1章 データ流通の進展"), (3, "第1節 通信基盤")]


def test_english_wrapped_by_hand_is_joined_and_lists_are_not() -> None:
    wrapped = (
        "The digital strategy explains how government will redesign its\n"
        "services so that people prefer to use them online and at any hour\n"
        "of the day.\n"
    )
    assert read(f"{wrapped}\n- one\n- two\n".encode()).pages[0].text == (
        "The digital strategy explains how government will redesign its services so that people prefer to use them"
        " online and at any hour of the day.\n\n- one\n- two"
    )
