"""Every text the product shows, in English and Japanese, from `texts/*.toml`.

A table with the strings `en` and `ja` is a text; its key is its path (`[search.box]` is `search.box`). Values name
their facts in braces (`{n}`). Where the English depends on a number, it holds both forms with a bar between them,
`{n} passage|{n} passages`, chosen by the fact `n`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from kb.i18n.choice import LANGUAGES, Language

Fact = str | int | float


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in both languages."""

    en: str
    ja: str


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Entry]:
    """Every text by its key; a key defined twice is an error of ours and raises `ValueError`."""
    entries: dict[str, Entry] = {}
    for file in sorted(resources.files("kb.i18n").joinpath("texts").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for key, entry in _entries(tomllib.loads(file.read_text(encoding="utf-8")), ""):
            if key in entries:
                raise ValueError(f"The text {key} stands twice in the catalogue.")
            entries[key] = entry
    return entries


def text(language: Language, key: str, **facts: Fact) -> str:
    """The text `key` in `language` with its facts filled in; whole numbers get thousands separators.

    A missing key raises `KeyError`: the tests hold every key in the code against the catalogue, so a reader never
    meets one.
    """
    entry = catalogue()[key]
    value = entry.ja if language == "ja" else _plural(entry.en, facts.get("n"))
    return value.format(**{name: _shown(fact) for name, fact in facts.items()})


def has_text(key: str) -> bool:
    """Whether the catalogue holds `key`: for keys that come from data, such as the code of a problem."""
    return key in catalogue()


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogue in one language: `t = Texts("ja"); t("search.button")`."""

    language: Language

    def __call__(self, key: str, **facts: Fact) -> str:
        """The text `key` with its facts filled in."""
        return text(self.language, key, **facts)

    @property
    def other(self) -> Language:
        """The language this one can be switched to."""
        return next(language for language in LANGUAGES if language != self.language)


def _plural(value: str, n: Fact | None) -> str:
    if n is None or "|" not in value:
        return value
    one, many = value.split("|", 1)
    return one if n == 1 else many


def _shown(fact: Fact) -> str:
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _entries(table: Mapping[str, object], path: str) -> Iterator[tuple[str, Entry]]:
    en, ja = table.get("en"), table.get("ja")
    if isinstance(en, str) and isinstance(ja, str):
        yield path, Entry(en.strip("\n"), ja.strip("\n"))
    elif isinstance(en, str) or isinstance(ja, str):
        raise ValueError(f"The text {path} lacks a language.")
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, f"{path}.{name}" if path else name)
