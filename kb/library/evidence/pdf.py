"""Evidence as PDF: tagged, with its font inside, so that it reads the same everywhere and to everyone."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from kb.library.evidence.sheet import Entry, Sheet

log = logging.getLogger(__name__)

_FOLDER = Path(str(resources.files("kb.library.evidence")))
_FONTS = ["Noto Sans CJK JP"]
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_HIGHEST = 0.85
"""Of a picture, in widths of the text: its words can be read, and it mostly stands on the page of its facts."""


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF/A-2a and PDF/UA-1: tagged, with languages, words for pictures and every glyph embedded.

    Where a character is in no font of this computer, it is set as an empty box and the file is tagged PDF without
    that promise.
    """
    with tempfile.TemporaryDirectory(prefix="kakehashi-") as folder:
        data = {
            **asdict(sheet),
            "fonts": _FONTS,
            "made_on": _day(sheet.made_on),
            "entries": [_entry(entry, number, Path(folder)) for number, entry in enumerate(sheet.entries)],
        }
        main = Path(folder) / "evidence.typ"
        main.write_bytes((_FOLDER / "evidence.typ").read_bytes())
        inputs = {"sheet": json.dumps(data, ensure_ascii=False)}
        try:
            return _set(main, inputs, _STANDARDS, _own_fonts())
        except typst.TypstError as error:
            log.info("The evidence is not set in our own font alone: %s", error.message)
        try:
            return _set(main, inputs, _STANDARDS, _all_fonts())
        except typst.TypstError as error:
            log.info("The evidence is set without the promise of PDF/A and PDF/UA: %s", error.message)
        return _set(main, inputs, [], _all_fonts())


def _set(main: Path, inputs: dict[str, str], standards: list[typst.PDFStandard], fonts: typst.Fonts) -> bytes:
    compiler = typst.Compiler(main, root=main.parent, font_paths=fonts, sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=standards)
    assert isinstance(made, bytes)
    return made


def _entry(entry: Entry, number: int, folder: Path) -> Mapping[str, Any]:
    """An entry as the form takes it; its picture is written into `folder`, from where the form reads it."""
    plain = asdict(entry)
    if entry.picture is None:
        return plain
    (folder / f"{number}.jpg").write_bytes(entry.picture.jpeg)
    share = min(1.0, _HIGHEST * entry.picture.width_px / entry.picture.height_px)
    picture = {"file": f"{number}.jpg", "alternative": entry.picture.alternative, "share": round(100 * share)}
    return {**plain, "picture": picture}


def _day(iso: str) -> Mapping[str, int]:
    day = date.fromisoformat(iso)
    return {"year": day.year, "month": day.month, "day": day.day}


@cache
def _own_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FOLDER / "fonts"])


@cache
def _all_fonts() -> typst.Fonts:
    """Ours first, and those of this computer for characters that it lacks."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[_FOLDER / "fonts"])
