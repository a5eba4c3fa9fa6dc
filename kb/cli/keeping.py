"""Keeping a library: withdraw, restore and delete documents, the audit trail, export, import, backup and restore."""

from __future__ import annotations

import getpass
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from kb.cli.terminal import AsJson, Data, err, out, progress, settings_of
from kb.errors import ArchiveError, KbError

if TYPE_CHECKING:
    from kb.settings import Settings
    from kb.store import Store

app = typer.Typer(rich_markup_mode=None)

Document = Annotated[str, typer.Argument(metavar="EDITION", help="Number of the edition, as in its link.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this; kept with the change.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the change.")]


@app.command()
def withdraw(version_id: Document, by: By, reason: Reason, data: Data = None, as_json: AsJson = False) -> None:
    """Take a document from readers: search leaves it out at once, its links say that it was withdrawn."""
    from kb.library.citations import citing
    from kb.library.withdrawal import current_again
    from kb.library.withdrawal import withdraw as run

    settings = settings_of(data)
    with _library(settings) as store:
        version = store.versions.get(version_id)
        found = citing(store, version)
        withdrawal = run(store, version_id, by=by, reason=reason)
        again = current_again(store, version)
    cited = {
        "playbook_pages": [f"{page.language}/{page.slug}" for page in found.pages],
        "documents": [each.id for each in found.documents],
        "basket_items": found.basket_items,
    }
    if as_json:
        print(json.dumps({**asdict(withdrawal), "title": version.title, "cited_by": cited}, ensure_ascii=False))
        return
    _say(f"Withdrawn: {version.title}")
    for each in again:
        _say(f"  The current edition is again: {each.title} ({each.id})")
    for page in found.pages:
        _say(f"  A page of the playbook links to it: {page.title} ({page.language}/{page.slug})")
    for each in found.documents:
        _say(f"  A document refers to it: {each.title} ({each.id})")
    if found.basket_items:
        _say(f"  {found.basket_items} of its passages are in {found.baskets} baskets of evidence.")
    _say(f"To bring it back: python -m kb restore-document {version_id} --by NAME")


