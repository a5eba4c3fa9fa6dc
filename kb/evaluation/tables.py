"""Tables of figures, for the screen, for `docs/measurements.md` and as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: a title, what made it, column names, rows of cells."""

    title: str
    command: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int, ...], ...]
    note: str = ""

    def as_markdown(self) -> str:
        """The table in Markdown, floats with three decimals."""
        lines = [f"### {self.title}", "", f"`{self.command}`", ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + " --- |" * len(self.columns)]
        lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in self.rows]
        return "\n".join([*lines, *(["", self.note] if self.note else []), ""])

    def as_dict(self) -> dict[str, object]:
        """The table as JSON: one object a row, keyed by column."""
        return {
            "title": self.title,
            "command": self.command,
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
        }


def write_section(document: Path, name: str, tables: Sequence[Figures]) -> None:
    """Replace the section `<!-- name -->` ... `<!-- /name -->` of a Markdown document by these tables."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    body = "\n".join([start, "", *(table.as_markdown() for table in tables), end])
    text = document.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        text = f"{text.rstrip()}\n\n{start}\n{end}\n"
    document.write_text(pattern.sub(lambda _: body, text), encoding="utf-8")


def _cell(cell: str | float | int) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
