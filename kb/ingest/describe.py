"""What is known of a document: as told by its manifest or uploader, else by itself, else by its words."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import get_args

from kb.ingest.parse.parsed import Parsed
from kb.model.references import KEY as REFERENCES
from kb.model.references import read_references, references_in, references_text
from kb.model.works import Country, DocumentType, Metadata
from kb.text.language import LANGUAGES, Language
from kb.text.normalise import normalise, one_line

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
_DATE = re.compile(r"^(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_YEAR = re.compile(r"(?<![\d.])((?:19[89]|20[0-4])\d)(?:年度?)?(?:\s*(?:to|[-‐–—~〜])\s*\d{2,4}(?:年度?)?)?(?!\d)")
"""A year; of a range, which tells what a plan covers, the first."""
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)})\s?(元|\d{{1,2}})\s?年?")


def describe(told: Mapping[str, str], parsed: Parsed, path: str) -> Metadata:
    """Metadata of a document; what is told wins over what the document says, and that over what its words suggest."""
    said = {
        key: str(value) for key, value in parsed.front_matter.items() if isinstance(value, str | int | float | date)
    }
    known = {key: normalise(value).strip() for key, value in {**said, **{k: v for k, v in told.items() if v}}.items()}
    title = one_line(known.get("title") or parsed.title or PurePath(path).stem.replace("_", " "))[:300]
    publisher = known.get("publisher", "")
    language = _language(known.get("language", ""), parsed)
    return Metadata(
        title=title,
        language=language,
        publisher=publisher,
        country=_country(known.get("country", ""), publisher, known.get("source_repo", ""), language),
        document_type=_document_type(known.get("document_type") or known.get("type", ""), title),
        published=_published(known.get("published") or known.get("date", ""), title, parsed.published),
        licence=known.get("licence") or known.get("license", ""),
        source_url=known.get("source_url") or known.get("url", ""),
        supersedes=work_name(known.get("supersedes", "")),
        extra={key: value for key, value in known.items() if key not in _OWN_FIELDS} | dict(_references(told, parsed)),
    )


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


def _language(told: str, parsed: Parsed) -> Language:
    for language in LANGUAGES:
        if told.lower().startswith(language):
            return language
    letters: Counter[Language] = Counter()
    for page in parsed.pages:
        letters[page.language] += len(page.text)
    return letters.most_common(1)[0][0] if letters else "en"


def _country(told: str, publisher: str, origin: str, language: Language) -> Country:
    countries: tuple[Country, ...] = get_args(Country)
    for country in countries:
        if told.lower() == country:
            return country
    for country, words in _COUNTRY_WORDS:
        if words.search(publisher):
            return country
    if origin.lower().startswith("alphagov/"):
        return "uk"
    return "jp" if language == "ja" else "other"  # who writes in English may be anywhere


def _document_type(told: str, title: str) -> DocumentType:
    document_types: tuple[DocumentType, ...] = get_args(DocumentType)
    for document_type in document_types:
        if told.lower() == document_type:
            return document_type
    return next(
        (document_type for document_type, words in _TYPE_WORDS if re.search(words, title, re.IGNORECASE)), "other"
    )


def _published(told: str, title: str, own: str) -> str:
    if match := _DATE.match(told.replace("/", "-")):
        return match.group()
    if year := year_in(told) or year_in(title):
        return year
    match = _DATE.match(own)
    return match.group() if match else ""
