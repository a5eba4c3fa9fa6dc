"""`python -m kb.evaluation SHARED_DIR`: score search on every development set and keep the tables.

The libraries it searches are kept between runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from kb.evaluation.crosslingual import read_questions, score_questions
from kb.evaluation.government import read_gold, score_library
from kb.evaluation.libraries import KEPT, open_government, open_paragraphs
from kb.evaluation.tables import Figures, write_section
from kb.logs import set_up_logging
from kb.settings import PROJECT_DIR

COMMAND = "make eval"


def main(
    shared: Annotated[Path, typer.Argument(help="Folder with corpus/ and eval/.")],
    keep: Annotated[Path, typer.Option(help="Where the libraries and the JSON are kept.")] = KEPT,
) -> None:
    """Score the encyclopaedia paragraphs and the government gold set; write `docs/measurements.md` and a JSON file."""
    set_up_logging("INFO")
    tables: list[Figures] = []
    library = open_paragraphs(shared, keep)
    tables.append(score_questions(library, read_questions(shared / "eval/crosslingual"), command=COMMAND))
    library.close()
    library = open_government(shared, keep)
    tables.append(score_library(library, read_gold(shared / "eval/government"), command=COMMAND))
    library.close()
    for table in tables:
        typer.echo(table.as_markdown())
    write_section(PROJECT_DIR / "docs/measurements.md", "eval", tables)
    (keep / "eval.json").write_text(json.dumps([table.as_dict() for table in tables], indent=1), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
