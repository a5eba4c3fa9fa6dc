"""The catalogue is complete, both languages name the same facts, and code and catalogue agree on the keys."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from kb.i18n import Texts, catalogue, text

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "kb").rglob("*.py"))
_LITERAL = re.compile(r"""["']([a-z]+(?:[._-][a-z_0-9-]+)*\.[a-z_0-9.-]+)["']""")
_PATTERN = re.compile(r"""f["']((?:[a-z_-]*\.)+)\{""")
_BUILT = re.compile(r"""f["'](\{key\}|error)\.""")
FROM_DATA = ("error.", "publisher.")
"""Texts of errors belong to the codes and reasons of kb.errors; publishers are looked for by their names."""


def _facts(value: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(value) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_name_the_same_facts(key):
    """A singular may leave out its number."""
    entry = catalogue()[key]
    assert entry.en
    assert entry.ja
    for form in entry.en.split("|"):
        assert _facts(form) | {"n"} == _facts(entry.ja) | {"n"}, key


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_no_text_uses_words_of_the_machine_room_or_exclamation_marks(key):
    entry = catalogue()[key]
    assert not re.search(r"chunk|embedding|vector|!|Oops", entry.en, re.IGNORECASE)
    assert not re.search(r"チャンク|埋め込み|ベクトル|！", entry.ja)


def test_every_key_in_the_code_exists():
    families = {key.split(".")[0] for key in catalogue()}
    for source in SOURCES:
        for key in _LITERAL.findall(source.read_text(encoding="utf-8")):
            if (
                key.split(".")[0] in families
                and "/" not in key
                and not key.endswith((".py", ".css", ".js", ".html", ".toml"))
            ):
                assert (
                    key in catalogue() or any(each.startswith(f"{key}.") for each in catalogue()) or _not_a_text(key)
                ), f"{source.name}: {key}"


def test_every_text_is_used():
    code = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    literals = set(_LITERAL.findall(code))
    prefixes = tuple(set(_PATTERN.findall(code)) | {f"{key}." for key in literals})
    unused = [
        key
        for key in catalogue()
        if key not in literals and not key.startswith(prefixes) and not key.startswith(FROM_DATA)
    ]
    assert unused == []


def _not_a_text(key: str) -> bool:
    """Keys of components and of the session share their first word with texts."""
    return key.startswith(("search.", "document.", "playbook.", "add.", "library."))


def test_english_has_a_singular():
    assert text("en", "results.passages", n=1) == "1 passage"
    assert text("en", "results.passages", n=0) == "0 passages"
    assert text("ja", "results.passages", n=1) == "1か所"


def test_whole_numbers_get_separators():
    assert Texts("en")("results.documents", n=12345) == "12,345 documents"


def test_a_missing_key_is_an_error_and_not_a_text():
    with pytest.raises(KeyError):
        text("en", "no.such.key")
