"""The stylesheet and the icon: files of ours that browsers keep until they change."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).resolve().parent.parent.parent / "static"


def assets() -> StaticFiles:
    """What answers under `/assets`."""
    return StaticFiles(directory=FOLDER)


@cache
def stylesheet_href() -> str:
    """Address of the stylesheet, which changes with its content."""
    digest = hashlib.sha256((FOLDER / "kakehashi.css").read_bytes()).hexdigest()
    return f"/assets/kakehashi.css?v={digest[:12]}"
