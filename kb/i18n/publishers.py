"""One publisher by its names in both languages: shown in the reader's, found by either."""

from __future__ import annotations

from collections.abc import Iterable

from kb.i18n.catalogue import Entry, catalogue
from kb.i18n.choice import Language

_KNOWN = ("editors", "gds", "digital_agency")


def publisher_name(language: Language, name: str) -> str:
    """The name of a publisher in `language`; as it is where we know no other."""
    return next((each.ja if language == "ja" else each.en for each in _known() if name in (each.en, each.ja)), name)


def same_publishers(names: Iterable[str]) -> tuple[str, ...]:
    """`names` with what the same publishers are called in the other language, each once."""
    found = [known for name in names for known in (name, publisher_name("en", name), publisher_name("ja", name))]
    return tuple(dict.fromkeys(found))


def _known() -> list[Entry]:
    return [catalogue()[f"publisher.{each}"] for each in _KNOWN]
