"""Citations for reference managers: BibTeX and CSL-JSON, one entry for each edition that is cited.

Bodies are authors: their names are kept whole ("literal" in CSL, braces in BibTeX), in the language they are given in.
Dates are as precise as known. Formats: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html and the manual
of BibLaTeX, whose fields (`date`, `urldate`, `langid`) stand beside those that plain BibTeX reads.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.i18n import Texts, licence_text
from kb.model.evidence import Evidence, Lost
from kb.model.works import DocumentType, Version
from kb.text.language import Language

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CSL_TYPES: Mapping[DocumentType, str] = {"law": "legislation", "standard": "standard", "playbook": "webpage"}
_LANGUAGES: Mapping[Language, str] = {"en": "british", "ja": "japanese"}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "#$%&_"},
}
_ESCAPES = str.maketrans(_SPECIAL)
_IN_URL = str.maketrans({character: f"%{ord(character):02X}" for character in '{}\\ "<>^`|'})
_NAME = re.compile(r"\b[A-Z][A-Za-z]{2,}")
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A passage of an edition: its page where it has one, and its permanent address, absolute."""

    page: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Cited:
    """An edition that is cited: its address, when it was looked at last (ISO 8601), and the places in it."""

    version: Version
    address: str
    accessed: str
    places: tuple[CitedPlace, ...]


def cited(
    evidence: Sequence[Evidence | Lost],
    *,
    passage_address: Callable[[str], str],
    edition_address: Callable[[Version], str],
) -> Sequence[Cited]:
    """The editions of `evidence`, each once, in the order in which they come first."""
    groups: dict[str, list[Evidence]] = {}
    for each in evidence:
        if isinstance(each, Evidence):
            groups.setdefault(each.version.id, []).append(each)
    return [
        Cited(
            group[0].version,
            edition_address(group[0].version),
            max(each.item.retrieved_at for each in group),
            tuple(CitedPlace(each.passage.page, passage_address(each.passage.id)) for each in group),
        )
        for group in groups.values()
    ]


def csl_json(t: Texts, editions: Sequence[Cited]) -> str:
    """CSL-JSON: an array of items; notes are in the language of `t`."""
    items = [_csl(t, each, key) for each, key in zip(editions, keys(editions), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def bibtex(t: Texts, editions: Sequence[Cited]) -> str:
    """BibTeX in UTF-8; notes are in the language of `t`."""
    entries = [_bibtex(t, each, key) for each, key in zip(editions, keys(editions), strict=True)]
    return "\n".join(entries)


def keys(editions: Sequence[Cited]) -> Sequence[str]:
    """A key for each, in ASCII and different from all others: publisher, year and a word, or the edition's id."""
    found: list[str] = []
    for each in editions:
        metadata = each.version.metadata
        publisher = "".join(word[0] for word in _NAME.findall(metadata.publisher)).lower()
        words = _WORD.findall(_ascii(metadata.title).lower())
        named = f"{publisher}{metadata.year or ''}{words[0] if words else ''}"
        key = named if publisher and words else re.sub(r"[^A-Za-z0-9]", "", each.version.id) or "edition"
        found.append(key if key not in found else f"{key}-{re.sub(r'[^A-Za-z0-9]', '', each.version.id)}")
    return found


def _csl(t: Texts, edition: Cited, key: str) -> Mapping[str, object]:
    metadata = edition.version.metadata
    item: dict[str, object] = {
        "id": key,
        "type": _CSL_TYPES.get(metadata.document_type, "report"),
        "title": metadata.title,
        "language": "en-GB" if metadata.language == "en" else "ja-JP",
    }
    if metadata.publisher:
        item["author"] = [{"literal": metadata.publisher}]
        item["publisher"] = metadata.publisher
    if issued := _date_parts(metadata.published):
        item["issued"] = {"date-parts": [issued]}
    item["accessed"] = {"date-parts": [_date_parts(edition.accessed)]}
    if metadata.document_type != "other":
        item["genre"] = t(f"type.{metadata.document_type}")
    if edition.version.page_count:
        item["number-of-pages"] = str(edition.version.page_count)
    item["URL"] = _url(edition)
    item["note"] = _note(t, edition)
    return item


def _bibtex(t: Texts, edition: Cited, key: str) -> str:
    metadata = edition.version.metadata
    issued = _date_parts(metadata.published)
    kind = "techreport" if metadata.publisher and issued and metadata.document_type != "playbook" else "misc"
    name = _braced(metadata.publisher) if metadata.publisher else ""
    fields = {
        "author": name,
        "institution" if kind == "techreport" else "organization": name,
        "title": _braced(metadata.title),
        "date": "{" + "-".join(f"{part:02d}" for part in issued) + "}" if issued else "",
        "year": f"{{{issued[0]}}}" if issued else "",
        "month": _MONTHS[issued[1] - 1] if len(issued) > 1 else "",
        "url": f"{{{_url(edition).translate(_IN_URL)}}}",
        "urldate": f"{{{edition.accessed[:10]}}}",
        "langid": f"{{{_LANGUAGES[metadata.language]}}}",
        "note": f"{{{_note(t, edition).translate(_ESCAPES)}}}",
    }
    lines = [f"  {field:<12}= {value}," for field, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _note(t: Texts, edition: Cited) -> str:
    """Permanent addresses of the edition and of the places in it, and the licence."""
    places = [
        t("citation.place.page", page=str(place.page), address=place.address) if place.page else place.address
        for place in edition.places
    ]
    parts = [
        t("citation.edition", address=edition.address),
        t("citation.places", places=t("citation.places.between").join(places)),
    ]
    licence = licence_text(t.language, edition.version.metadata.licence)
    if licence:
        parts.append(t("citation.licence", licence=licence))
    return t("citation.between").join(parts)


def _url(edition: Cited) -> str:
    """The publisher's own address where it is known, else ours."""
    source = edition.version.metadata.source_url
    return source if source.startswith(("https://", "http://")) else edition.address


def _date_parts(iso: str) -> list[int]:
    """Year, month and day as far as they are known; empty where not even the year is."""
    match = _DATE.match(iso)
    parts = [int(part) for part in match.groups() if part] if match else []
    return parts[:1] if len(parts) > 1 and not 1 <= parts[1] <= 12 else parts


def _braced(text: str) -> str:
    """Text that BibTeX neither splits into names nor sets in small letters."""
    return "{{" + text.translate(_ESCAPES) + "}}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
