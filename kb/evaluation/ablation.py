"""`python -m kb.evaluation.ablation SHARED_DIR`: what each leg is worth.

The ranking is fitted and scored anew without it.

An interval is that of the mean over queries, by bootstrap (Efron 1979): 95 of 100 samples of the queries, drawn with
replacement, have their mean in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from kb.evaluation.fit import Direction, left_out
from kb.evaluation.judged import Judged, judged_queries
from kb.evaluation.libraries import KEPT
from kb.evaluation.metrics import reciprocal_rank
from kb.evaluation.tables import Figures, write_section
from kb.logs import set_up_logging
from kb.search.calibration import LEGS, Evidence
from kb.search.legs import Gathered
from kb.settings import PROJECT_DIR

COMMAND = "python -m kb.evaluation.ablation ../shared"
SAMPLES, SEED = 2_000, 11

PARTS: Mapping[str, tuple[str, ...]] = {
    "everything": (),
    "without meaning": ("meaning",),
    "without words": ("words", "coverage"),
    "without the best stretch": ("stretch",),
    "without token by token": ("tokens", "stretch"),
    "meaning alone": ("tokens", "stretch", "words", "coverage"),
    "words alone": ("meaning", "tokens", "stretch"),
    "token by token alone": ("meaning", "words", "coverage"),
}
"""What is left out in each row."""


def main(shared: Annotated[Path, typer.Argument(help="Folder with corpus/ and eval/.")], keep: Path = KEPT) -> None:
    """Measure, print the table and write the section `ablation` of `docs/measurements.md`."""
    set_up_logging("INFO")
    torch.set_num_threads(1)
    table = ablation(judged_queries(shared, keep))
    typer.echo(table.as_markdown())
    write_section(PROJECT_DIR / "docs/measurements.md", "ablation", [table])


def ablation(judged: Sequence[Judged]) -> Figures:
    """MRR@10 in columns by set and direction, with and without each part."""
    rows: list[tuple[str | float | int, ...]] = []
    keys: list[Direction] = []
    for name, legs in PARTS.items():
        gains = left_out([_without(each, legs) for each in judged])[0]
        keys = keys or sorted(key for key in gains if key[1] == "columns")
        rows.append((name, *(_with_interval([reciprocal_rank(g, least=2) for g in gains[key]]) for key in keys)))
    return Figures(
        "What each leg is worth: MRR@10 in columns, cross-validated",
        COMMAND,
        ("", *(f"{source}, {direction}" for source, _, direction in keys)),
        tuple(rows),
        note="With the interval that holds 95 of 100 bootstrap samples of the queries. The weights of what is left are "
        "fitted anew in every row; candidates and what is compared token by token stay the same.",
    )


def _without(judged: Judged, legs: Sequence[str]) -> Judged:
    gathered = {language: _silenced(some, legs) for language, some in judged.gathered.items()}
    return replace(judged, gathered=gathered)


def _silenced(gathered: Gathered, legs: Sequence[str]) -> Gathered:
    nothing = np.zeros(len(gathered.rows), np.float32)
    evidence = Evidence(**{leg: nothing if leg in legs else getattr(gathered.evidence, leg) for leg in LEGS})
    return replace(gathered, evidence=evidence)


def _with_interval(values: Sequence[float]) -> str:
    scores: NDArray[np.float64] = np.array(values)
    drawn = np.random.default_rng(SEED).integers(0, len(scores), (SAMPLES, len(scores)))
    low, high = np.percentile(scores[drawn].mean(axis=1), [2.5, 97.5])
    return f"{scores.mean():.3f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    typer.run(main)
