"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"\n+|[。！？!?]+[」』)）]*(?=[^\s。！？!?」』)）])"
    r"|(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)[.!?][\"'”’)\]]*\s+(?=[^a-z\s])"
)
_MARKS = tuple(".!?:;。！？」』)）】:：|")
_FULL = {True: 25, False: 60}
"""Characters from which a line without a mark at its end is taken to go on in the next: Japanese, and other ones."""
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
BREAK = re.compile(r"(?<=[\u3041-\u30ff\u3400-\u9fff、])\n(?=[\u3041-\u30ff\u3400-\u9fff])")
"""A line break in the middle of Japanese, where a space would be wrong."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences of `text`, in order, without white space at their ends; most lines end a sentence too."""
    begin = 0
    for end in (*_ends(text), len(text)):
        sentence = text[begin:end]
        if sentence.strip():
            yield begin + len(sentence) - len(sentence.lstrip()), begin + len(sentence.rstrip())
        begin = end


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if match.group() != "\n" or not _goes_on(text[text.rfind("\n", 0, match.start()) + 1 : match.start()]):
            yield match.end()


def _goes_on(line: str) -> bool:
    """Whether a line was broken where the paper ended, and not the sentence."""
    return not line.rstrip().endswith(_MARKS) and len(line) >= _FULL[bool(_JAPANESE.search(line))]
