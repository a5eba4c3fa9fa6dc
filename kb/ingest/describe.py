"""What is known of a document: as told by its manifest or uploader, else by itself, else by its words.

What nobody said is proposed, and noted with where it comes from, so that somebody can confirm or correct it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import NamedTuple, get_args

from kb.ingest.imprint import known_publisher, printed_date, printed_licence, printed_publisher
from kb.ingest.parse.parsed import Parsed
from kb.model.corrections import Origins
from kb.model.references import KEY as REFERENCES
from kb.model.references import read_references, references_in, references_text
from kb.model.works import Country, DocumentType, Metadata
from kb.text.dates import read_date
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import normalise, one_line, squash

_OWN_FIELDS = {
    *("path", "id", "title", "publisher", "language", "country", "document_type", "type", "published", "date"),
    *("licence", "license", "source_url", "url", "supersedes", "slug"),
}

_COUNTRY_WORDS: tuple[tuple[Country, re.Pattern[str]], ...] = (
    ("jp", re.compile(r"\bJapan\b|日本|内閣|[省庁都道府県市]$|[省庁] ?\(")),
    (
        "uk",
        re.compile(
            r"\bUK\b|United Kingdom|英国|GOV\.UK|Government Digital Service|Cabinet Office|Home Office|Crown|"
            r"\b(?:GDS|CDDO|DSIT|HMRC|HMT|NCSC|Defra)\b|\bNHS"
        ),
    ),
)
"""What a publisher's name says about its country, most specific first."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "publisher": ("publisher",),
    "language": ("language",),
    "country": ("country",),
    "document_type": ("document_type", "type"),
    "published": ("published", "date"),
    "licence": ("licence", "license"),
    "source_url": ("source_url", "url"),
}
"""What manifests and front matter call each field."""

_NAME_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
"""A date in the name of a file, such as 20220331 or 2022-03."""

_TYPE_WORDS: tuple[tuple[DocumentType, str], ...] = (
    ("law", r"\bact \d{4}|\bregulations? \d{4}|法律|施行令|^.{0,20}法$"),
    ("standard", r"\bstandards?\b|データモデル|標準仕様|データパーツ|コア語彙|技術標準|規格"),
    ("strategy", r"\bstrateg|\bplan\b|\bblueprint\b|\broadmap\b|\bpolicy\b|戦略|計画|方針|ビジョン|工程表"),
    (
        "guidance",
        r"\bguid|\bmanual\b|\bhow to\b|\bprinciples?\b|\bcode of practice\b|\bplaybook\b|"
        r"ガイド|手引|解説|留意点|考え方",
    ),
    (
        "report",
        r"\breport\b|\bpaper\b|\bcase study\b|\bsurvey\b|\breview\b|\bresearch\b|"
        r"報告|白書|ペーパー|調査|説明資料",
    ),
)
"""What a title says about the kind of document, most specific first."""

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "Reiwa": 2018, "Heisei": 1988}
_YEAR = re.compile(r"(?<![\d.])((?:19[89]|20[0-4])\d)(?:年度?)?(?:\s*(?:to|[-‐–—~〜])\s*\d{2,4}(?:年度?)?)?(?!\d)")
"""A year; of a range, which tells what a plan covers, the first."""
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)})\s?(元|\d{{1,2}})\s?年?")


class _Value(NamedTuple):
    """A value and where it comes from."""

    text: str
    origin: str


_NOTHING = _Value("", "")


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata of a document, and where the value of each of its fields comes from."""

    metadata: Metadata
    origins: Origins


def describe(told: Mapping[str, str], parsed: Parsed, path: str) -> Description:
    """Describe a document; what is told wins over what the document says, and that over what its words suggest."""
    said = {
        key: str(value) for key, value in parsed.front_matter.items() if isinstance(value, str | int | float | date)
    }
    known = {key: normalise(value).strip() for key, value in {**said, **{k: v for k, v in told.items() if v}}.items()}
    given: dict[str, _Value] = {}
    for field, names in _NAMES.items():
        if value := next((known[name] for name in names if known.get(name)), ""):
            given[field] = _Value(value, "told" if any(told.get(name) for name in names) else "file")
    title = given.get("title") or _own_title(parsed, path)
    publisher = given.get("publisher") or _own_publisher(parsed)
    language = _language(given.get("language"), parsed)
    values = {
        "title": _Value(one_line(title.text)[:300], title.origin),
        "publisher": publisher,
        "language": language,
        "country": _country(given.get("country"), publisher, known.get("source_repo", ""), language),
        "document_type": _document_type(given.get("document_type"), title.text),
        "published": _published(given.get("published"), title, parsed, path),
        "licence": given.get("licence") or _own_licence(parsed),
        "source_url": given.get("source_url", _NOTHING),
    }
    metadata = Metadata(
        **{field: value.text for field, value in values.items()},  # type: ignore[arg-type]  # each was checked for its field
        supersedes=work_name(known.get("supersedes", "")),
        extra={key: value for key, value in known.items() if key not in _OWN_FIELDS} | dict(_references(told, parsed)),
    )
    return Description(metadata, {field: value.origin for field, value in values.items() if value.text})


def work_name(name: str) -> str:
    """`name` as it may stand in an address; what ASCII cannot hold is told apart by a digest. Empty stays empty."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if name.isascii():
        return plain
    digest = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode().lower()[:8]
    return f"{plain}-{digest}".lstrip("-")


