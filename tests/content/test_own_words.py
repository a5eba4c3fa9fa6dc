"""The briefings and the playbook are our own words: no long sentence of theirs stands in an official publication."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from kb.text.normalise import normalise
from tests.content.conftest import briefings, playbook_pages

WORDS, JAPANESE_CHARACTERS = 12, 30

_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n\s*\n|\n\s*[-*#|>]|\|")
_MARKUP = re.compile(r"\]\([^)]*\)|\{#[^}]*\}|<[^>]*>|[*_`\[\]]")
_NO_LETTER = re.compile(r"[\W_]+")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each long sentence, and the form in which two are the same: letters and digits only."""
    for sentence in _END.split(_MARKUP.sub(" ", text)):
        if len(sentence.split()) >= WORDS or len(_JAPANESE.findall(sentence)) >= JAPANESE_CHARACTERS:
            yield " ".join(sentence.split()), _NO_LETTER.sub("", normalise(sentence)).casefold()


def official_text(file: Path) -> str:
    if file.suffix == ".pdf":
        with pypdfium2.PdfDocument(file) as pdf:
            return "\n".join(page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf)
    text = file.read_bytes().decode("utf-8", errors="ignore")
    return html.unescape(re.sub(r"<[^>]*>", " ", text)) if file.suffix == ".html" else text


@pytest.mark.shared
def test_no_long_sentence_is_taken_from_an_official_publication(shared):
    corpus = shared / "corpus"
    if not corpus.is_dir():
        pytest.skip("the official publications are not beside the checkout")
    own = {key: (text.name, shown) for text in (*briefings(), *playbook_pages()) for shown, key in sentences(text.body)}
    assert len(own) > 100
    found: dict[str, object] = {}
    for file in sorted(corpus.rglob("*")):
        if file.suffix in (".pdf", ".md", ".html", ".txt"):
            text = official_text(file)
            joined = re.sub(r"(?<=[\u3041-\u9fff])\n(?=[\u3041-\u9fff])", "", text)
            for _, key in (*sentences(text), *sentences(joined)):
                if key in own:
                    found[key] = (*own[key], file.name)
    assert list(found.values()) == []
