"""The details of a document as somebody enters them: read leniently, checked, and said where they cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import get_args
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz, process

from kb.i18n import Fact, known_publishers
from kb.ingest.describe import work_name
from kb.model.corrections import REQUIRED, Field
from kb.model.works import Country, DocumentType
from kb.text.dates import read_date
from kb.text.language import LANGUAGES
from kb.text.normalise import normalise, one_line

ENTERED: tuple[Field, ...] = (
    *REQUIRED,
    *("document_type", "source_url", "work_id", "edition"),
)
"""Fields of the form, in its order."""

_LONGEST: Mapping[Field, int] = {
    "title": 300,
    "publisher": 200,
    "published": 40,
    "licence": 200,
    "source_url": 2_000,
    "work_id": 2_000,
    "edition": 100,
}
_CHOICES: Mapping[Field, tuple[str, ...]] = {
    "country": get_args(Country),
    "language": LANGUAGES,
    "document_type": get_args(DocumentType),
}
_EARLIEST_YEAR = 1800
_LONGEST_NAME = 100
_LIKE_PUBLISHER = 85.0
"""Score of rapidfuzz from which a publisher may be a slip of a known one."""
_WORK_ADDRESS = re.compile(r"^/d/([^/]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value cannot be taken, or what should be looked at: `edit.problem.<code>` with its facts."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """What was entered, each value in the form it is stored in, with the problems by field; `by` is one too.

    `remarks` stop nothing.
    """

    values: Mapping[Field, str]
    by: str
    problems: Mapping[str, Problem]
    remarks: Mapping[str, Problem]


def read_details(
    entered: Mapping[str, str],
    *,
    publishers: Collection[str],
    this_year: int | None = None,
    present: Callable[[str], str] = lambda work_id: work_id,
) -> Details:
    """The details that the fields of the form hold; `publishers` are those whom the library's documents name.

    `present` gives the id of the work that a permanent link leads to, for links go on naming former ids.
    """
    values: dict[Field, str] = {}
    problems: dict[str, Problem] = {}
    remarks: dict[str, Problem] = {}
    for name in ENTERED:
        value = one_line(normalise(entered.get(name, "")))
        values[name], problem = _read(name, value, this_year or date.today().year)
        if name == "work_id" and "/" in value and not problem:
            values[name] = present(values[name])
        if problem:
            problems[name] = problem
    if values["publisher"] and (remark := _unknown(values["publisher"], publishers)):
        remarks["publisher"] = remark
    by, unnamed = read_name(entered.get("by", ""))
    if unnamed:
        problems["by"] = unnamed
    return Details(values, by, problems, remarks)


def read_name(entered: str) -> tuple[str, Problem | None]:
    """The name of whoever corrects, and what is wrong with it."""
    name = one_line(normalise(entered))
    if not name:
        return name, Problem("missing-by")
    return name, Problem("too-long", {"n": _LONGEST_NAME}) if len(name) > _LONGEST_NAME else None


def _read(name: Field, value: str, this_year: int) -> tuple[str, Problem | None]:
    if not value:
        return value, Problem(f"missing-{name}") if name in REQUIRED else None
    if len(value) > _LONGEST.get(name, len(value)):
        return value, Problem("too-long", {"n": _LONGEST[name]})
    if value not in _CHOICES.get(name, (value,)):
        return value, Problem(f"missing-{name}")
    match name:
        case "published":
            return _read_date(value, this_year)
        case "source_url":
            return value, None if _is_web_address(value) else Problem("address")
        case "work_id":
            return _read_work(value)
        case "title" if not any(map(str.isalnum, value)):
            return value, Problem("missing-title")
        case _:
            return value, None


def _read_date(value: str, this_year: int) -> tuple[str, Problem | None]:
    read = read_date(value)
    if not read:
        return value, Problem("date")
    if not _EARLIEST_YEAR <= int(read[:4]) <= this_year + 1:
        return value, Problem("year", {"first": str(_EARLIEST_YEAR), "last": str(this_year + 1)})
    return read, None


def _read_work(value: str) -> tuple[str, Problem | None]:
    """The name of a work as it is, or out of its permanent link."""
    address = _WORK_ADDRESS.match(urlsplit(value).path if "/" in value else "")
    name = work_name(unquote(address[1]) if address else value)
    return (name, None) if name and ("/" not in value or address) else (value, Problem("work"))


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and " " not in value


def _unknown(publisher: str, publishers: Collection[str]) -> Problem | None:
    """Said of a publisher whom no document and no list of ours names, with the known one it looks like."""
    known = {*publishers, *(name for each in known_publishers() for name in (each.en, each.ja))}
    if publisher in {one_line(normalise(name)) for name in known}:
        return None
    near = process.extractOne(publisher, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKE_PUBLISHER)
    return Problem("publisher-like", {"name": near[0]}) if near else Problem("publisher-new")