def year_in(text: str) -> str:
    """The last year that `text` names, western or by era, four digits; empty where it names none.

    Of a range it is the first: a strategy for 2022 to 2025 was published when that began.
    """
    found = [(match.start(), match.group(1)) for match in _YEAR.finditer(text)]
    for match in _ERA_YEAR.finditer(text):
        year = 1 if match.group(2) == "元" else int(match.group(2))
        found.append((match.start(), str(_ERAS[match.group(1)] + year)))
    return max(found)[1] if found else ""


def _references(told: Mapping[str, str], parsed: Parsed) -> Mapping[str, str]:
    """As told, for a file that has no front matter to list them in, else as the document says."""
    found = references_in(told) or read_references(parsed.front_matter.get(REFERENCES))
    return {REFERENCES: references_text(found)} if found else {}


def _own_title(parsed: Parsed, path: str) -> _Value:
    if not parsed.title:
        return _Value(PurePath(path).stem.replace("_", " "), "name")
    first = parsed.pages[0].text if parsed.pages else ""
    return _Value(parsed.title, "page:1" if squash(parsed.title) in squash(first) else "properties")


def _own_publisher(parsed: Parsed) -> _Value:
    if printed := printed_publisher(parsed):
        return _Value(normalise(printed.value), printed.origin)
    author = known_publisher(parsed.author)
    return _Value(normalise(parsed.author), "properties") if author else _NOTHING


def _own_licence(parsed: Parsed) -> _Value:
    printed = printed_licence(parsed)
    return _Value(normalise(printed.value), printed.origin) if printed else _NOTHING


def _language(given: _Value | None, parsed: Parsed) -> _Value:
    for language in LANGUAGES:
        if given and given.text.lower().startswith(language):
            return _Value(language, given.origin)
    letters: Counter[Language] = Counter()
    for page in parsed.pages:
        letters[page.language] += len(page.text)
    return _Value(letters.most_common(1)[0][0] if letters else "en", "text")


def _country(given: _Value | None, publisher: _Value, origin: str, language: _Value) -> _Value:
    countries: tuple[Country, ...] = get_args(Country)
    if given and given.text.lower() in countries:
        return _Value(given.text.lower(), given.origin)
    if known := known_publisher(publisher.text):
        return _Value(known.country, "publisher")
    for country, words in _COUNTRY_WORDS:
        if words.search(publisher.text):
            return _Value(country, "publisher")
    if origin.lower().startswith("alphagov/"):
        return _Value("uk", "told")
    return _Value("jp" if language.text == "ja" else "other", "text")  # who writes in English may be anywhere


def _document_type(given: _Value | None, title: str) -> _Value:
    document_types: tuple[DocumentType, ...] = get_args(DocumentType)
    if given and given.text.lower() in document_types:
        return _Value(given.text.lower(), given.origin)
    found = (kind for kind, words in _TYPE_WORDS if re.search(words, title, re.IGNORECASE))
    return _Value(next(found, "other"), "title")


def _published(given: _Value | None, title: _Value, parsed: Parsed, path: str) -> _Value:
    """The date that was given, else the one printed, else the title's year, else what name and properties say."""
    if given and (told := read_date(given.text) or year_in(given.text)):
        return _Value(told, given.origin)
    year = year_in(title.text)
    printed = printed_date(parsed)
    if printed and (not year or printed.value.startswith(year)):
        return _Value(printed.value, printed.origin)
    if year:
        return _Value(year, "title")
    name = _NAME_DATE.search(PurePath(path).stem)
    if name and (dated := read_date("-".join(part for part in name.groups() if part))):
        return _Value(dated, "name")
    own = read_date(parsed.published)
    return _Value(own, "properties") if own else _NOTHING
