"""Whether there is a library at all: what only looks at one must not make one."""

from __future__ import annotations

from kb.errors import NotFoundError
from kb.settings import Settings


def require_library(settings: Settings) -> None:
    """Raise `NotFoundError` where `settings.data_dir` holds no library; call before opening one to look at it."""
    if not (settings.data_dir / "library.sqlite3").is_file():
        folder = str(settings.data_dir.resolve())
        raise NotFoundError(
            f"There is no library in {folder}.",
            remedy="Check the name of the folder, or make a library there: python -m kb ingest PATH --data FOLDER.",
            reason="no-library",
            folder=folder,
        )
