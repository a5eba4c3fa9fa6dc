"""The words of Japanese text, as a dictionary knows them. Only this module imports Sudachi.

Japanese is written without spaces. Pairs of characters find every name and every substring, but they weigh 確認 no
more than 認を, which stands in everything. Words are what a query is about, so the words leg ranks by them (Takaoka et
al., Sudachi: a Japanese tokenizer for business, LREC 2018) and keeps the pairs for what no dictionary holds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

MARK = "|"
"""Begins the term of a morpheme, so that 確認 the word is no other than the pair of characters 確認."""

_MOST_CHARACTERS = 10_000
"""Sudachi refuses texts of more than 49,149 bytes."""

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


def _tokenizer() -> Any:
    """A tokenizer of this thread's own; Sudachi's may not be shared. The dictionary is mapped into memory, once."""
    if not hasattr(_local, "tokenizer"):
        from sudachipy import Dictionary, SplitMode

        _local.tokenizer = Dictionary(dict="small").tokenizer(mode=SplitMode.A)
    return _local.tokenizer
