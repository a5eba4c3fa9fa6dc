"""Text to token ids with the `tokenizers` library alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Spans

_UNKNOWN, _SAYS_NOTHING, _SAYS = range(3)


class TextTokens:
    """A model's tokenizer. `max_tokens` includes the special tokens, which are put around what is left of a text."""

    def __init__(self, file: Path, *, max_tokens: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        special = self._tokenizer.encode("a")
        text = [place for place, is_special in enumerate(special.special_tokens_mask) if not is_special]
        self._before, self._after = special.ids[: text[0]], special.ids[text[-1] + 1 :]
        self._room = max_tokens - len(self._before) - len(self._after)
        self._leads: dict[str, int] = {}
        self._said = np.full(self._tokenizer.get_vocab_size(), _UNKNOWN, np.int8)

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Ids of each text as the network reads them: special tokens around, cut at the end where too long."""
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array([*self._before, *one.ids[: self._room], *self._after], np.int64) for one in encoded]

    def lead(self, prompt: str) -> int:
        """How many tokens of an encoded text are its prompt and what stands before it."""
        texts = [prompt + letter for letter in "ab"]  # a letter may join what stands before it, or not
        first, second = (one.ids for one in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False))
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
        return len(self._before) + sum(1 for _ in same)

    def says_something(self, ids: NDArray[np.int64], lead: int) -> NDArray[np.bool_]:
        """Which tokens of an encoded text hold a letter or a digit; the first `lead` and special tokens never do."""
        for new in set(ids[self._said[ids] == _UNKNOWN].tolist()):
            self._said[new] = _SAYS if re.search(r"[^\W_]", self._tokenizer.decode([new])) else _SAYS_NOTHING
        said: NDArray[np.bool_] = self._said[ids] == _SAYS
        said[:lead] = False
        return said

    def spans(self, text: str, prompt: str) -> Spans:
        """Where in `text` the tokens that say something stand when it is read after `prompt`."""
        if prompt not in self._leads:
            self._leads[prompt] = self.lead(prompt)
        encoded = self._tokenizer.encode(prompt + text, add_special_tokens=False)
        ids = np.array([*self._before, *encoded.ids[: self._room]], np.int64)
        said = self.says_something(ids, self._leads[prompt])[len(self._before) :]
        return spans_in(text, itertools.compress(encoded.offsets, said.tolist()), len(prompt))

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself, without special tokens, however long."""
        return [len(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def spans_in(text: str, offsets: Iterable[tuple[int, int]], prompt_length: int) -> Spans:
    """`offsets` of tokens in prompt and text as spans in the text alone, without the space that some begin with."""
    spans = []
    for begin, stop in offsets:
        start, end = max(begin - prompt_length, 0), stop - prompt_length
        while text[start].isspace():
            start += 1
        spans.append((start, end))
    return tuple(spans)
