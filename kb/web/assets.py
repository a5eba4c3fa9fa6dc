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


def stylesheet_href() -> str:
    """Address of the stylesheet."""
    return _href("kakehashi.css")


def script_href() -> str:
    """Address of the script that every page carries."""
    return _href("page.js")


def basket_script_href() -> str:
    """Address of the script that collects passages without leaving the page."""
    return _href("basket.js")


def address_script_href() -> str:
    """Address of the script that must run before the app's own."""
    return _href("address.js")


def upload_script_href() -> str:
    """Address of the script of the form for adding documents."""
    return _href("upload.js")


def editor_script_hrefs() -> list[str]:
    """Addresses of the scripts of the form in which playbook pages are written, in the order they are loaded."""
    return [_href(f"{name}.js") for name in ("editor", "editor-drafts", "editor-completion", "editor-panels")]


@cache
def _href(name: str) -> str:
    """Address of a file of ours, which changes with its content."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
    return f"/assets/{name}?v={digest[:12]}"
