"""The playbook as a folder: `python -m kb playbook export FOLDER` and `import FOLDER`."""

from __future__ import annotations

import getpass
import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kb.cli.terminal import AsJson, Data, out, settings_of

app = typer.Typer(no_args_is_help=True, help="The playbook as a folder of Markdown files.", rich_markup_mode=None)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with en/ and ja/ in it.")]


@app.command("export")
def export_pages(folder: Folder, data: Data = None, as_json: AsJson = False) -> None:
    """Write every published page to a folder, byte for byte as it was saved; its en/ and ja/ are replaced."""
    from kb.playbook.folder import export_folder
    from kb.store import Store

    with closing(Store(settings_of(data))) as store:
        written = export_folder(store, folder)
    if as_json:
        print(json.dumps(written, ensure_ascii=False))
    else:
        out.print(Text(f"{len(written)} files are in {folder}."))


@app.command("import")
def import_pages(
    folder: Folder,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this; kept with every revision.")] = "",
    summary: Annotated[str, typer.Option("--summary", help="Why; kept with every revision.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Bring in a folder of pages: what differs becomes a new published revision, other pages stay as they are."""
    from kb.playbook.folder import import_folder
    from kb.store import Store

    with closing(Store(settings_of(data))) as store:
        done = import_folder(store, folder, author=by or getpass.getuser(), summary=summary)
    if as_json:
        print(json.dumps(asdict(done), ensure_ascii=False))
    else:
        out.print(Text(f"{len(done.added)} added, {len(done.changed)} changed, {len(done.same)} the same."))
        for path, why in done.refused.items():
            out.print(Text(f"Left out {path}: {why}"), soft_wrap=True)
    if done.refused:
        raise typer.Exit(1)
