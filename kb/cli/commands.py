"""The commands of a library, and `main`, which runs one of them."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kb.cli import keeping, playbook, sources
from kb.cli.report import report
from kb.cli.terminal import AsJson, Data, err, out, progress, settings_of
from kb.errors import KbError, ManifestError, QueryError, SettingsError
from kb.model.hits import Filters, Hit, SearchResult
from kb.model.receipts import Receipt

_NICENESS = 5
"""Of the worker: whoever searches at the same time is served first."""

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The library of Kakehashi.", rich_markup_mode=None)
app.add_typer(sources.app, name="sources")
app.add_typer(playbook.app, name="playbook")
app.add_typer(keeping.app)


def main() -> None:
    """Run the command line; a known failure is one sentence and exit code 1."""
    try:
        app()
    except KbError as error:
        err.print(Text(error.message or str(error), "bold"), soft_wrap=True)
        if error.remedy:
            err.print(Text(error.remedy), soft_wrap=True)
        raise SystemExit(1) from None


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders.")] = None,
    manifest: Annotated[Path | None, typer.Option(help="TSV that names and describes the files.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Read files and folders into the library; only what changed is read again."""
    from kb.app import open_library
    from kb.embedding.loading import load_embedder
    from kb.index.builder import bring_up_to_date
    from kb.ingest.collections import PLAYBOOK, open_collection
    from kb.ingest.pipeline import Pipeline
    from kb.ingest.pipeline import Progress as Step
    from kb.playbook.searchable import PublishedPages

    settings = settings_of(data)
    if not paths and not manifest:
        raise ManifestError("Nothing to read was named.", remedy="Name files or folders: python -m kb ingest PATH...")
    roots = paths or [manifest.parent] if manifest else paths or []
    library = open_library(settings)
    pages = PublishedPages(library.store)
    change = 0
    receipts: list[Receipt] = []
    with progress() as bar:
        task = bar.add_task("Preparing the model", total=None)
        embedder = load_embedder(settings, lambda message: bar.update(task, description=message))

        def show(step: Step) -> None:
            part = f" {step.done}/{step.total}" if step.total else ""
            words = f"{step.stage.capitalize()}{part} {Path(step.file).name[:40]}"
            bar.update(task, total=step.files_total, completed=step.files_done, description=words)

        with Pipeline(settings, library.store, embedder) as pipeline:
            for root in roots:
                is_ours = root.resolve() == settings.corpus_dir.resolve()
                if is_ours:  # its pages were brought into the playbook when the library was opened
                    change = pages.change()
                    with pages.collection() as published:
                        receipts += pipeline.ingest(published, on_progress=show)
                collection = open_collection(
                    root,
                    manifest=manifest,
                    name="docs_corpus" if is_ours else "",
                    without=PLAYBOOK if is_ours else "",
                )
                receipts += pipeline.ingest(collection, on_progress=show)
    if change:
        pages.note_read(change)
    report(receipts, as_json=as_json)  # before the index: if that fails, what was read is known all the same
    with progress() as bar:
        bar.add_task("Writing the index", total=None)
        bring_up_to_date(library.store, library.builds, embedder)
    library.close()


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="A question or a few words.")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    lang: Annotated[str, typer.Option(help="Only documents in this language: en or ja.")] = "",
    country: Annotated[str, typer.Option(help="Documents of this country: uk, jp, both or other.")] = "",
    current_only: Annotated[bool, typer.Option("--current-only/--all-editions")] = True,
    columns: Annotated[bool, typer.Option(help="The best of each document language.")] = False,
    batch: Annotated[Path | None, typer.Option(help="TSV with columns qid and query.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Search for a query, or for every query of a file (then one JSON object a line)."""
    from kb.app import open_library
    from kb.library.presence import require_library

    filters = Filters(
        languages=(_one_of("--lang", lang, ("en", "ja")),) if lang else (),
        countries=(_one_of("--country", country, ("uk", "jp", "both", "other")),) if country else (),
        current_only=current_only,
    )
    if (query is None) == (batch is None):
        raise SettingsError("Search needs either a query or --batch FILE.", remedy="Give one of them.")
    settings = settings_of(data)
    require_library(settings)
    library = open_library(settings)
    library.load()
    if batch is not None:
        for qid, text in _topics(batch):
            try:
                answer = _found(library.search(text, filters=filters, limit=limit), columns=columns)
            except QueryError as error:  # one query nobody can search for must not cost the others their answers
                reason = str(error.facts.get("reason", error.code))
                answer = {"query": text, "took_ms": 0.0, "hits": [], "error": reason, "message": str(error)}
            print(json.dumps({"qid": qid, **answer}, ensure_ascii=False), flush=True)
    else:
        found = library.search(query or "", filters=filters, limit=limit)
        if as_json:
            print(json.dumps(_found(found, columns=columns), ensure_ascii=False))
        else:
            _show(found, columns=columns)
    library.close()


@app.command()
def stats(data: Data = None, as_json: AsJson = False) -> None:
    """Count what the library holds."""
    from kb.library.stats import library_stats

    figures = library_stats(settings_of(data))
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    table = Table("what", "number", box=None)
    for name, number in figures.items():
        table.add_row(
            name.replace("_", " "),
            Text(", ".join(f"{k} {v}" for k, v in number.items()) if isinstance(number, dict) else str(number)),
        )
    out.print(table)


@app.command()
def doctor(data: Data = None, as_json: AsJson = False) -> None:
    """Check that the library is whole; exit code 1 and a remedy where it is not."""
    from kb.library.doctor import examine

    findings = examine(settings_of(data))
    if as_json:
        print(
            json.dumps(
                [{"check": f.check, "ok": f.ok, "detail": f.detail, "remedy": f.remedy} for f in findings],
                ensure_ascii=False,
            )
        )
    else:
        for finding in findings:
            verdict = "ok     " if finding.ok else "WRONG  "
            out.print(Text(f"{verdict}{finding.check}: {finding.detail}"), soft_wrap=True)
            if not finding.ok:
                out.print(Text(f"       {finding.remedy}"), soft_wrap=True)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def rebuild(
    embed: Annotated[bool, typer.Option("--embed", help="Also make the vectors the present model lacks.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make the index again from the truth; no passage is embedded again."""
    from kb.library.rebuild import rebuild as run

    with progress() as bar:
        task = bar.add_task("Writing the index", total=None)
        manifest = run(
            settings_of(data),
            embed=embed,
            on_progress=lambda message, done, total: bar.update(task, description=message, completed=done, total=total),
        )
    if as_json:
        print(
            json.dumps({"model_id": manifest.model_id, "revision": manifest.revision, "counts": dict(manifest.counts)})
        )
    else:
        out.print(f"The index holds {sum(manifest.counts.values())} passages.")


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting.")] = False,
    parent: Annotated[int | None, typer.Option(metavar="PID", help="Stop when this process is gone.")] = None,
    data: Data = None,
) -> None:
    """Read uploads that are waiting, until stopped."""
    from kb.ingest.likeness import propose_edition
    from kb.ingest.worker import work
    from kb.library.samples import SampleSearches
    from kb.playbook.searchable import PublishedPages

    settings = settings_of(data)
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    checks = (SampleSearches(settings), propose_edition)
    if work(settings, once=once, parent=parent, checks=checks, follow=PublishedPages) == "worn":
        os.execv(sys.executable, sys.orig_argv)  # the same process, with its memory given back


@app.command("eval")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="Folder with topics.tsv and qrels.tsv.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Score the library's search on a gold set over its documents."""
    from kb.evaluation.government import score_gold

    table = score_gold(settings_of(data), gold)
    if as_json:
        print(json.dumps(table.as_dict(), ensure_ascii=False))
    else:
        out.print(table.as_markdown(), highlight=False)


def _topics(batch: Path) -> list[tuple[str, str]]:
    """Number and text of every query of a file; a text that is missing is empty."""
    try:
        with batch.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "query" not in (reader.fieldnames or ()):
                raise ManifestError(f"{batch} has no column “query”.", remedy="Write a header line with qid and query.")
            return [(row.get("qid") or "", row["query"] or "") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{batch} cannot be read: {error}.", remedy="Save it as UTF-8 text.") from error


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise typer.BadParameter(f"one of {', '.join(allowed)}", param_hint=option)
    return value


def _found(found: SearchResult, *, columns: bool) -> dict[str, object]:
    hits = [hit for ranking in found.by_language.values() for hit in ranking.hits] if columns else found.merged.hits
    return {"query": found.query.raw, "took_ms": found.took_ms, "hits": [_hit(hit) for hit in hits]}


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank,
        "path": hit.version.path,
        "title": hit.version.title,
        "lang": hit.version.metadata.language,
        "country": hit.version.metadata.country,
        "page": hit.passage.page,
        "section": " > ".join(hit.passage.section),
        "text": hit.passage.text,
        "score": hit.score,
        "passage_id": hit.passage.id,
    }


def _show(found: SearchResult, *, columns: bool) -> None:
    hits = [hit for ranking in found.by_language.values() for hit in ranking.hits] if columns else found.merged.hits
    for hit in hits:
        place = " · ".join(
            filter(
                None,
                (
                    hit.version.metadata.publisher,
                    hit.version.metadata.published,
                    f"p. {hit.passage.page}" if hit.passage.page else "",
                    " > ".join(hit.passage.section),
                ),
            )
        )
        out.print(Text.assemble((f"{hit.rank}. {hit.version.title}", "bold"), f"  {hit.score:.2f}"))
        out.print(Text(f"   {place}", "dim"))
        out.print("   " + " ".join(hit.passage.text.split())[:240], highlight=False, markup=False)
    if not hits:
        out.print("Nothing was found.")
