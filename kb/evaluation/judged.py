"""Development queries with what the legs bring for them and which of it answers: what weights are fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.app import Kakehashi
from kb.evaluation.crosslingual import read_questions
from kb.evaluation.government import read_gold
from kb.evaluation.libraries import open_government, open_paragraphs
from kb.search.legs import Gathered
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import squash

MOST_QUESTIONS = 300
"""Of one direction of the encyclopaedia sets."""

Grades = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A development query with what was gathered for it, and the grade of each row that has one.

    `asked` is the language of the topic, `language` what the query is taken for: a mere identifier may be either. `due`
    are the languages that hold an answer.
    """

    source: str
    asked: Language
    language: Language
    least: Mapping[Language, float]
    gathered: Mapping[Language, Gathered]
    grades: Grades
    due: tuple[Language, ...]
    compares: bool


def judged_queries(shared: Path, keep: Path) -> list[Judged]:
    """Every development query."""
    library = open_government(shared, keep)
    judged = government(library, shared)
    library.close()
    library = open_paragraphs(shared, keep)
    judged += paragraphs(library, shared)
    library.close()
    return judged


def government(library: Kakehashi, shared: Path) -> list[Judged]:
    """Queries of the government gold set."""
    engine = library.load()
    versions = {version.id: version for version in library.store.versions.list_all()}
    languages = {version.path: version.metadata.language for version in versions.values()}
    found = []
    for topic in read_gold(shared / "eval/government"):
        query, gathered = engine.gathered(topic.query, limit=10)
        grades: dict[int, int] = {}
        for some in gathered.values():
            passages = library.store.passages.by_row(some.rows.tolist())
            for row, version_id in zip(some.rows.tolist(), some.versions, strict=True):
                path, text = versions[version_id].path, squash(passages[row].text)
                grades[row] = max((j.grade for j in topic.judgements if j.holds(path, text)), default=0)
        due = {languages.get(j.path) for j in topic.judgements if j.grade == 2}
        answering = tuple(language for language in LANGUAGES if language in due)
        found.append(
            Judged(
                "government",
                topic.language,
                query.language,
                engine.least(query),
                gathered,
                grades,
                answering,
                topic.kind == "both",
            )
        )
    return found


def paragraphs(library: Kakehashi, shared: Path) -> list[Judged]:
    """Questions about encyclopaedia paragraphs, evenly drawn where there are many."""
    engine = library.load()
    paths = {version.id: version.path for version in library.store.versions.list_all()}
    found = []
    for direction, questions in read_questions(shared / "eval/crosslingual").items():
        for asked in questions[:: max(1, round(len(questions) / MOST_QUESTIONS))]:
            query, gathered = engine.gathered(asked.query, limit=10)
            grades = {
                row: 2 * (paths[version_id] == asked.path)
                for some in gathered.values()
                for row, version_id in zip(some.rows.tolist(), some.versions, strict=True)
            }
            due: Language = "ja" if asked.path.startswith("ja") else "en"
            topic: Language = "ja" if direction.startswith("JA") else "en"
            found.append(
                Judged(
                    "paragraphs", topic, query.language, engine.least(query), gathered, grades, (due,), compares=False
                )
            )
    return found
