"""The libraries that quality is measured on, kept between runs: only what changed is read and embedded again."""

from __future__ import annotations

from pathlib import Path

from kb.app import Kakehashi, open_library
from kb.embedding.loading import load_embedder
from kb.evaluation.crosslingual import write_paragraphs
from kb.index.builder import bring_up_to_date
from kb.ingest.collections import open_collection
from kb.ingest.pipeline import Pipeline
from kb.settings import PROJECT_DIR, load_settings

KEPT = PROJECT_DIR / "index/eval"
"""Where they are kept."""


def open_paragraphs(shared: Path, keep: Path) -> Kakehashi:
    """The encyclopaedia paragraphs of both languages, ready to search."""
    write_paragraphs(shared / "eval/crosslingual", keep / "paragraphs")
    return _library(keep / "crosslingual", keep / "paragraphs")


def open_government(shared: Path, keep: Path) -> Kakehashi:
    """The documents of the government gold set, ready to search."""
    return _library(keep / "government", shared / "corpus")


def _library(data: Path, documents: Path) -> Kakehashi:
    """A library of exactly these documents, up to date and ready to search."""
    settings = load_settings(data_dir=data, index_dir=data / "index", ocr="off")  # the same wherever it is measured
    library = open_library(settings)
    embedder = load_embedder(settings)
    with Pipeline(settings, library.store, embedder) as pipeline:
        pipeline.ingest(open_collection(documents, name="measured"))
    bring_up_to_date(library.store, library.builds, embedder)
    library.load()
    return library
