"""The glossary of both governments' terms, as it stands in `glossary.toml` of the corpus.

```toml
[[term]]
id = "cloud-by-default"
en = "Cloud by Default principle"
ja = "クラウド・バイ・デフォルト原則"
variants_en = ["cloud by default"]
variants_ja = ["クラウドバイデフォルト"]
acronyms = []
definition_en = "…"
definition_ja = "…"
source = "https://…"
```
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.errors import ManifestError
from kb.text.language import Language
from kb.text.normalise import normalise, one_line

_log = logging.getLogger(__name__)

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("id", "en", "ja")


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """One concept: its name in each language, other ways to write it, what it means and who says so.

    `acronyms` are written alike in both languages. `source` is the address of an official page, or the id
    of a publication of the catalogue (`sources.toml`).
    """

    id: str
    en: str
    ja: str
    variants_en: tuple[str, ...] = ()
    variants_ja: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    definition_en: str = ""
    definition_ja: str = ""
    source: str = ""

    def name(self, language: Language) -> str:
        """The term in `language`."""
        return self.ja if language == "ja" else self.en

    def variants(self, language: Language) -> tuple[str, ...]:
        """Other ways to write it in `language`."""
        return self.variants_ja if language == "ja" else self.variants_en

    def definition(self, language: Language) -> str:
        """What it means, in `language`."""
        return self.definition_ja if language == "ja" else self.definition_en

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every way to write it, names first."""
        return (self.en, self.ja, *self.variants_en, *self.variants_ja, *self.acronyms)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms in the order of their file. `by_surface` has them by every way to write them, as `surface_key` has it."""

    terms: tuple[GlossaryTerm, ...]
    by_surface: Mapping[str, tuple[GlossaryTerm, ...]]

    def find(self, surface: str) -> tuple[GlossaryTerm, ...]:
        """The terms that are written like `surface`, whatever width and case its letters have; usually one or none."""
        return self.by_surface.get(surface_key(surface), ())


class GlossaryFile:
    """The glossary in a file, for those who can do without it: one that cannot be read leaves what was read last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = Glossary((), {})
        self._problem = ""

    def usable(self) -> Glossary:
        """The glossary as it was when it could last be read; empty where it never could. Never raises."""
        try:
            self._last, self._problem = load_glossary(self._path), ""
        except ManifestError as error:
            if str(error) != self._problem:  # said once, not at every search
                self._problem = str(error)
                _log.warning("%s", error)
        return self._last


def surface_key(surface: str) -> str:
    """The form in which two ways to write a term are the same: NFKC, one space at most, case folded."""
    return one_line(normalise(surface)).casefold()


def load_glossary(path: Path) -> Glossary:
    """The glossary in `path`, read again only when the file has changed; empty where there is no such file.

    Raises `ManifestError`, which names the term and the field that cannot be understood.
    """
    try:
        state = path.stat()
    except OSError:
        return Glossary((), {})
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, *_: int) -> Glossary:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("term", [])
    except (OSError, ValueError) as error:
        raise _refused(path, f"it cannot be read: {error}") from error
    if not isinstance(tables, list):
        raise _refused(path, "it needs a table [[term]] for each term")
    terms = tuple(_term(path, number, table) for number, table in enumerate(tables, 1))
    found: dict[str, list[GlossaryTerm]] = {}
    seen: set[str] = set()
    for term in terms:
        if term.id in seen:
            raise _refused(path, f"the id “{term.id}” stands twice")
        seen.add(term.id)
        for key in dict.fromkeys(map(surface_key, term.surfaces)):
            found.setdefault(key, []).append(term)
    return Glossary(terms, {key: tuple(those) for key, those in found.items()})


def _term(path: Path, number: int, table: object) -> GlossaryTerm:
    if not isinstance(table, dict):
        raise _refused(path, "it needs a table [[term]] for each term")
    where = f"term {number} (“{table.get('id', '')}”)"

    def words(name: str) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            raise _refused(path, f"{where}: “{name}” must be text in quotation marks")
        if name in _REQUIRED and not value.strip():
            raise _refused(path, f"{where} has no “{name}”")
        return one_line(value)

    def several(name: str) -> tuple[str, ...]:
        values = table.get(name, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise _refused(path, f"{where}: “{name}” must be a list of texts")
        return tuple(filter(None, map(one_line, values)))

    if not _ID.fullmatch(words("id")):
        raise _refused(path, f"{where}: an id is lower-case letters, digits and hyphens")
    return GlossaryTerm(
        id=words("id"),
        en=words("en"),
        ja=words("ja"),
        variants_en=several("variants_en"),
        variants_ja=several("variants_ja"),
        acronyms=several("acronyms"),
        definition_en=words("definition_en"),
        definition_ja=words("definition_ja"),
        source=words("source"),
    )


def _refused(path: Path, detail: str) -> ManifestError:
    return ManifestError(
        f"The glossary {path.name} cannot be used: {detail}.",
        remedy="Correct it there.",
        path=str(path),
        reason="glossary",
        detail=detail,
    )
