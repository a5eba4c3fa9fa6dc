"""What a document prints about itself: who publishes it, when, and under which licence.

Only what stands where a cover or an imprint has it is taken: a name or a date on a line of its own on the first page, a
licence in a sentence that grants it. What a text merely speaks of is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.i18n import KnownPublisher, known_publishers
from kb.ingest.parse.parsed import Parsed
from kb.text.dates import FoundDate, dates_in
from kb.text.normalise import normalise, one_line

_HEAD_CHARACTERS, _FOOT_CHARACTERS = 3_000, 2_000
"""Of a page; further inside it is text."""
_COVER_LINES = 30
_FIRST_PAGES = 4
"""A licence is granted on one of these, or on the last page."""
_BESIDE_DATE = 12
"""Characters that may stand beside a date on its line."""
_BESIDE_PUBLISHER = 30
"""Characters that may follow a publisher on its line, such as the name of a division."""
_BRACKETS = re.compile(r"\s*\([^)]*\)$")
_PUBLISHED_BY = re.compile(
    r"^(?:published|issued|prepared)\sby:?\s+|^(?:発行(?:元|者|機関)?|作成(?:者)?|編集)\s?[:/]?\s?", re.I
)
_COPYRIGHT = re.compile(r"^(?:©\s*)?Crown copyright\s*(?:©\s*)?", re.IGNORECASE)
_SENTENCE = re.compile(r"[。.!?](?:\s|$)|[、,]$")

_GRANTS = re.compile(
    r"(?:licen[sc]ed|available|released|provided|re-?used?|published)\b.{0,120}?\b(?:under|with|terms)\b(?P<after>.{0,160})"
    r"|licen[sc]e\s?[:=]\s?(?P<stated>.{0,120})"
    r"|(?P<before>.{0,100})(?:に準拠|の下で|のもとで|に基づ[きく]|に従[いっ]|により(?:提供|利用|公開)|を適用|で提供)"
    r"|ライセンス(?:は|\s?:)(?P<japanese>.{0,100})",
    re.IGNORECASE | re.DOTALL,
)
_VERBOSE = re.IGNORECASE | re.VERBOSE
_LICENCES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"""Open\sGovernment\sLicen[cs]e(?:,?\s(?:v(?:ersion)?\s?)?(?P<v>[123](?:\.0)?))?
              | \bOGL\s?v?(?P<w>[123](?:\.0)?)""",
            _VERBOSE,
        ),
        "OGL v{}",
    ),
    (
        re.compile(
            r"公共データ利用規約\s?(?:\(?第?(?P<v>1\.0)版?\)?)? | \bPDL\s?(?P<w>1\.0) | Public\sData\sLicense", _VERBOSE
        ),
        "公共データ利用規約（第{}版）",
    ),
    (re.compile(r"政府標準利用規約\s?\(?第?(?P<v>[12]\.\d)版?\)?"), "政府標準利用規約（第{}版）"),
    (re.compile(r"\bCC\s?0(?:\s1\.0)?\b"), "CC0 1.0"),
    (
        re.compile(
            r"""(?:\bCC | Creative\sCommons(?:\sCC)? | クリエイティブ・コモンズ)[\s・-]?
              (?:BY | Attribution | ライセンス\s?表示 | \(?表示)(?P<sa>[\s-](?:SA|ShareAlike)|-継承)?
              [\s-]?(?P<v>[234]\.\d)?""",
            _VERBOSE,
        ),
        "CC BY {}",
    ),
)
_NEWEST = {"OGL v{}": "3.0", "公共データ利用規約（第{}版）": "1.0", "CC BY {}": "4.0"}
"""The version that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stands: `page:1`, or another page."""

    value: str
    origin: str


def printed_publisher(parsed: Parsed) -> Found | None:
    """A publisher we know that stands on a line of the first page, by its name in the language of that page."""
    for line in _cover(parsed):
        plain = _PUBLISHED_BY.sub("", _folded(line))
        if not _SENTENCE.search(plain):
            for name, publisher in _names():
                if _begins_with(plain, name) and len(plain) - len(name) <= _BESIDE_PUBLISHER:
                    return Found(publisher.en if name.isascii() else publisher.ja, "page:1")
    return None


def known_publisher(name: str) -> KnownPublisher | None:
    """The publisher that `name` is a name of, in either language."""
    wanted = _folded(name)
    return next((publisher for known, publisher in _names() if known == wanted), None)


def printed_date(parsed: Parsed) -> Found | None:
    """The date that stands alone on a line of the first page, the most precise of its year."""
    found: list[FoundDate] = []
    for line in _cover(parsed):
        found += [
            each
            for each in dates_in(line)
            if len(_COPYRIGHT.sub("", line)) - (each.end - each.start) <= _BESIDE_DATE and _is_plausible(each, line)
        ]
    if not found:
        return None
    of_year = [each for each in found if each.iso[:4] == found[0].iso[:4]]
    return Found(max(of_year, key=lambda each: len(each.iso)).iso, "page:1")


def printed_licence(parsed: Parsed) -> Found | None:
    """The licence that a sentence on one of the first pages or the last grants."""
    for number, text in _imprints(parsed):
        for grant in _GRANTS.finditer(text):
            words = next((part for part in grant.groups() if part is not None), "")
            if licence := licence_in(words):
                return Found(licence, f"page:{number}")
    return None


def licence_in(text: str) -> str:
    """The licence that `text` names first, written as we write it; empty where it names none."""
    found: list[tuple[int, str]] = []
    for pattern, written in _LICENCES:
        if match := pattern.search(text):
            groups = match.groupdict()
            version = groups.get("v") or groups.get("w") or _NEWEST.get(written, "")
            version += ".0" if version in ("1", "2", "3") else ""
            name = written.replace("BY", "BY-SA") if groups.get("sa") else written
            found.append((match.start(), name.format(version)))
    return min(found)[1] if found else ""


def _cover(parsed: Parsed) -> list[str]:
    """The first lines of the first page with text."""
    first = next((page.text for page in parsed.pages if page.text.strip()), "")
    lines = [one_line(line) for line in first[:_HEAD_CHARACTERS].split("\n")]
    return [line for line in lines if line][:_COVER_LINES]


def _imprints(parsed: Parsed) -> Iterator[tuple[int, str]]:
    """Pages on which a licence is granted, by number: of a document without pages its beginning and its end."""
    pages = [page for page in parsed.pages if page.text.strip()]
    if not parsed.paged:
        for page in pages:
            yield (
                page.number,
                one_line(f"{page.text[:_HEAD_CHARACTERS]}\n{page.text[_HEAD_CHARACTERS:][-_FOOT_CHARACTERS:]}"),
            )
        return
    chosen = {page.number: page.text for page in (*pages[:_FIRST_PAGES], *pages[-1:])}
    for number, text in chosen.items():
        yield number, one_line(text)


def _begins_with(line: str, name: str) -> bool:
    """Whether `line` begins with a name; a Japanese one may go on with the name of a division."""
    return line.startswith(name) and not (name.isascii() and line[len(name) : len(name) + 1].isalnum())


def _is_plausible(each: FoundDate, line: str) -> bool:
    """Whether it is a date and no number: a year alone has to say that it is one, or that it is Crown copyright."""
    return len(each.iso) > 4 or line[each.end - 1] == "年" or _COPYRIGHT.match(line) is not None


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, KnownPublisher], ...]:
    """Folded names, longest first; without what stands in brackets they are names too, where no other has the same."""
    names: dict[str, KnownPublisher] = {}
    for publisher in known_publishers():
        names |= {_folded(publisher.en): publisher, _folded(publisher.ja): publisher}
    for publisher in known_publishers():
        for name in (publisher.en, publisher.ja):
            names.setdefault(_BRACKETS.sub("", _folded(name)), publisher)
    return tuple(sorted(names.items(), key=lambda entry: -len(entry[0])))


def _folded(name: str) -> str:
    return one_line(normalise(name)).replace("\u2019", "'").replace(" & ", " and ").casefold()
