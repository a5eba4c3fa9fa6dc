"""How well editions are told from other documents: on a library, and on editions made from its documents.

Run on a library of documents of which no two are editions of one publication:
`python -m kb.evaluation.bench_likeness --data FOLDER`. Prints a table in Markdown and the pairs that are proposed.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kb.ingest.likeness import alike, least_resemblance, resemblance_of, runs_of, sketch_missing
from kb.model.works import Version
from kb.settings import load_settings
from kb.store import Store
from kb.text.language import LANGUAGES, Language

SHARES = (0.05, 0.10, 0.20, 0.30, 0.40)
"""How much of a document is changed in the editions that are made of it."""
_SENTENCE_END = re.compile(r"(?<=[.。!?])\s*|\n")
_LEAST_WORDS = 200
_SEED = 19


def main(data: Annotated[Path, typer.Option(help="The library.")]) -> None:
    """Measure and print."""
    store = Store(load_settings(data_dir=data))
    sketch_missing(store, limit=1_000_000)
    versions = [version for version in store.versions.list() if not version.slug]
    texts = {version.id: "\n".join(page.text for page in store.pages.list(version.id)) for version in versions}
    typer.echo("| changed | title | recognised, English | recognised, Japanese |\n| --- | --- | --- | --- |")
    long = [version for version in versions if version.word_count >= _LEAST_WORDS]
    for share in SHARES:
        for name, title in (("same but for the edition", "{} (2nd edition, June 2026)"), ("another", "Untitled {}")):
            found = {language: _recognised(long, texts, language, share, title) for language in LANGUAGES}
            typer.echo(f"| {share:.0%} | {name} | " + " | ".join(f"{a} of {b}" for a, b in found.values()) + " |")
    started = time.perf_counter()
    pairs = {frozenset((version.id, like.version.id)) for version in versions for like in alike(store, version)}
    took_ms = 1000 * (time.perf_counter() - started) / max(len(versions), 1)
    compared = sum(n * (n - 1) // 2 for n in (sum(v.metadata.language == each for v in versions) for each in LANGUAGES))
    typer.echo(f"\n{len(pairs)} of {compared} pairs are proposed; {took_ms:.0f} ms a document.")
    titles = {version.id: version.title for version in versions}
    for pair in pairs:
        typer.echo("- " + " | ".join(sorted(titles[key] for key in pair)))


def _recognised(
    versions: Sequence[Version], texts: Mapping[str, str], language: Language, share: float, title: str
) -> tuple[int, int]:
    """How many editions in a language are recognised, of how many; each has `share` of its sentences replaced.

    Their publisher is not known, as that of an upload.
    """
    chance = random.Random(_SEED)
    members = [version for version in versions if version.metadata.language == language]
    pool = [sentence for version in members for sentence in _sentences(texts[version.id])]
    recognised = 0
    for number, version in enumerate(members):
        changed = [
            chance.choice(pool) if chance.random() < share else sentence for sentence in _sentences(texts[version.id])
        ]
        named = title.format(version.title) if "{} (" in title else title.format(number)
        edition = replace(version, id="made", metadata=replace(version.metadata, title=named, publisher=""))
        common = resemblance_of(runs_of([texts[version.id]]), runs_of(["\n".join(changed)]))
        recognised += common >= least_resemblance(edition, version)
    return recognised, len(members)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


if __name__ == "__main__":
    typer.run(main)
