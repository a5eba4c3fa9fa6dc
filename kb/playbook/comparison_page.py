"""The table of a page that compares, topics by country, read to the byte: filling a cell changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.errors import PlaybookError
from kb.playbook.blocks import blocks
from kb.playbook.markup.countries import ComparedCountry, country_of
from kb.text.language import Language
from kb.text.normalise import one_line

COUNTRIES: tuple[ComparedCountry, ...] = ("uk", "jp")
MOST_CELL_CHARACTERS = 4_000

_BRACKETS = re.compile(r"\[\[[^\[\]\n]{1,400}\]\]")
_NOT_IN_QUERY = re.compile(r"[\[\]|\\\s]+")
_MOST_QUERY_CHARACTERS = 200
_HEADS: dict[Language, str] = {
    "en": "| Topic | United Kingdom | Japan |\n| --- | --- | --- |\n",
    "ja": "| テーマ | 英国 | 日本 |\n| --- | --- | --- |\n",
}
"""Of the table of a page that has none yet."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: its text without white space around it, `body[start:end] == text`.

    The row may be too short to have it; then `missing` says how many cells have to be added for it to be there.
    """

    text: str
    start: int
    end: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A topic and what each country does about it."""

    topic: Cell
    countries: dict[ComparedCountry, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The first table of a body. `end` is where another row would begin; `columns` are how many its head has."""

    rows: Sequence[Row]
    columns: Sequence[ComparedCountry | str]
    end: int


def table_of(body: str) -> Table | None:
    """The table of a page that compares; None where its first table has no column for either country."""
    lines = _lines(body)
    if not lines:
        return None
    head, *rows = lines
    columns = [country_of(cell.text) for cell in _cells(body, *head)]
    if not set(COUNTRIES) <= set(columns[1:]):
        return None
    end = rows[-1][1] if rows else _end_of_line(body, head[1] + 1)
    return Table([_row(body, line, columns) for line in rows], columns, end)


def with_cell(body: str, row: int, country: ComparedCountry, text: str) -> str:
    """`body` with this text in a cell. Raises `PlaybookError` where the table has no such cell, or for too long a text.

    Line breaks become spaces, and a bar outside of double brackets is escaped: neither can stand in a cell.
    """
    table = table_of(body)
    if table is None or not 0 <= row < len(table.rows):
        raise PlaybookError(
            "The table has no such row any more.", remedy="Look at it as it stands now.", reason="cells-gone"
        )
    return _placed(body, table.rows[row].countries[country], text)


def with_topic(body: str, topic: str, language: Language) -> str:
    """`body` with another row at the end of its table, or with a table of one row where it has none."""
    written = as_cell(topic)
    if not written:
        raise PlaybookError("The topic is missing.", remedy="Enter it.", reason="cells-topic")
    table = table_of(body)
    if table is None:
        before = body if not body or body.endswith("\n\n") else body + "\n" * (2 - body.endswith("\n"))
        return f"{before}{_HEADS[language]}| {written} |  |  |\n"
    line = f"| {written} |" + "  |" * (len(table.columns) - 1)
    return body[: table.end] + "\n" + line + body[table.end :]


def as_cell(text: str) -> str:
    """`text` as a cell holds it."""
    line = one_line(text)
    if len(line) > MOST_CELL_CHARACTERS:
        raise PlaybookError(
            "The text is too long for a cell.",
            remedy="Shorten it.",
            reason="cells-long",
            most=MOST_CELL_CHARACTERS,
            length=len(line),
        )
    pieces, at = [], 0
    for match in _BRACKETS.finditer(line):
        pieces += [_escaped(line[at : match.start()]), match[0]]
        at = match.end()
    return "".join(pieces) + _escaped(line[at:])


def as_query(text: str) -> str:
    """Words as a search that found nothing is noted with: without marks that end the note."""
    return one_line(_NOT_IN_QUERY.sub(" ", text))[:_MOST_QUERY_CHARACTERS].strip()


def _escaped(text: str) -> str:
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", text)


def _placed(body: str, cell: Cell, text: str) -> str:
    written = as_cell(text)
    if written == cell.text and not cell.missing:
        return body
    if cell.missing:
        has_end = body[: cell.start].rstrip(" \t").endswith("|")
        written = ("" if has_end else " |") + "  |" * (cell.missing - 1) + f" {written} |"
    elif not cell.text:
        before, after = body[: cell.start][-1:], body[cell.end :][:1]
        written = ("" if before in " \t" else " ") + written + ("" if after in (" ", "\t") else " ")
    return body[: cell.start] + written + body[cell.end :]


def _lines(body: str) -> Sequence[tuple[int, int]]:
    """The lines of the first table, as ranges: its head, without the line below that, and its rows."""
    found: list[tuple[int, int]] = []
    for block in blocks(body):
        if (block.kind == "head" and not found) or (found and block.kind == "row"):
            found.append((block.start, _end_of_line(body, block.start)))
        elif found:
            break
    return found


def _end_of_line(body: str, start: int) -> int:
    return min((at for at in (body.find("\n", start), body.find("\r", start)) if at >= 0), default=len(body))


def _row(body: str, line: tuple[int, int], columns: Sequence[str]) -> Row:
    cells = list(_cells(body, *line))
    end = len(body[line[0] : line[1]].rstrip()) + line[0]

    def cell(column: int) -> Cell:
        return cells[column] if column < len(cells) else Cell("", end, end, column - len(cells) + 1)

    return Row(cell(0), {country: cell(columns.index(country)) for country in COUNTRIES})


def _cells(body: str, start: int, end: int) -> Iterator[Cell]:
    """The cells of a line: bars between double brackets and escaped ones divide nothing."""
    line = _BRACKETS.sub(lambda match: match[0].replace("|", "x"), body[start:end])
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
    stripped = line.strip()
    edges = [-1, *bars, len(line)]
    if stripped.startswith("|"):
        edges = edges[1:]
    if stripped.endswith("|") and len(edges) > 1 and not line[edges[-2] + 1 :].strip():
        edges = edges[:-1]
    for left, right in pairwise(edges):
        inner = line[left + 1 : right]
        begin = left + 1 + len(inner) - len(inner.lstrip())
        after = max(begin, left + 1 + len(inner.rstrip()))
        if not inner.strip():
            begin = after = left + 1 + min(1, len(inner))
        yield Cell(body[start + begin : start + after], start + begin, start + after)
