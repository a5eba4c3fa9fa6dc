"""Putting a library together beside the place it will have, so that what fails leaves nothing behind."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import ArchiveError
from kb.index.builds import Builds
from kb.settings import Settings

_PREFIX = ".unfinished-"
_DATABASE = "library.sqlite3"


def require_empty(settings: Settings) -> None:
    """Raise `ArchiveError` where `settings.data_dir` holds anything but an index, which is derived."""
    folder = settings.data_dir
    derived = settings.index_path.resolve()
    held = sorted(
        entry.name
        for entry in (folder.iterdir() if folder.is_dir() else ())
        if entry.resolve() != derived and not entry.name.startswith(_PREFIX)
    )
    if held or (folder.exists() and not folder.is_dir()):
        raise ArchiveError(
            f"{folder.resolve()} is not empty: it holds {', '.join(held[:5]) or 'a file of that name'}.",
            remedy="A library is never written over: name an empty folder with --data DIR.",
            folder=str(folder.resolve()),
        )


@contextmanager
def staged(settings: Settings) -> Iterator[Settings]:
    """Settings of a library to put together, which takes the place of the empty `settings.data_dir` at the end.

    Close its store before the block ends. Where the block fails, nothing has changed. Builds that are there belong to
    another library and go.
    """
    require_empty(settings)
    made_here = not settings.data_dir.exists()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=settings.data_dir, prefix=_PREFIX))
    try:
        yield settings.model_copy(update={"data_dir": staging, "index_dir": staging / "index"})
        _publish(staging, settings)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        if made_here:
            shutil.rmtree(settings.data_dir, ignore_errors=True)
        raise
    shutil.rmtree(staging, ignore_errors=True)


def _publish(staging: Path, settings: Settings) -> None:
    """Move what was put together into its place; the database last, which makes it a library."""
    Builds(settings.index_path).clear()
    shutil.rmtree(settings.index_path / "pages", ignore_errors=True)
    entries = [entry for entry in staging.iterdir() if entry.name != "index" and not entry.name.startswith(_DATABASE)]
    moved: list[Path] = []
    try:
        for entry in [*entries, staging / _DATABASE]:
            target = settings.data_dir / entry.name
            if target.exists():
                raise ArchiveError(
                    f"Somebody has put {target.name} into {settings.data_dir} meanwhile.",
                    remedy="Name another empty folder.",
                )
            entry.rename(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            target.rename(staging / target.name)
        raise
