"""The open form of a library: which files an export has, and what stands in them. See docs/export-format.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, LargeBinary, Table

from kb.errors import ArchiveError
from kb.ingest.parse.kinds import MEDIA_TYPES, SUFFIXES
from kb.store import schema

FORMAT, FORMAT_VERSION = "kakehashi-library", 1

README, MANIFEST, CSV = "README.txt", "manifest.json", "documents.csv"
GLOSSARY, CATALOGUE, QUESTIONS = "glossary.toml", "sources.toml", "questions.jsonl"

TABLES: tuple[Table, ...] = (
    *(schema.works, schema.versions, schema.former_works, schema.pages, schema.headings, schema.passages),
    *(
        schema.sources,
        schema.receipts,
        schema.corrections,
        schema.origins,
        schema.withdrawals,
        schema.deletions,
        schema.audit,
    ),
    *(schema.playbook_pages, schema.playbook_redirects, schema.playbook_revisions, schema.playbook_bodies),
    *(schema.playbook_headings, schema.playbook_links, schema.playbook_comments, schema.playbook_checks),
    *(schema.playbook_images, schema.playbook_searches),
)
"""What is exported row by row, in an order in which every row finds what it refers to."""

_JSON = {("versions", "extra"), ("passages", "section"), ("receipts", "body"), ("audit", "facts")}
"""Columns that hold JSON as text: plain JSON in an export."""

_LIST = ("passages", "section")
"""Which of them is a list of strings; the others are objects."""

_FILE = re.compile(r"files/(?P<id>[A-Za-z0-9_-]{1,40})\.(?P<ending>[a-z]{2,4})")
_PAGE = re.compile(r"playbook/(?:en|ja)/[a-z0-9-]+(?:/[a-z0-9-]+)*\.md")
_IMAGE = re.compile(r"images/(?P<name>[0-9a-f]{16}\.(?:png|jpg|webp|gif))")
_ENDINGS = {MEDIA_TYPES[kind]: suffix for suffix, kind in reversed(SUFFIXES.items())}

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export: its size in bytes and its SHA-256."""

    size_bytes: int
    sha256: str


def table_name(table: Table) -> str:
    """The file that holds a table: one JSON object a line."""
    return f"data/{table.name}.jsonl"


def file_name(version_id: str, media_type: str) -> str:
    """The file that holds the bytes of a version."""
    return f"files/{version_id}{_ENDINGS.get(media_type, '.bin')}"


def version_of(name: str) -> str:
    """Id of the version whose bytes a file holds; empty for any other file."""
    found = _FILE.fullmatch(name)
    return found["id"] if found else ""


def is_known(name: str) -> bool:
    """Whether a file may stand in an export: nothing else is ever written to disk."""
    fixed = {README, MANIFEST, CSV, GLOSSARY, CATALOGUE, QUESTIONS, *map(table_name, TABLES)}
    return name in fixed or bool(_FILE.fullmatch(name) or _PAGE.fullmatch(name) or _IMAGE.fullmatch(name))


def image_of(name: str) -> str:
    """Name of the image of the playbook that a file holds; empty for any other file."""
    found = _IMAGE.fullmatch(name)
    return found["name"] if found else ""


def is_corpus(name: str) -> bool:
    """Whether a file is one of the playbook, the glossary or the catalogue."""
    return name in (GLOSSARY, CATALOGUE) or bool(_PAGE.fullmatch(name))


def written(table: Table, row: Row) -> bytes:
    """A row as a line."""
    plain = {
        column.name: json.loads(str(row[column.name])) if (table.name, column.name) in _JSON else row[column.name]
        for column in table.columns
    }
    return json.dumps(plain, ensure_ascii=False).encode() + b"\n"


def read(table: Table, line: bytes, number: int) -> dict[str, object]:
    """The row of a line; raises `ArchiveError` where it is not what the table holds."""
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("it is no object")
        return {name: _value(table, name, value) for name, value in row.items()}
    except (ValueError, KeyError, RecursionError) as error:
        raise ArchiveError(
            f"Line {number} of {table_name(table)} cannot be understood: {error}.",
            remedy="Export the library again. Nothing was imported.",
        ) from error


def _value(table: Table, name: str, value: object) -> object:
    column = table.columns[name]
    if (table.name, name) in _JSON:
        is_list = (table.name, name) == _LIST
        if not isinstance(value, list if is_list else dict) or (is_list and not all(isinstance(v, str) for v in value)):
            raise ValueError(f"{name} is {value!r:.40}")
        return json.dumps(value, ensure_ascii=False, sort_keys=isinstance(value, dict))
    if isinstance(column.type, LargeBinary):
        raise ValueError(f"{name} is not exported")
    expected = int if isinstance(column.type, Integer) else str
    if value is None and column.nullable:
        return None
    if not isinstance(value, expected) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r:.40}")
    if isinstance(value, int) and abs(value) >= 1 << 62:
        raise ValueError(f"{name} is too large")
    return value
