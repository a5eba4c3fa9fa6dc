"""Evidence as Markdown (CommonMark)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.library.evidence.sheet import Entry, Fact, Sheet

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINE_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))(?=\s|$|[-=])")
_IN_ADDRESS = re.compile(r"[\s<>()\\]")


def markdown(sheet: Sheet) -> str:
    """The sheet as text; words of documents and of the reader are escaped, so that none of them is markup."""
    lines = [f"# {escaped(sheet.title)}", "", escaped(sheet.lead)]
    for entry in sheet.entries:
        lines += ["", *_entry(sheet, entry)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """One line of text that CommonMark shows as it is."""
    safe = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", safe)


def _entry(sheet: Sheet, entry: Entry) -> Iterator[str]:
    number, _, title = entry.heading.partition(" ")
    yield f"## {number.replace('.', chr(92) + '.')} {escaped(title)}"
    if entry.quotation:
        yield ""
        yield from "\n>\n".join(f"> {escaped(line)}" for line in entry.quotation).split("\n")
    for line in (entry.standing, entry.remark):
        if line:
            yield from ("", escaped(line))
    if entry.note:
        yield from ("", f"**{escaped(sheet.note_term)}**", "")
        yield from "  \n".join(escaped(line) for line in entry.note).split("\n")
    yield ""
    yield from (_fact(fact) for fact in entry.facts)
    if entry.picture:
        yield from ("", f"![{escaped(entry.picture.alternative)}]({_address(entry.picture.address)})")


def _fact(fact: Fact) -> str:
    value = f"<{_address(fact.href)}>" if fact.href else escaped(fact.value)
    return f"- **{escaped(fact.term)}**: {value}"


def _address(address: str) -> str:
    return _IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", address)
