"""Damaged and hostile files end at most the process that opens them, in time and within its memory.

Fifty mutations by default; `MUTATIONS=1000` tries as many. Each has a number, by which it can be made again.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from made_library import make_pdf, small_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kb.errors import UnreadableDocumentError
from kb.ingest.parse.parsed import Parsed
from kb.ingest.parse.runner import ParserProcess
from kb.settings import Settings
from tests.ingest.parse.conftest import SHARED
from tests.ingest.parse.mutator import mutated

MUTATIONS = int(os.environ.get("MUTATIONS", "50"))
LIMIT_S = 15
SLACK_S = 10
"""For a busy machine to notice that the time is over, and to start a new process."""
MEMORY_MB = 700
LARGEST_BYTES = 500_000


def table_and_picture() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.bookmarkPage("one")
    canvas.addOutlineEntry("One", "one")
    canvas.grid([60, 160, 260, 360], [500, 530, 560, 590])
    canvas.drawString(70, 510, "cell")
    picture = Image.effect_noise((120, 120), 40)
    canvas.drawImage(ImageReader(picture), 60, 200, 200, 200)
    canvas.acroForm.textfield(name="name", x=60, y=100)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def files() -> list[bytes]:
    """Small files made here, and where it is there the awkward set."""
    made = [small_pdf(), make_pdf("One page", title="One"), table_and_picture()]
    awkward = sorted((SHARED / "awkward-pdfs").glob("*.pdf"))
    return made + [data for path in awkward if 0 < len(data := path.read_bytes()) <= LARGEST_BYTES]


def outcome(process: ParserProcess, path: Path, seed: int) -> str:
    """What becomes of reading a file and drawing its first page: a text, or the code of a refusal in words."""
    refused: list[UnreadableDocumentError] = []
    try:
        assert isinstance(process.parse(path, filename="mutated.pdf", wordless=seed % 2 == 0), Parsed)
    except UnreadableDocumentError as error:
        refused.append(error)
    try:
        assert process.draw(path, page=1, passage="page of words", words=["page"]).jpeg
    except UnreadableDocumentError as error:
        refused.append(error)
    assert all(error.message.endswith(".") and error.remedy.endswith(".") for error in refused)
    return str(refused[0].facts.get("reason", refused[0].code)) if refused else "read"


def test_no_mutated_file_breaks_a_limit_or_the_reader(files: list[bytes], settings: Settings, tmp_path: Path) -> None:
    tight = settings.model_copy(update={"parse_timeout_s": LIMIT_S, "parse_memory_mb": MEMORY_MB})
    whole = tmp_path / "whole.pdf"
    whole.write_bytes(small_pdf())
    path = tmp_path / "mutated.pdf"
    outcomes: Counter[str] = Counter()
    slowest_s = 0.0
    with ParserProcess(tight) as process:
        for seed in range(MUTATIONS):
            path.write_bytes(mutated(files, seed))
            started = time.monotonic()
            outcomes[outcome(process, path, seed)] += 1
            took_s = time.monotonic() - started
            slowest_s = max(slowest_s, took_s)
            assert took_s < 2 * (LIMIT_S + SLACK_S), f"mutation {seed} took {took_s:.0f} s"
        assert process.parse(whole, filename="whole.pdf").title == "Service Standard of the made library"
    assert process.peak_mb <= MEMORY_MB
    sys.stdout.write(
        f"{MUTATIONS} mutations: {dict(outcomes)}; slowest {slowest_s:.1f} s; most memory {process.peak_mb} MB\n"
    )


def test_a_mutation_can_be_made_again(files: list[bytes]) -> None:
    assert mutated(files, 7) == mutated(files, 7)
    assert mutated(files, 7) != mutated(files, 8)
