"""Paragraphs of two encyclopaedias and questions about them: search across languages where nothing else helps.

XQuAD (English) and JSQuAD (Japanese) paragraphs stand in one library; a query's one relevant document is the paragraph
it was asked about. Scored in the merged list, the hardest case: the other language's passages are all distractors.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from kb.app import Kakehashi
from kb.evaluation.metrics import ndcg, reciprocal_rank
from kb.evaluation.tables import Figures

K = 10
SAME_LANGUAGE_QUERIES = {"en": 600, "ja": 1_000}
_SEPARATOR = " [SEP] "


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the path of the paragraph that answers it."""

    query: str
    path: str


def write_paragraphs(shared: Path, folder: Path) -> None:
    """Write every paragraph as a text file with a manifest, so that the library reads them as it reads anything."""
    rows = ["path\ttitle\tpublisher\tlanguage"]
    for language, source in (("en", "xquad-en.json"), ("ja", "jsquad-valid-v1.3.json")):
        for number, (title, text, _) in enumerate(_paragraphs(shared / source)):
            path = f"{language}/{number:04d}.txt"
            (folder / language).mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
            rows.append(f"{path}\t{title}\tencyclopaedia\t{language}")
    (folder / "MANIFEST.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def read_questions(shared: Path) -> dict[str, list[Asked]]:
    """Development questions by direction."""
    asked: dict[str, list[Asked]] = {}
    for direction, file, language in (("EN → JA", "dev-en2ja.tsv", "ja"), ("JA → EN", "dev-ja2en.tsv", "en")):
        with (shared / file).open(encoding="utf-8", newline="") as stream:
            asked[direction] = [
                Asked(row["query"], f"{language}/{int(row['paragraph_index']):04d}.txt")
                for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    for language, source in (("en", "xquad-en.json"), ("ja", "jsquad-valid-v1.3.json")):
        own = [
            Asked(question, f"{language}/{number:04d}.txt")
            for number, (_, _, questions) in enumerate(_paragraphs(shared / source))
            for question in questions
        ]
        asked[f"{language.upper()} → {language.upper()}"] = own[: SAME_LANGUAGE_QUERIES[language]]
    return asked


def score_questions(library: Kakehashi, asked: dict[str, list[Asked]], *, command: str) -> Figures:
    """MRR@10, nDCG@10 and recall@10 of the merged list by direction."""
    rows = []
    for direction, questions in sorted(asked.items()):
        gains = [_gains(library, question) for question in questions]
        rows.append(
            (
                direction,
                len(questions),
                round(mean(reciprocal_rank(g, k=K) for g in gains), 4),
                round(mean(ndcg(g, [1], k=K) for g in gains), 4),
                round(mean(float(any(g)) for g in gains), 4),
            )
        )
    return Figures(
        "Encyclopaedia paragraphs, both languages in one list",
        command,
        ("direction", "queries", "MRR@10", "nDCG@10", "recall@10"),
        tuple(rows),
    )


def _gains(library: Kakehashi, question: Asked) -> list[int]:
    """1 at the first hit of the right paragraph, 0 elsewhere; paragraphs are counted once."""
    paths = dict.fromkeys(hit.version.path for hit in library.search(question.query, limit=2 * K).merged.hits)
    return [int(path == question.path) for path in list(paths)[:K]]


def _paragraphs(source: Path) -> Sequence[tuple[str, str, list[str]]]:
    found = []
    for article in json.loads(source.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            title, separator, text = paragraph["context"].partition(_SEPARATOR)
            if not separator:
                title, text = article.get("title", "").replace("_", " "), paragraph["context"]
            found.append((title, text, [asked["question"] for asked in paragraph["qas"]]))
    return found
