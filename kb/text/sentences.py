"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"\n+|[。！？!?]+[」』)）]*(?=[^\s。！？!?」』)）])|(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)[.!?][\"'”’)\]]*\s+(?=[^a-z\s])"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences of `text`, in order, without white space at their ends; a line ends a sentence too."""
    begin = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        sentence = text[begin:end]
        if sentence.strip():
            yield begin + len(sentence) - len(sentence.lstrip()), begin + len(sentence.rstrip())
        begin = end
