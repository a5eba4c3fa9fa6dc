"""What every command shares: its two outputs, its common options, the bar of progress and the settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kb.settings import Settings, load_settings

err = Console(stderr=True)
out = Console()

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The library; default: data/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_of(data: Path | None) -> Settings:
    """The settings of the library that `--data` names, or of the default one."""
    settings = load_settings()
    if data is not None and data.resolve() != settings.data_dir.resolve():
        settings = load_settings(data_dir=data, index_dir=None)  # another library: KB_INDEX_DIR is not about it
    from kb.logs import set_up_logging

    set_up_logging(settings.log_level)
    return settings


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on standard error, where somebody is watching."""
    with Progress(
        TextColumn("{task.description:<60}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not sys.stderr.isatty() and not err.is_terminal,
    ) as bar:
        yield bar
