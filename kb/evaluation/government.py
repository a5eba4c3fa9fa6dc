"""The government gold set: topics with judged quotations over real documents, one table by language direction.

A hit is relevant to a judgement when it comes from that document and holds at least half of its quotation as one run,
both normalised and without white space.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from kb.app import Kakehashi, open_library
from kb.errors import ManifestError
from kb.evaluation.metrics import ndcg, reciprocal_rank
from kb.evaluation.tables import Figures
from kb.model.hits import Hit
from kb.settings import Settings
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import squash

K = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """One relevant place: a quotation in a document, grade 2 where it answers directly."""

    path: str
    quote: str
    grade: int

    def holds(self, path: str, squashed: str) -> bool:
        """Whether a passage (its text without white space) shows this place."""
        if path != self.path:
            return False
        half = max(1, len(self.quote) // 2)
        starts = range(len(self.quote) - half + 1)
        return self.quote in squashed or any(self.quote[i : i + half] in squashed for i in starts)


@dataclass(frozen=True, slots=True)
class Topic:
    """A query with its judgements."""

    qid: str
    language: Language
    kind: str
    query: str
    judgements: tuple[Judgement, ...]


def read_gold(gold: Path) -> list[Topic]:
    """Answerable topics of a gold set."""
    judgements: dict[str, list[Judgement]] = defaultdict(list)
    for row in _rows(gold / "qrels.tsv"):
        judgements[row["qid"]].append(Judgement(row["path"], squash(row["quote"]), int(row["grade"])))
    return [
        Topic(
            row["qid"], "ja" if row["lang"] == "ja" else "en", row["kind"], row["query"], tuple(judgements[row["qid"]])
        )
        for row in _rows(gold / "topics.tsv")
        if row["answerable"] == "yes" and row["qid"] in judgements
    ]


def score_gold(settings: Settings, gold: Path) -> Figures:
    """Score the library's search by direction, in columns and in one list, for judgements of grade 2."""
    library = open_library(settings)
    library.load()
    table = score_library(library, read_gold(gold), command=f"python -m kb eval {gold.name}")
    library.close()
    return table


def score_library(library: Kakehashi, topics: Sequence[Topic], *, command: str) -> Figures:
    """The table of an open library. `recall@10` is the share of topics with a grade 2 hit among the first ten."""
    columns: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    one_list: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    both: list[bool] = []
    languages = {version.path: version.metadata.language for version in library.store.versions.list_all()}
    for topic in topics:
        found = library.search(topic.query, limit=K)
        for language in LANGUAGES:
            wanted = [j for j in topic.judgements if languages.get(j.path) == language]
            if any(j.grade == 2 for j in wanted):
                direction = f"{topic.language.upper()} → {language.upper()}"
                columns[direction].append(_scores(found.by_language[language].hits, wanted))
                one_list[direction].append(_scores(found.merged.hits, wanted))
        if topic.kind == "both":
            gains = {
                language: max(
                    _gains(found.merged.hits, [j for j in topic.judgements if languages.get(j.path) == language]),
                    default=0,
                )
                for language in LANGUAGES
            }
            both.append(all(gain == 2 for gain in gains.values()))
    rows: list[tuple[str | float | int, ...]] = [
        (name, direction, len(scores), *(round(mean(column), 4) for column in zip(*scores, strict=True)))
        for name, results in (("columns", columns), ("one list", one_list))
        for direction, scores in sorted(results.items())
    ]
    rows.append(
        ("one list", "both countries in the first ten", len(both), round(mean(both), 4) if both else 0.0, "", "")
    )
    return Figures(
        "Government gold set",
        command,
        ("view", "direction", "topics", "recall@10", "MRR@10", "nDCG@10"),
        tuple(rows),
        note="Passages of grade 2 (they answer directly); nDCG also counts grade 1.",
    )


def _scores(hits: Sequence[Hit], wanted: Sequence[Judgement]) -> tuple[float, float, float]:
    gains = _gains(hits, wanted)
    return (
        float(max(gains, default=0) == 2),
        reciprocal_rank(gains, least=2, k=K),
        ndcg(gains, [j.grade for j in wanted], k=K),
    )


def _gains(hits: Sequence[Hit], wanted: Sequence[Judgement]) -> list[int]:
    """Gain of each hit; a judgement counts once, at the first hit that shows it."""
    left = list(wanted)
    gains = []
    for hit in hits:
        squashed = squash(hit.passage.text)
        met = [j for j in left if j.holds(hit.version.path, squashed)]
        gains.append(max((j.grade for j in met), default=0))
        left = [j for j in left if j not in met]
    return gains


def _rows(path: Path) -> Sequence[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise ManifestError(f"The gold set has no {path.name}.", remedy="Name a folder that holds it.") from error
