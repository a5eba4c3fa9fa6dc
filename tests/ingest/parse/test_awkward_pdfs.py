"""The manifest of awkward PDFs says what must come of each; it drives these tests."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest

from kb.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedPdfError,
    GarbledTextError,
    LimitExceededError,
    NoTextLayerError,
    UnreadableDocumentError,
    WrongTypeError,
)
from kb.ingest.parse.parsed import Parsed
from kb.ingest.parse.runner import ParserProcess
from kb.settings import Settings

MANIFEST = Path(__file__).resolve().parents[4] / "shared" / "awkward-pdfs" / "MANIFEST.tsv"
PHRASES: dict[str, tuple[type[UnreadableDocumentError], ...]] = {
    "encrypted / password needed": (EncryptedPdfError,),
    "no text layer": (NoTextLayerError,),
    "text layer unreadable (garbled)": (GarbledTextError,),
    "empty file": (EmptyFileError,),
    "not a PDF": (WrongTypeError, DamagedFileError),
    "damaged": (WrongTypeError, DamagedFileError),
    "too many pages": (LimitExceededError,),
    "too large when decompressed": (LimitExceededError,),
    ", or clear error;": (LimitExceededError, DamagedFileError),
}
SLOWEST_S = 75
"""The time one file may take, and some for a busy machine to notice that it is over."""
MOST_MB = 1_000


def rows() -> list[dict[str, str]]:
    if not MANIFEST.is_file():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not MANIFEST.is_file(), reason="the awkward PDFs are not beside the checkout"),
]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_an_awkward_pdf_has_the_outcome_its_manifest_expects(row: dict[str, str], parser: ParserProcess) -> None:
    expected = row["expected_behaviour"]
    wanted = re.findall(r'"([^"]+)"', expected)
    allowed = tuple(kind for phrase, kinds in PHRASES.items() if phrase in expected for kind in kinds)
    assert wanted or allowed, f"the manifest says nothing that this test understands: {expected}"
    started = time.monotonic()
    outcome = read(parser, MANIFEST.parent / row["file"])
    assert time.monotonic() - started < SLOWEST_S
    if isinstance(outcome, UnreadableDocumentError):
        assert isinstance(outcome, allowed)
        assert outcome.message.endswith(".")
        assert outcome.remedy.endswith(".")
    else:
        text = "\n".join(page.text for page in outcome.pages)
        assert wanted, "text where only an error is right"
        assert all(words in text or words in text.replace("\n", " ") for words in wanted)


def read(parser: ParserProcess, path: Path) -> Parsed | UnreadableDocumentError:
    try:
        return parser.parse(path, filename=path.name)
    except UnreadableDocumentError as error:
        return error


@pytest.mark.parametrize("name", ["jbig2_bomb.pdf", "flate_bomb_300mb.pdf"])
def test_a_bomb_takes_less_than_a_gigabyte(name: str, settings: Settings) -> None:
    with ParserProcess(settings) as process:
        read(process, MANIFEST.parent / name)
        status = Path(f"/proc/{process.pid}/status")
        if process.pid is None or not status.is_file():
            pytest.skip("the memory of a process can be asked on Linux only")
        peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert peak is not None
        assert int(peak.group(1)) / 1_000 < MOST_MB


def test_radicals_in_a_text_layer_become_the_characters_people_type(parser: ParserProcess) -> None:
    parsed = parser.parse(MANIFEST.parent / "ja_kangxi_radicals.pdf", filename="a.pdf")
    assert "一つの箱内に収めたもの" in parsed.pages[0].text
    assert "\u2f00" not in parsed.pages[0].text


def test_letter_spaced_japanese_is_written_together(parser: ParserProcess) -> None:
    parsed = parser.parse(MANIFEST.parent / "ja_letterspaced.pdf", filename="a.pdf")
    assert parsed.pages[0].text.count("あのイーハトーヴォのすきとおった風") >= 7


def test_a_form_that_only_adobe_reader_opens_is_named_as_such(parser: ParserProcess) -> None:
    parsed = parser.parse(MANIFEST.parent / "xfa_placeholder.pdf", filename="a.pdf")
    assert [notice.code for notice in parsed.notices] == ["xfa-form"]


def test_pages_that_cannot_be_opened_are_named(parser: ParserProcess) -> None:
    parsed = parser.parse(MANIFEST.parent / "cyclic_page_tree.pdf", filename="a.pdf")
    assert [(notice.code, notice.facts["pages"]) for notice in parsed.notices] == [("unreadable-pages", "2")]
