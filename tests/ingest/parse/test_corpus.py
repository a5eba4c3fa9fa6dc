"""Every document of the shared corpus is read, or refused in words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kb.ingest.parse.parsed import Parsed
from kb.ingest.parse.runner import ParserProcess
from kb.settings import Settings
from kb.text.normalise import normalise, squash

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def corpus(shared: Path, settings: Settings) -> dict[str, Parsed]:
    root = shared / "corpus"
    with (root / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        paths = [row["path"] for row in csv.DictReader(file, delimiter="\t")]
    with ParserProcess(settings) as process:
        return {path: process.parse(root / path, filename=path) for path in paths}


def test_all_of_its_documents_are_read(corpus: dict[str, Parsed]) -> None:
    assert len(corpus) == 150
    assert sum(len(parsed.pages) for parsed in corpus.values() if parsed.paged) == 601


def test_none_of_its_pages_is_taken_for_noise(corpus: dict[str, Parsed]) -> None:
    assert not [(path, parsed.notices) for path, parsed in corpus.items() if parsed.notices]


def test_every_judged_quotation_is_still_in_its_page(corpus: dict[str, Parsed], shared: Path) -> None:
    with (shared / "eval" / "government" / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    lost = [
        (row["path"], row["page"], row["quote"])
        for row in rows
        if not any(
            squash(row["quote"]) in squash(page.text)
            for page in corpus[row["path"]].pages
            if not row["page"] or page.number == int(row["page"])
        )
    ]
    assert not lost


def test_its_texts_are_clean(corpus: dict[str, Parsed]) -> None:
    for path, parsed in corpus.items():
        for page in parsed.pages:
            assert page.text == normalise(page.text), path
            assert page.text == page.text.strip("\n"), path
            assert "\n\n\n" not in page.text, path
            assert "{%" not in page.text, path


def test_its_headings_begin_inside_their_pages(corpus: dict[str, Parsed]) -> None:
    for path, parsed in corpus.items():
        for page in parsed.pages:
            for heading in page.headings:
                assert heading.title == normalise(heading.title).strip(), path
                assert 0 <= heading.start <= len(page.text), path
                assert heading.level >= 1, path


def test_most_of_its_long_documents_have_sections(corpus: dict[str, Parsed]) -> None:
    long = [parsed for parsed in corpus.values() if sum(len(page.text) for page in parsed.pages) > 5_000]
    with_sections = [parsed for parsed in long if any(page.headings for page in parsed.pages)]
    assert len(with_sections) > 0.9 * len(long)
