"""One publisher by its names in both languages: shown in the reader's, found by either."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from kb.i18n.choice import Language


@dataclass(frozen=True, slots=True)
class KnownPublisher:
    """A publisher by its name in each language, and the country it belongs to: uk, jp or both."""

    en: str
    ja: str
    country: str


@lru_cache(maxsize=1)
def known_publishers() -> tuple[KnownPublisher, ...]:
    """Every publisher whose name we know in both languages, in the order of the catalogue."""
    listed = resources.files("kb.i18n").joinpath("texts", "publishers.toml").read_text(encoding="utf-8")
    return tuple(KnownPublisher(**each) for each in tomllib.loads(listed)["publisher"].values())


def publisher_name(language: Language, name: str) -> str:
    """The name of a publisher in `language`; as it is where we know no other."""
    known = next((each for each in known_publishers() if name in (each.en, each.ja)), None)
    if known is None:
        return name
    return known.ja if language == "ja" else known.en


def same_publishers(names: Iterable[str]) -> tuple[str, ...]:
    """`names` with what the same publishers are called in the other language, each once."""
    found = [known for name in names for known in (name, publisher_name("en", name), publisher_name("ja", name))]
    return tuple(dict.fromkeys(found))
