"""Words broken over two lines: which hyphens were put in by typesetting and which belong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.ingest.parse.lines import glue
from kb.text.language import Language

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD, _FIRST_WORD = re.compile(r"[^\W_]*$"), re.compile(r"[^\W_]*")
_BROKEN = re.compile(r"[a-z]-$")


def join_lines(text: str, following: str, hyphenated: bool, language: Language, words: Counter[str]) -> str:
    """`text` continued by the next line; `hyphenated`: a hyphen stood between them. `words` are the document's."""
    if not hyphenated and following[:1].islower() and _BROKEN.search(text):
        text, hyphenated = text[:-1], True
    if not hyphenated:
        return text + glue(text, following, language) + following
    left, right = _LAST_WORD.search(text), _FIRST_WORD.match(following)
    head, tail = left.group() if left else "", right.group() if right else ""
    return text + ("" if _is_one_word(head, tail, words) else "-") + following


def _is_one_word(head: str, tail: str, words: Counter[str]) -> bool:
    """Whether a hyphen between `head` and `tail` only broke a word: the document's other words decide."""
    if not (head.isalpha() and tail.isalpha()) or not tail.islower():
        return False
    if words[f"{head}{tail}".lower()]:
        return True
    if words[f"{head}-{tail}".lower()]:
        return False
    return not (words[head.lower()] and words[tail.lower()])


def count_words(texts: Sequence[str]) -> Counter[str]:
    """Words of a document in lower case, compounds with their hyphens besides their parts."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(text.lower()):
            counts[word] += 1
            if "-" in word:
                counts.update(word.split("-"))
    return counts
