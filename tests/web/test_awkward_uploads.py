"""The awkward PDFs through the upload route and the worker: each ends as its manifest says, in both languages."""

from __future__ import annotations

import csv
import re
import signal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hash_embedder import HashEmbedder

from kb.ingest import worker

MANIFEST = Path(__file__).resolve().parents[3] / "shared" / "awkward-pdfs" / "MANIFEST.tsv"
ENDS = {
    "encrypted / password needed": {"encrypted"},
    "no text layer": {"no-text-layer"},
    "text layer unreadable (garbled)": {"garbled"},
    "empty file": {"empty-file"},
    "not a PDF": {"wrong-type", "damaged"},
    "damaged": {"wrong-type", "damaged"},
    "too many pages": {"limit"},
    "too large when decompressed": {"limit"},
    ", or clear error;": {"limit", "damaged"},
}
"""Phrases of the manifest and the codes that may come of them."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not MANIFEST.is_file(), reason="the awkward PDFs are not beside the checkout"),
]


def rows():
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture
def uploaded(client, library, monkeypatch):
    """Sends every file in one form and reads them all; gives the jobs by the name of their file."""
    library.settings = library.settings.model_copy(update={"ocr": "off"})  # the manifest speaks of layers of text
    monkeypatch.setattr(worker, "load_embedder", lambda _: HashEmbedder())
    before = signal.getsignal(signal.SIGTERM)
    files = [("files", (row["file"], (MANIFEST.parent / row["file"]).read_bytes())) for row in rows()]
    answer = client.post("/uploads?lang=en", files=files, headers={"Accept": "application/json"})
    assert [file["filename"] for file in answer.json()["files"]] == [row["file"] for row in rows()]
    assert {file["problem"] for file in answer.json()["files"]} == {""}
    settings = library.settings.model_copy(update={"ocr": "off"})  # the manifest is about files as they are
    worker.work(settings, once=True)
    signal.signal(signal.SIGTERM, before)
    return {job.filename: job for job in library.store.jobs.list(limit=100)}


def shown(client, language):
    """Text of every row of the list, by the name of the file."""
    found = {}
    for page in (1, 2):
        soup = BeautifulSoup(client.get(f"/uploads?lang={language}&files={page}").text, "html.parser")
        for row in soup.select(".kb-job"):
            found[re.search(r"[\w.-]+\.pdf", row.get_text(" ")).group()] = row.get_text(" ")
    return found


def test_each_ends_as_its_manifest_says_with_a_sentence_in_both_languages(uploaded, client, library):
    english, japanese = shown(client, "en"), shown(client, "ja")
    for row in rows():
        job, expected = uploaded[row["file"]], row["expected_behaviour"]
        wanted = re.findall(r'"([^"]+)"', expected)
        allowed = {code for phrase, codes in ENDS.items() if phrase in expected for code in codes}
        assert job.state in ("done", "failed"), row["file"]
        if job.state == "failed":
            assert job.problem in allowed, row["file"]
            assert re.search(r"[\w)”]\. .+\.", english[row["file"]]), row["file"]
            assert japanese[row["file"]].count("。") >= 2, row["file"]
            assert "unexpected" not in english[row["file"]]
        else:
            text = "\n".join(passage.text for passage in library.store.passages.list(job.version_id))
            assert library.store.versions.get(job.version_id).passage_count > 0
            assert wanted, f"{row['file']} is in the library where only an error is right"
            assert all(words in text or words in text.replace("\n", " ") for words in wanted), row["file"]
            assert "Open the document" in english[row["file"]]
            assert "資料を開く" in japanese[row["file"]]
