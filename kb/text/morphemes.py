"""The words of Japanese text, as a dictionary knows them. Only this module imports Sudachi.

Japanese is written without spaces. Pairs of characters find every name and every substring, but they weigh 確認 no
more than 認を, which stands in everything. Words are what a query is about, so the words leg ranks by them (Takaoka et
al., Sudachi: a Japanese tokenizer for business, LREC 2018) and keeps the pairs for what no dictionary holds.
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

MARK = "|"
"""Begins the term of a morpheme, so that 確認 the word is no other than the pair of characters 確認."""

_MOST_CHARACTERS = 3_000
"""Characters read at a time. Sudachi refuses more than 49,149 bytes, counted after a normalisation of its own, which
makes some characters many times longer."""

_BLOCK = re.compile(rf"[^\n]{{1,{_MOST_CHARACTERS}}}")
_JAPANESE = re.compile(r"[\u3041-\u309f\u30a1-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_GRAMMAR = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白"})
"""Parts of speech that say nothing by themselves: particles, auxiliaries, symbols and spaces."""

_local = threading.local()


class Morpheme(NamedTuple):
    """A word of Japanese in its dictionary form (取り組み for 取組) and where it stands: characters `[start, end)`."""

    form: str
    start: int
    end: int

    @property
    def term(self) -> str:
        """What stands for it in the words leg."""
        return MARK + self.form


def morphemes(text: str) -> Iterator[Morpheme]:
    """Words of normalised `text` written in kana or kanji, in order; long compounds in their shortest words."""
    for block in _BLOCK.finditer(text):
        if not _JAPANESE.search(block.group()):
            continue
        for found in _tokenizer().tokenize(block.group()):
            if found.part_of_speech()[0] in _GRAMMAR:
                continue
            form = found.normalized_form()
            if _JAPANESE.search(form):
                yield Morpheme(form, block.start() + found.begin(), block.start() + found.end())


def surfaces(text: str) -> Iterator[str]:
    """`text` in words, particles, marks and spaces, in order; joined they are the text again."""
    end = 0
    for block in _BLOCK.finditer(text):
        yield from filter(None, [text[end : block.start()]])
        end = block.end()
        if _JAPANESE.search(block.group()):
            yield from filter(None, (each.surface() for each in _tokenizer().tokenize(block.group())))
        else:
            yield block.group()
    yield from filter(None, [text[end:]])


def dictionary_version() -> str:
    """The release of the dictionary: another may know other words."""
    return f"{importlib.metadata.version('sudachipy')}, {importlib.metadata.version('sudachidict-small')}"


def _tokenizer() -> Any:
    """A tokenizer of this thread's own, for Sudachi's may not be shared; made in microseconds, of one dictionary."""
    if not hasattr(_local, "tokenizer"):
        from sudachipy import SplitMode

        _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
    return _local.tokenizer


@functools.cache
def _dictionary() -> Any:
    """The dictionary, mapped into memory."""
    from sudachipy import Dictionary

    return Dictionary(dict="small")