@app.command("restore-document")
def restore_document(
    version_id: Document,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why, if there is something to say.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Give a withdrawn document back to readers."""
    from kb.library.withdrawal import restore as run

    with _library(settings_of(data)) as store:
        version = run(store, version_id, by=by, reason=reason)
    if as_json:
        print(json.dumps({"version_id": version.id, "title": version.title, "status": version.status}))
    else:
        _say(f"Restored: {version.title} ({version.status})")


@app.command()
def delete(
    version_id: Document,
    title: Annotated[str, typer.Option(help="Its title, so that no other document is deleted.")],
    by: By,
    reason: Reason,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Delete a withdrawn document for good; this cannot be undone."""
    from kb.library.deletion import delete as run
    from kb.library.deletion import erase

    settings = settings_of(data)
    with _library(settings) as store:
        deletion = run(settings, store, version_id, title=title, by=by, reason=reason)
        is_erased = erase(settings, store)
    if as_json:
        print(json.dumps({**asdict(deletion), "is_erased": is_erased}, ensure_ascii=False))
    else:
        _say(f"Deleted for good: {deletion.title}, {deletion.passages} passages, {deletion.size_bytes:,} bytes.")
        _say("Backups and exports made before still hold it.")
    if not is_erased:
        err.print("The index still holds its words. Run python -m kb rebuild --embed.")
        raise typer.Exit(1)


@app.command()
def allow(version_id: Document, by: By, reason: Reason, data: Data = None, as_json: AsJson = False) -> None:
    """Let a document that was deleted for good be added again."""
    from kb.library.withdrawal import allow as run

    with _library(settings_of(data)) as store:
        run(store, version_id, by=by, reason=reason)
    if as_json:
        print(json.dumps({"version_id": version_id}))
    else:
        _say("It is taken in when it is added again.")


@app.command()
def audit(
    version_id: Annotated[str, typer.Argument(metavar="[EDITION]", help="Only what was done with this one.")] = "",
    limit: Annotated[int, typer.Option("-k", min=1, help="How many, newest first.")] = 100,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List who withdrew, restored and deleted what, when and why."""
    with _library(settings_of(data)) as store:
        entries = store.audit.list(subject=version_id, limit=limit)
    if as_json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        what = f"{entry.facts.get('title', '')} {entry.subject}".strip()
        out.print(Text.assemble((f"{entry.happened_at[:19]}  {entry.action}", "bold"), f"  {what}"), soft_wrap=True)
        _say(f"   {entry.actor}" + (f": {entry.reason}" if entry.reason else ""))
    if not entries:
        _say("Nothing has been noted yet.")


@app.command("export")
def export_library(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The file to write.")],
    without_withdrawn: Annotated[bool, typer.Option(help="Leave withdrawn documents out.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole library into one open zip file."""
    from kb.library.export import export as run

    settings = settings_of(data)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(3)}")
    size_bytes = 0
    try:
        with _library(settings) as store, progress() as bar, unfinished.open("wb") as stream:
            task = bar.add_task("Writing", total=None)
            for piece in run(settings, store, with_withdrawn=not without_withdrawn):
                size_bytes += stream.write(piece)
                bar.update(task, description=f"Written {size_bytes / 1e6:,.0f} MB")
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise ArchiveError(
            f"The export could not be written: {error.strerror}.", remedy="Make room, or name another folder."
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    if as_json:
        print(json.dumps({"file": str(file), "size_bytes": size_bytes}, ensure_ascii=False))
    else:
        _say(f"{file}: {size_bytes / 1e6:,.1f} MB. docs/export-format.md says what is in it.")


@app.command("import")
def import_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="An export of a library.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a library of an export in an empty data folder; every link is as it was."""
    from kb.library.imports import import_library
    from kb.library.rebuild import rebuild

    settings = settings_of(data)
    with progress() as bar:
        task = bar.add_task("Checking", total=None)

        def show(message: str, done: int, total: int) -> None:
            bar.update(task, description=message, completed=done, total=total or None)

        imported = import_library(settings, file, by=_user(), on_progress=show)
        is_searchable = _indexed(lambda: rebuild(settings, embed=True, on_progress=show))
    if as_json:
        facts = {**asdict(imported), "corpus": str(imported.corpus or ""), "is_searchable": is_searchable}
        print(json.dumps(facts, ensure_ascii=False))
        return
    _say(f"Imported {imported.documents} documents with {imported.passages} passages of {imported.created_at[:10]}.")
    if imported.corpus:
        _say(f"Its playbook and glossary are in {imported.corpus}: set KB_CORPUS_DIR to use them.")


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one with an older backup.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write a backup while the library is in use; what an older one holds is not copied again."""
    from kb.library.backup import back_up

    settings = settings_of(data)
    with _library(settings) as store, progress() as bar:
        task = bar.add_task("Copying files", total=None)
        report = back_up(
            settings, store, folder, on_progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    if as_json:
        print(json.dumps(asdict(report)))
    else:
        _say(
            f"{report.files} files and the database, {report.size_bytes / 1e6:,.1f} MB; {report.copied} files were new."
        )
    if report.missing:
        err.print(f"The library has lost {len(report.missing)} of its files. Run python -m kb doctor.")
        raise typer.Exit(1)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only verify every checksum.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make the library of a backup in an empty data folder, after verifying every checksum."""
    from kb.library.backup import restore_backup, verify
    from kb.library.rebuild import rebuild

    settings = settings_of(data)
    is_searchable = True
    with progress() as bar:
        task = bar.add_task("Verifying", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if check:
            manifest = verify(folder, on_progress=show)
        else:
            manifest = restore_backup(settings, folder, by=_user(), on_progress=show)
            bar.update(task, description="Writing the index", total=None)
            is_searchable = _indexed(lambda: rebuild(settings))
    if as_json:
        facts = {"created_at": manifest.created_at, "files": len(manifest.files), "missing": manifest.missing}
        print(json.dumps({**facts, "is_searchable": is_searchable}))
    else:
        verb = "The backup is whole" if check else "Restored"
        _say(f"{verb}: {len(manifest.files)} files and the database of {manifest.created_at[:19]}.")


@contextmanager
def _library(settings: Settings) -> Iterator[Store]:
    """The truth of a library that is there."""
    from kb.library.presence import require_library
    from kb.store import Store

    require_library(settings)
    with closing(Store(settings)) as store:
        yield store


def _indexed(make: Callable[[], object]) -> bool:
    """Make the index of a library that has come whole; gives False, and says so, where that failed."""
    try:
        make()
    except KbError as error:
        err.print(Text(f"The library is there, its index is not: {error}"), soft_wrap=True)
        return False
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return "command line"


def _say(words: str) -> None:
    out.print(Text(words), soft_wrap=True)
