"""`python -m kb.evaluation.fit SHARED_DIR`: find the weights of the legs on the development sets, cross-validated.

For every pair of languages a linear model of the evidence is fitted. Its loss has three parts: that the passages of one
language are ranked (softmax over its candidates), that both languages are merged (softmax over the candidates of both),
and that the log-odds mean what they say (logistic loss of the best thirty). Each set and direction weighs the same
however many queries it has, and weights are drawn towards sensible ones. Writes `kb/search/weights.toml` and the
section `fit` of `docs/measurements.md`, whose figures are of queries that were left out of the fit they were scored
with.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from kb.evaluation.judged import Judged, judged_queries
from kb.evaluation.libraries import KEPT
from kb.evaluation.metrics import reciprocal_rank
from kb.evaluation.tables import Figures, write_section
from kb.logs import set_up_logging
from kb.search.calibration import LEGS, Weights
from kb.search.legs import Scored, rank
from kb.search.merge import merge
from kb.settings import PROJECT_DIR
from kb.text.language import LANGUAGES, Language

COMMAND = "python -m kb.evaluation.fit ../shared"
FOLDS, SEED = 5, 7

_SENSIBLE = Weights(bias=-18.0, meaning=1.0, tokens=16.0, stretch=16.0, words=2.0, coverage=0.5)
"""What weights are drawn towards. Meaning brings candidates; next to token matches it hardly ranks them better."""
_SPREAD = Weights(bias=3.0, meaning=5.0, tokens=10.0, stretch=10.0, words=3.0, coverage=1.0)
"""How far weights may be expected to be from there."""
_RIDGE = 0.1
_LEVEL = 0.03
"""Weight of the logistic loss of one passage next to the softmax loss of its query."""
_SHOWN, _LEVELLED = 60, 30
_OWN_FIRST = 0.5
"""Taken off the log-odds of the other language: of two passages that answer equally well, readers want their own first.
The sets cannot say so, since hardly any of their queries has an answer in both."""
_NAMES = ("bias", *LEGS)

Fitted = Mapping[tuple[Language, Language], Weights]
Direction = tuple[str, str, str]
"""A set, a view of the results, a direction such as EN → JA."""


def main(shared: Annotated[Path, typer.Argument(help="Folder with corpus/ and eval/.")], keep: Path = KEPT) -> None:
    """Fit, write the weights and the table of cross-validated figures."""
    set_up_logging("INFO")
    torch.set_num_threads(1)
    judged = judged_queries(shared, keep)
    write_weights(PROJECT_DIR / "kb/search/weights.toml", fit(judged))
    table = cross_validated(judged)
    typer.echo(table.as_markdown())
    write_section(PROJECT_DIR / "docs/measurements.md", "fit", [table])


def fit(judged: Sequence[Judged]) -> Fitted:
    """Weights by language of the query and of the passage."""
    fitted: dict[tuple[Language, Language], Weights] = {}
    for language in LANGUAGES:
        own = [each for each in judged if each.language == language]
        for found, weights in zip(LANGUAGES, _fit(own), strict=True):
            fitted[language, found] = replace(weights, bias=weights.bias - _OWN_FIRST * (found != language))
    return fitted


def left_out(judged: Sequence[Judged]) -> tuple[Mapping[Direction, Sequence[Sequence[int]]], Sequence[bool]]:
    """Gains of every query with weights that were fitted without it, by set, view and direction.

    And of each comparing query whether the first ten of the one list hold an answer in each language that has one.
    """
    drawn = random.Random(SEED)
    folds = [drawn.randrange(FOLDS) for _ in judged]
    gains: dict[Direction, list[Sequence[int]]] = defaultdict(list)
    both: list[bool] = []
    for fold in range(FOLDS):
        fitted = fit([each for each, of in zip(judged, folds, strict=True) if of != fold])
        for each, of in zip(judged, folds, strict=True):
            if of == fold:
                _score(each, fitted, gains, both)
    return gains, both


def cross_validated(judged: Sequence[Judged]) -> Figures:
    """Ranks of queries scored with weights that were fitted without them."""
    gains, both = left_out(judged)
    rows: list[tuple[str | float | int, ...]] = [
        (
            *key,
            len(some),
            round(mean(float(2 in gain[:10]) for gain in some), 4),
            round(mean(reciprocal_rank(gain, least=2) for gain in some), 4),
        )
        for key, some in sorted(gains.items())
    ]
    rows.append(("government", "one list", "both countries in the first ten", len(both), round(mean(both), 4), ""))
    return Figures(
        "Weights of the legs, cross-validated",
        COMMAND,
        ("set", "view", "direction", "queries", "recall@10", "MRR@10"),
        tuple(rows),
        note=f"{FOLDS} folds by query. The evidence of passages alone: without what a query says of documents, their "
        "age, and the spreading of pages and documents.",
    )


def write_weights(file: Path, fitted: Fitted) -> None:
    """Write weights as `kb.search.calibration` reads them."""
    lines = [
        "# Weights of the evidence for each pair of languages (query-passage), see kb/search/calibration.py.",
        f"# Found by `{COMMAND}`, never edited by hand.",
        "# The section `fit` of docs/measurements.md has the figures.",
    ]
    for (asked, found), weights in fitted.items():
        lines += ["", f"[{asked}-{found}]", *(f"{name} = {getattr(weights, name):.2f}" for name in _NAMES)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _score(judged: Judged, fitted: Fitted, gains: Mapping[Direction, list[Sequence[int]]], both: list[bool]) -> None:
    ranked = {
        found: rank(some, judged.language, weights=fitted[judged.language, found])
        for found, some in judged.gathered.items()
    }
    merged = merge(ranked, judged.least)
    for found in judged.due:
        direction = f"{judged.asked.upper()} → {found.upper()}"
        gains[judged.source, "columns", direction].append(_gains(judged, ranked[found]))
        gains[judged.source, "one list", direction].append(
            [gain * (scored.language == found) for gain, scored in zip(_gains(judged, merged), merged, strict=False)]
        )
    if judged.compares:
        answered = {s.language for s in merged[:10] if judged.grades.get(s.row) == 2}
        both.append(set(judged.due) <= answered)


def _gains(judged: Judged, ranked: Sequence[Scored]) -> list[int]:
    return [judged.grades.get(scored.row, 0) for scored in ranked[:20]]


def _fit(judged: Sequence[Judged]) -> list[Weights]:
    """Weights for passages of each language, for queries of one language."""
    answered = [each for each in judged if any(grade == 2 for grade in each.grades.values())]
    counts = Counter((each.source, found) for each in answered for found in each.due)
    shares = np.array([[_share(each, found, counts) for found in LANGUAGES] for each in answered], np.float32)
    evidence, wanted, there = (torch.tensor(array) for array in _padded(answered))
    of_direction, of_query = torch.tensor(shares), torch.tensor(shares.max(axis=1))
    sensible, spread = (torch.tensor([getattr(w, name) for name in _NAMES]) for w in (_SENSIBLE, _SPREAD))
    moved = torch.zeros(len(LANGUAGES), len(_NAMES), requires_grad=True)
    optimiser = torch.optim.LBFGS([moved], max_iter=200, line_search_fn="strong_wolfe")
    nowhere = torch.tensor(-1e9)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        odds = torch.einsum("qlpf,lf->qlp", evidence, sensible + moved * spread)
        odds = torch.where(there, odds, nowhere)
        hits = torch.where(wanted, odds, nowhere)
        ranked = torch.where(wanted.any(2), odds.logsumexp(2) - hits.logsumexp(2), torch.tensor(0.0))
        merged = odds.flatten(1).logsumexp(1) - hits.flatten(1).logsumexp(1)
        best = odds.topk(min(_LEVELLED, odds.shape[2]), dim=2).indices
        level = torch.nn.functional.binary_cross_entropy_with_logits(
            odds.gather(2, best), wanted.gather(2, best).float(), weight=there.gather(2, best).float(), reduction="none"
        ).sum((1, 2))
        total = (of_direction * ranked).sum() + (of_query * (merged + _LEVEL * level)).sum()
        result: torch.Tensor = total / of_direction.sum() + _RIDGE * (moved[:, 1:] ** 2).sum()
        result.backward()  # type: ignore[no-untyped-call]  # torch is not typed there
        return result

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # nor there
    values = (sensible + moved * spread).detach().numpy()
    return [Weights(**dict(zip(_NAMES, map(float, row), strict=True))) for row in values]


def _share(judged: Judged, found: Language, counts: Mapping[tuple[str, Language], int]) -> float:
    return 1 / counts[judged.source, found] if found in judged.due else 0.0


def _padded(
    judged: Sequence[Judged],
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Evidence (queries, languages, passages, features), which answer, and which are there at all.

    The best `_SHOWN` of each language by sensible weights, and all that answer; those that are merely relevant are left
    out, for they are neither.
    """
    kept: dict[tuple[int, int], NDArray[np.int64]] = {}
    for q, each in enumerate(judged):
        for i, language in enumerate(LANGUAGES):
            some = each.gathered[language]
            grades = np.array([each.grades.get(row, 0) for row in some.rows.tolist()])
            best = np.argsort(-_SENSIBLE.log_odds(some.evidence), kind="stable")
            first = np.concatenate((best[grades[best] == 2], best[:_SHOWN][grades[best[:_SHOWN]] == 0]))
            kept[q, i] = first
    width = max(len(rows) for rows in kept.values())
    evidence = np.zeros((len(judged), len(LANGUAGES), width, len(_NAMES)), np.float32)
    wanted = np.zeros(evidence.shape[:3], bool)
    there = np.zeros(evidence.shape[:3], bool)
    for (q, i), rows in kept.items():
        some = judged[q].gathered[LANGUAGES[i]]
        columns = [np.ones(len(rows), np.float32), *(getattr(some.evidence, leg)[rows] for leg in LEGS)]
        evidence[q, i, : len(rows)] = np.stack(columns, axis=1)
        wanted[q, i, : len(rows)] = [judged[q].grades.get(row, 0) == 2 for row in some.rows[rows].tolist()]
        there[q, i, : len(rows)] = True
    return evidence, wanted, there


if __name__ == "__main__":
    typer.run(main)
