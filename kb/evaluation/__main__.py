"""`python -m kb.evaluation SHARED_DIR`: score search on every development set and keep the tables.

The libraries it searches are kept between runs, so that only what changed is read and embedded again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from kb.app import Kakehashi, open_library
from kb.embedding.loading import load_embedder
from kb.evaluation.crosslingual import read_questions, score_questions, write_paragraphs
from kb.evaluation.government import read_gold, score_library
from kb.evaluation.tables import Figures, write_section
from kb.index.builder import write_build
from kb.ingest.collections import open_collection
from kb.ingest.pipeline import Pipeline
from kb.logs import set_up_logging
from kb.settings import PROJECT_DIR, load_settings

COMMAND = "make eval"


def main(
    shared: Annotated[Path, typer.Argument(help="Folder with corpus/ and eval/.")],
    keep: Annotated[Path, typer.Option(help="Where the libraries and the JSON are kept.")] = PROJECT_DIR / "index/eval",
) -> None:
    """Score the encyclopaedia paragraphs and the government gold set; write `docs/measurements.md` and a JSON file."""
    set_up_logging("INFO")
    paragraphs = keep / "paragraphs"
    write_paragraphs(shared / "eval/crosslingual", paragraphs)
    tables: list[Figures] = []
    library = _library(keep / "crosslingual", paragraphs)
    tables.append(score_questions(library, read_questions(shared / "eval/crosslingual"), command=COMMAND))
    library.close()
    library = _library(keep / "government", shared / "corpus")
    tables.append(score_library(library, read_gold(shared / "eval/government"), command=COMMAND))
    library.close()
    for table in tables:
        typer.echo(table.as_markdown())
    write_section(PROJECT_DIR / "docs/measurements.md", "eval", tables)
    (keep / "eval.json").write_text(json.dumps([table.as_dict() for table in tables], indent=1), encoding="utf-8")


def _library(data: Path, documents: Path) -> Kakehashi:
    """A library of exactly these documents, up to date and ready to search."""
    settings = load_settings(data_dir=data, index_dir=data / "index")
    library = open_library(settings)
    embedder = load_embedder(settings)
    with Pipeline(settings, library.store, embedder) as pipeline:
        receipts = pipeline.ingest(open_collection(documents, name="measured"))
    if any(receipt.outcome != "unchanged" for receipt in receipts) or library.builds.current() is None:
        write_build(library.store, library.builds, embedder.model_id, embedder=embedder)
    library.load()
    return library


if __name__ == "__main__":
    typer.run(main)
